"""Whether a repair has worked, from the leak rates before and after it."""
