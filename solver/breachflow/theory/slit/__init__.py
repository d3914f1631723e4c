"""The planar slit in a thin wall, by free-streamline theory."""
