"""Geometry and names: meshes, their faces, their metric, their files."""

from breachflow.mesh.mesh import Mesh, Surface
from breachflow.mesh.metric import Metric, compute_metric
from breachflow.mesh.ordering import reverse_cuthill_mckee
from breachflow.mesh.topology import build_mesh, renumber

__all__ = ["Mesh", "Metric", "Surface", "build_mesh", "compute_metric", "renumber", "reverse_cuthill_mckee"]
