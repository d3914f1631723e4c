"""Arguments of functions that answer without a case, checked and read."""
