"""Workers that compute solutions: processes on this machine, or workers of a dask scheduler."""
