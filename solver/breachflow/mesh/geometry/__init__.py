"""Lengths, areas, volumes and angles of cells and faces: in the plane, and in space."""
