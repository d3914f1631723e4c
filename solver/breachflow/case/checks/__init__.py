"""What the keys of a case must satisfy together."""
