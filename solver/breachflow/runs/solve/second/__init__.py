"""A second solution of a mesh, which tells what the first one depends on."""
