"""The command line: one module for each command in `commands`, what they share, what they print."""
