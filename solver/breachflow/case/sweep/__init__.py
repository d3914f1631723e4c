"""The table `[sweep]` of a case: its keys, values, checks and points."""
