"""The table `[initial]`: the gas at the start of a run."""
