"""Laws fitted to flows that this program computed."""
