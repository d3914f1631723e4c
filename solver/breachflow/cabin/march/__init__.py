"""The way through time: steps, what is watched, what changes."""
