"""From pressure records to the leak: how large, of which law, where, changed, repaired."""
