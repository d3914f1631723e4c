"""Laws fitted to computed flows."""
