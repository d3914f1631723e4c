"""The picture in space: what is drawn, and the process that draws it."""
