"""Measurements in a solution: flow rate, Mach disk, probes, mesh uncertainty."""
