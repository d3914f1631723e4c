"""Workers that solve flows: processes on this machine, or those of a dask scheduler."""
