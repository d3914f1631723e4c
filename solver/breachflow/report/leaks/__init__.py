"""Pictures and pages of what is told from pressure records: smallest leaks, and where a leak is."""
