"""What is said of a march: numbers, texts, the result file."""
