"""Where case, mesh, physics and numerics meet: steady and transient runs, monitors, the summary."""
