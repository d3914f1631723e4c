"""The commands: the module NAME holds the command `breachflow NAME`; the list of commands is this folder."""
