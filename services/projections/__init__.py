"""Views: what people and agents read, folded row by row from the log."""
