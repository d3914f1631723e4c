"""Validation: cases run against the numbers they must give, as their `expected.toml` states them."""
