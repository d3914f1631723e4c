"""A case made ready for the kernels: meshes, units, boundary states, the initial state."""
