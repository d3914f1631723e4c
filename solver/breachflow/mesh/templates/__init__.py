"""Parametric meshes: one file a template."""

from breachflow.mesh.templates.orifice import OrificeShape, orifice_family, orifice_mesh

__all__ = ["OrificeShape", "orifice_family", "orifice_mesh"]
