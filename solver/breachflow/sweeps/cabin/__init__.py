"""Sweeps of cabins: each case is its own solution."""
