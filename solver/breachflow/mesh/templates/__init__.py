"""Parametric meshes: one file a family of templates."""

from breachflow.mesh.templates.block import Block, block_family, ramp_mesh
from breachflow.mesh.templates.orifice import OrificeShape, jet_family, orifice_family, orifice_mesh

__all__ = [
    "Block",
    "OrificeShape",
    "block_family",
    "jet_family",
    "orifice_family",
    "orifice_mesh",
    "ramp_mesh",
]
