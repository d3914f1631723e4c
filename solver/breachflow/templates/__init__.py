"""Where the meshes of cases come from: parametric templates, one file each in `library`, and mesh files."""
