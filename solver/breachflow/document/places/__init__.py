"""Places in a document: the lines of its keys, and the annotations that hold there."""
