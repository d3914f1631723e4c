"""Mesh files: `read_mesh` and `write_mesh` by suffix, and a reader and a writer for each format."""
