"""The page of what a pressure record says of a leak, and its pictures."""
