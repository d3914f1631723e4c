"""The measurements of each section of a benchmark."""
