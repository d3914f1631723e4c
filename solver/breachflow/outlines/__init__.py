"""Outlines of holes: closed polygons in the plane of the wall, their sizes, checks and files."""
