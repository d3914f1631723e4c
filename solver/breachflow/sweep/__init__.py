"""Sweeps: many points of one case, each flow solved once."""
