"""The statistics of a pressure record: bins, the law of the fall, noise with a memory, the posterior."""
