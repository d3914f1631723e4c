"""The opening of a mesh: the narrowest section through which all gas must pass between two boundaries."""
