"""Leak laws: which law holds for a breach, and one best estimate of the flow with its uncertainty."""
