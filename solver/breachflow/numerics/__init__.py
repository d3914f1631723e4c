"""Loops over cells and faces: they know no physics, only where numbers lie."""
