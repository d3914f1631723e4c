"""The discretization in space: gradients, reconstruction, fluxes, the residual."""
