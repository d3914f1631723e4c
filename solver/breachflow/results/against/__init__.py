"""A result against another one: what a user looks at after changing anything."""
