"""Which leak law holds for a breach, and one best estimate with its uncertainty."""
