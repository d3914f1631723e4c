"""The risk of a fast leak: from distributions of hole sizes to the probability of too short a time."""
