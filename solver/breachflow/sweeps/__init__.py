"""Sweeps: a case over lists and ranges of its values. Each flow is solved once."""
