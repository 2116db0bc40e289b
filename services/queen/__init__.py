"""QUEEN: the process manager. It counts what the others record, and says when a stage or a run is over."""
