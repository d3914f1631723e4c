"""Validation: cases are run and their numbers compared with the references in their `expected.toml`."""
