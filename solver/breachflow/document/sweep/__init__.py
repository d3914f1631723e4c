"""The table `[sweep]` of a case: its form, keys, values, checks and points."""
