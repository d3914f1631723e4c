"""The case of a record: its file, and what is known beside it."""
