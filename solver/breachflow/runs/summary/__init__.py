"""Summary of a run: its quantities, cautions, and the closed forms beside them."""
