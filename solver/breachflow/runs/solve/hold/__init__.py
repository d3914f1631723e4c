"""Holding a part of a flow that does not settle while the rest does."""
