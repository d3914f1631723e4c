"""Runs: a case set up on its meshes, solved, measured and summed up."""
