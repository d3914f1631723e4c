"""The report on a table."""
