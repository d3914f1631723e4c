"""What differs between two files, as lines of text and as JSON: one file for each kind."""
