"""The page of a validation, in Markdown."""
