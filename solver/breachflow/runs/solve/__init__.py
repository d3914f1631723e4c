"""Steady, transient and verification runs."""
