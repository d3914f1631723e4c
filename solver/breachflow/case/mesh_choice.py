"""The `[mesh]` table: which keys belong to which template, or to a mesh file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from breachflow.case.quantities import ANGLE, POSITION
from breachflow.document.fields import QuantityPair
from breachflow.document.paths import PathField
from breachflow.document.table import Table

FILE: Final = "file"

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "orifice": ("template", "resolution", "cabin_extent", "plume_extent"),
    "jet": ("template", "resolution", "plume_extent"),
    "block": (
        "template", "geometry", "x", "y", "cells", "elements", "distortion", "levels", "turn", "mirror",
    ),
    "ramp": ("template", "geometry", "x", "y", "cells", "angle"),
    FILE: ("file", "geometry", "unit"),
}  # fmt: skip
"""The keys of each template, and of a mesh file."""

WITH_HOLE: Final = ("orifice", "jet", FILE)
"""Meshes in which `[orifice]` says where the gas goes."""


class Resolution(Table):
    """An explicit mesh resolution."""

    example = "{ across = 40 }"

    across: int = Field(
        ge=8, le=320, multiple_of=4, description="Cells over half the opening; a multiple of 4."
    )


MOST_CELLS: Final = 4096
"""Along either side of a block."""


def _counts(value: object) -> tuple[int, ...]:
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not all(type(count) is int and 1 <= count <= MOST_CELLS for count in pair):
        raise ValueError(f"must be two whole numbers from 1 to {MOST_CELLS}, e.g. [64, 32]")
    return pair


class MeshChoice(Table):
    """The mesh: a template filled with the orifice's sizes, or a file."""

    template: Literal["orifice", "jet", "block", "ramp"] | None = Field(
        default=None, description="Built-in mesh; orifice if no file is given."
    )
    resolution: Annotated[
        Annotated[Literal["coarse", "medium", "fine"], Tag("name")] | Annotated[Resolution, Tag("table")],
        Discriminator(lambda value: "table" if isinstance(value, dict | Resolution) else "name"),
    ] = Field(default="medium", description="Template only: cells at the hole.")
    cabin_extent: float | None = Field(
        default=None,
        ge=3.0,
        le=1000.0,
        description="Template only: radius of the upstream region in diameters (widths); chosen if absent.",
    )
    plume_extent: float | None = Field(
        default=None,
        ge=1.5,
        le=2000.0,
        description="Template only: radius of the downstream region in diameters (widths); chosen if absent.",
    )
    file: Annotated[Path | None, PathField()] = Field(
        default=None, description="Mesh file, relative to the case's folder; instead of a template."
    )
    geometry: Literal["planar", "axisymmetric"] | None = Field(
        default=None, description="Files, block and ramp, and required there: what the plane stands for."
    )
    unit: Literal["m", "cm", "mm", "um", "in"] = Field(
        default="m", description="File only: unit of length of the file's coordinates."
    )
    x: Annotated[tuple[float, float] | None, QuantityPair(POSITION)] = Field(
        default=None, description="Block and ramp: where the mesh begins and ends; a ramp rises from x = 0."
    )
    y: Annotated[tuple[float, float] | None, QuantityPair(POSITION)] = Field(
        default=None,
        description="Block and ramp: lower and upper end; a ramp's floor upstream is at the lower.",
    )
    cells: Annotated[tuple[int, int] | None, BeforeValidator(_counts)] = Field(
        default=None, description="Block and ramp: cells along x and y; of a block, on its finest mesh."
    )
    elements: Literal["quadrilaterals", "triangles"] = Field(
        default="quadrilaterals", description="Block only: triangles cut each quadrilateral in two."
    )
    distortion: float = Field(
        default=0.0,
        ge=0.0,
        le=0.6,
        description="Block only: inner points are moved at random by up to half this share of the spacing.",
    )
    levels: int = Field(
        default=3, ge=1, le=6, description="Block only: meshes of which each halves the cells of the last."
    )
    turn: Annotated[float, ANGLE] = Field(
        default=0.0,
        description="Block only: angle by which mesh and solution are turned about the origin.",
        json_schema_extra={"default": "0 rad"},
    )
    mirror: bool = Field(
        default=False, description="Block only: mesh and solution are mirrored at the x axis before that."
    )
    angle: Annotated[float | None, ANGLE] = Field(
        default=None, description="Ramp only: angle by which the wall rises (or falls) from x = 0."
    )

    @model_validator(mode="before")
    @classmethod
    def _orifice_unless_file(cls, data: Any) -> Any:
        if isinstance(data, dict) and "file" not in data and "template" not in data:
            return {"template": "orifice", **data}
        return data

    def keys_in_use(self) -> tuple[str, ...]:
        """The keys of the template, or of a mesh file."""
        return KEYS[self.source]

    @property
    def source(self) -> str:
        """The template's name, or that it is a file."""
        return self.template or FILE

    @property
    def has_hole(self) -> bool:
        """Whether the mesh is one of a hole."""
        return self.source in WITH_HOLE


def owners(name: str, source: str) -> str:
    """What kind of mesh a key belongs to that is not one of this source."""
    if source == FILE:
        return "a mesh from a template"
    homes = [home for home, keys in KEYS.items() if name in keys]
    templates = " or ".join(f'"{home}"' for home in homes if home != FILE)
    files = ["a mesh from a file"] if FILE in homes else []
    return " or to ".join([*files, *([f"the template {templates}"] if templates else [])])
