"""Parts of a result for programs that do not read HDF5: columns, lines through the fields, VTU."""
