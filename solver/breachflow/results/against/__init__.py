"""A file against another one of its kind: what a user looks at after changing anything."""
