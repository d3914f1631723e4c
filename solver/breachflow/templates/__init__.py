"""Parametric meshes: one file a family of templates."""

from breachflow.templates.block import Block, block_family, ramp_mesh
from breachflow.templates.orifice import (
    Blocks,
    OrificeShape,
    family_blocks,
    jet_family,
    orifice_family,
    orifice_mesh,
)

__all__ = [
    "Block",
    "Blocks",
    "OrificeShape",
    "block_family",
    "family_blocks",
    "jet_family",
    "orifice_family",
    "orifice_mesh",
    "ramp_mesh",
]
