"""Files that people have: bytes in, rows out, and what each row becomes. Pure; no file is opened here."""
