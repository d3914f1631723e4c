"""The gas at the start as `[initial]` states it: regions on the mesh, and their states."""
