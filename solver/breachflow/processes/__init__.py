"""Processes that this program starts."""
