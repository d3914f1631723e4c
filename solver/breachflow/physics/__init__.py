"""Pointwise physics: the numbers of one face or one cell in, numbers out; no array, no loop, no index."""
