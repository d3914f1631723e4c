"""One best estimate from several laws, by shares that change smoothly."""
