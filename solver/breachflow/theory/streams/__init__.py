"""Ideal streams: nozzles, shocks, cones, ducts with friction, free jets."""
