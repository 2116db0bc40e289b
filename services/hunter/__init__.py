"""HUNTER: turns the rows of a file, or an invented source, into leads, duplicates and refusals."""
