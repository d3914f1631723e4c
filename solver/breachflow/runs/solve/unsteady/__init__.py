"""Flow without a steady state: found out, marched through in time, and known by its mean."""
