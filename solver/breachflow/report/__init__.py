"""Pages of a result, of the table of a sweep and of a validation. The only importer of matplotlib."""
