"""Mesh files: Gmsh and VTK."""
