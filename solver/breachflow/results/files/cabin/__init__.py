"""The result of a cabin as a file, and what it must hold."""
