"""A pressure record: read from a file or from arrays, cut to what counts, and looked at before any fit."""
