"""What `check` says of cases that are no flows: what happens on their way."""
