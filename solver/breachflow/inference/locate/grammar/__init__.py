"""The file of a leak to be located: its tables, and what they must satisfy together."""
