"""Who is left alone: what a person may put on that list, and what becomes of it."""
