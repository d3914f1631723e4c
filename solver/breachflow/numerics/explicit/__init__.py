"""Time-accurate steps, each cell with a step of its own length."""
