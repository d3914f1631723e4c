"""Sweeps: a case over lists and ranges of its values, planned, resumable, each flow solved once."""
