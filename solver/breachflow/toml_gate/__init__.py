"""TOML of strangers, looked at before it is parsed."""
