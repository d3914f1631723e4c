"""Sweeps of flows: which points are one flow, where a flow starts from, its columns and its law."""
