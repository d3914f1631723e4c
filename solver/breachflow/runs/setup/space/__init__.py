"""Meshes in space: their hole and their planes of symmetry."""
