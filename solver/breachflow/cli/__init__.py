"""The commands: one file each, thin, imported only when called."""
