"""From a measured flow to the opening that has it."""
