"""Where a leak is: hatches are shut, pressures are read, and each reading moves the probabilities."""
