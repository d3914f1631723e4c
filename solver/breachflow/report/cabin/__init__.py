"""The page of the result of a cabin, and its pictures."""
