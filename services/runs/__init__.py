"""What a person asks of a run: to start, to end, to be taken back, to go on. Pure."""
