"""Newton-Krylov steps toward a steady state."""
