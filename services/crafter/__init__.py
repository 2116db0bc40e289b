"""CRAFTER writes first touches: angles as template files, every word about the recipient cited, the guard before all."""
