"""Closed forms and quadratures that judge the solver; they share no code with physics or numerics."""
