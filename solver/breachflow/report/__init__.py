"""Reports for people: a Markdown page with figures. The only importer of matplotlib."""
