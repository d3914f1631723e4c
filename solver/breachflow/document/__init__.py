"""A strict reader of TOML documents; it knows no leak."""
