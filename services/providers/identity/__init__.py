"""Somebody else who knows who a person is."""
