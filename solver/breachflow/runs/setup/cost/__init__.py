"""What a run costs: memory, disk and time, known before it is solved."""
