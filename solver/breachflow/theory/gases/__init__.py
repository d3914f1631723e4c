"""Gases: viscosity, mixtures, and the equation of state of a gas that is not perfect."""
