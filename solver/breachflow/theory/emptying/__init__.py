"""Volumes that empty through a hole."""
