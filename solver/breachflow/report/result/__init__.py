"""The report on a result."""
