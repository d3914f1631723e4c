"""The file of a cabin: its tables, and what they must satisfy together."""
