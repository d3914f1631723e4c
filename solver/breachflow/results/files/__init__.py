"""Result files: HDF5 images made in memory, written at once, sealed, checked before they are read."""
