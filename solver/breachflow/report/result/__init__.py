"""The page of the result of a run."""
