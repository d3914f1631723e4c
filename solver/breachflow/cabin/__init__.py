"""The cabin: compartments that empty through leaks, in days, with hatches, tanks, crew and events."""
