"""The stream tube of a hole, and the dissipation of the gas that is slow in it."""
