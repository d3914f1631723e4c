"""The page of the table of a sweep."""
