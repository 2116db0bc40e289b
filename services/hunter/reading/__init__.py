"""Files that people have: bytes in, rows out. Pure; no file is opened here."""
