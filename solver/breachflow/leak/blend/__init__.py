"""One best estimate from several laws, by weights that change smoothly."""
