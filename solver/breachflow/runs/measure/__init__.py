"""What is measured in a solution: flow rate, Mach disk, probes, mesh uncertainty."""
