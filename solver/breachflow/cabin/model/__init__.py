"""Compartments, what joins them, and the rates of their masses and energies."""
