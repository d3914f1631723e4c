"""Exact solutions of the flow equations in the plane and about an axis."""
