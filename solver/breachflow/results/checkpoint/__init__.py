"""Checkpoints: all that a computation is between two steps, as a file from which it goes on."""
