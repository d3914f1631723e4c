"""Coefficients of holes from published theories and measurements."""
