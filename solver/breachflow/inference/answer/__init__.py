"""What is said of a record: the verdict, numbers with intervals, text for people."""
