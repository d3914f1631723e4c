"""A strict reader and writer of TOML documents, which is handed its models: it knows nothing of leaks."""
