"""Keys of `[mesh]` that several templates share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from breachflow.document.faults import Fault
from breachflow.document.fields import POSITION, LimitError, Missing, QuantityArray
from breachflow.document.table import Table
from breachflow.templates.source import MeshSetting, PlaneGeometry

MOST_CELLS: Final = 4096
"""Most cells along either side of a sheet."""

FINEST: Final = 1e-4
"""Least spacing of cells at a wall over the even one."""

SPAN_EXAMPLE: Final = '["0 m", "1 m"]'


class Resolution(Table):
    """An explicit mesh resolution."""

    example = "{ across = 40 }"

    across: int = Field(
        ge=8, le=320, multiple_of=4, description="Cells over half the opening; a multiple of 4."
    )


NamedResolution: TypeAlias = Annotated[
    Annotated[Literal["coarse", "medium", "fine"], Tag("name")] | Annotated[Resolution, Tag("table")],
    Discriminator(lambda value: "table" if isinstance(value, dict | Resolution) else "name"),
    Field(description="Cells at the hole."),
]

CabinExtent: TypeAlias = Annotated[
    float | None,
    Field(
        ge=3.0,
        le=1000.0,
        description="Radius of the upstream region in diameters (widths); chosen if absent.",
    ),
]

PlumeExtent: TypeAlias = Annotated[
    float | None,
    Field(
        ge=1.5,
        le=2000.0,
        description="Radius of the downstream region in diameters (widths); chosen if absent.",
    ),
]


def _cell_counts(value: object) -> tuple[int, ...]:
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not all(type(count) is int and 1 <= count <= MOST_CELLS for count in pair):
        raise ValueError(f"must be two whole numbers from 1 to {MOST_CELLS}, e.g. [64, 32]")
    return pair


def _spacings(value: object) -> tuple[float, ...]:
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not all(type(one) in (int, float) and FINEST <= one <= 1.0 for one in pair):
        raise ValueError(f"must be two numbers from {FINEST:g} to 1, e.g. [0.05, 0.01]")
    return tuple(float(one) for one in pair)


def rising(span: tuple[float, float]) -> tuple[float, float]:
    """Two coordinates as they are. Raises LimitError unless the first is the smaller."""
    if not span[0] < span[1]:
        raise LimitError(f"must begin below its end; write e.g. {SPAN_EXAMPLE}")
    return span


CellCounts: TypeAlias = Annotated[
    tuple[int, int],
    BeforeValidator(_cell_counts),
    Missing("is missing: cells along x and y; write e.g. [64, 32]"),
]
"""Cells along x and y."""

Spacings: TypeAlias = Annotated[tuple[float, float], BeforeValidator(_spacings)]
"""Spacing of cells along x and y where they are finest, over the even one."""

Span: TypeAlias = Annotated[
    tuple[float, float],
    QuantityArray(POSITION),
    AfterValidator(rising),
    Missing(f"is missing: where the mesh begins and ends; write {SPAN_EXAMPLE}"),
]
"""First and last coordinate, m."""


def length_faults(setting: MeshSetting) -> Iterator[Fault]:
    """A fault where a slit in space has no length."""
    hole = setting.hole
    if hole is not None and hole.shape == "slit" and hole.length is None:
        yield Fault(("orifice", "length"), 'is missing: a slit in space has an end; write e.g. "20 mm"')


def axis_faults(geometry: PlaneGeometry, y: tuple[float, float]) -> Iterator[Fault]:
    """A fault where an axisymmetric sheet begins below its axis."""
    if geometry == "axisymmetric" and y[0] < 0:
        yield Fault(("mesh", "y"), "must not begin below the axis, y = 0, of an axisymmetric mesh")
