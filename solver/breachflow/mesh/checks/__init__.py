"""Checks of points, cells and named faces before they become a mesh; each violation says where it is."""
