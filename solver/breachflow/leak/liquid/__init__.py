"""Leaks of liquids, such as coolant, into vacuum: bounds of the flow, and times to drain."""
