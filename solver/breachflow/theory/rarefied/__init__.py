"""Rarefied gas: free paths, transmission, kinetic theory, short tubes, cracks."""
