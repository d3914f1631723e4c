"""The table `[initial]`: the gas at the start of a run, one state for all of it and others in regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from breachflow.case.quantities import OPENING, PRESSURE_OR_VACUUM, TEMPERATURE, VELOCITY
from breachflow.document.fields import POSITION, LimitError, QuantityArray
from breachflow.document.table import Misplaced, Table
from breachflow.templates.keys import rising

COORDINATES: Final = (2, 3)
"""Coordinates of a point: x and y (axisymmetric: along the axis and radius), in space x, y and z."""

LARGEST_NUMBER: Final = 100.0
"""Largest component of a Mach number or a direction."""

LEAST_NUMBER: Final = 1e-6
"""Least value of the largest component of a direction."""


def _numbers(value: object) -> tuple[float, ...]:
    numbers = tuple(value) if isinstance(value, list | tuple) else ()
    if len(numbers) not in COORDINATES or not all(type(one) in (int, float) for one in numbers):
        raise ValueError("must be an array of two or three numbers, e.g. [1, 0]")
    if not all(abs(one) <= LARGEST_NUMBER for one in numbers):
        raise LimitError(f"must be numbers from -{LARGEST_NUMBER:g} to {LARGEST_NUMBER:g}")
    return tuple(float(one) for one in numbers)


def _not_zero(direction: tuple[float, ...]) -> tuple[float, ...]:
    if max(map(abs, direction)) < LEAST_NUMBER:
        raise ValueError("has no direction; write e.g. [1, 0]")
    return direction


Coordinates: TypeAlias = Annotated[tuple[float, ...], QuantityArray(POSITION, COORDINATES)]
Numbers: TypeAlias = Annotated[tuple[float, ...], BeforeValidator(_numbers)]
Extent: TypeAlias = Annotated[tuple[float, float] | None, QuantityArray(POSITION), AfterValidator(rising)]


Told: TypeAlias = tuple[float | None, float | None]
"""Pressure, Pa, and temperature, K; None where it is not told."""


class InitialState(Table):
    """A state of the gas: by numbers, or that of a boundary."""

    like: str | None = Field(
        default=None, description="Name of a boundary whose pressure, temperature and velocity the gas has."
    )
    pressure: Annotated[float | None, PRESSURE_OR_VACUUM] = Field(
        default=None, description="Static pressure, absolute; 0 Pa is a vacuum."
    )
    temperature: Annotated[float | None, TEMPERATURE] = Field(default=None, description="Static temperature.")
    velocity: Annotated[tuple[float, ...] | None, QuantityArray(VELOCITY, COORDINATES)] = Field(
        default=None, description="Velocity in x and y (axisymmetric: axial and radial), in space in z too."
    )
    mach: Numbers | None = Field(default=None, description="Mach number in x and y, in place of velocity.")

    @property
    def numbers(self) -> tuple[str, ...]:
        """The keys with numbers that the case gives."""
        keys = ("pressure", "temperature", "velocity", "mach")
        return tuple(key for key in keys if getattr(self, key) is not None)

    def told(self, boundaries: Mapping[str, object], base: Told = (None, None)) -> Told:
        """Pressure, Pa, and temperature, K: stated, or those of the boundary, or else of the `base`."""
        if self.like is not None:
            boundary = boundaries.get(self.like)
            return getattr(boundary, "pressure", None), getattr(boundary, "temperature", None)
        pressure, temperature = base
        return pressure if self.pressure is None else self.pressure, self.temperature or temperature


class BoxRegion(InitialState):
    """A rectangle or a box along the coordinates, endless where a side is absent."""

    misplaced: ClassVar = {"center": Misplaced('a box has sides: write x = ["0 mm", "10 mm"] and so on')}

    shape: Literal["box"]
    x: Extent = Field(default=None, description="Where it begins and ends along x.")
    y: Extent = Field(
        default=None, description="Where it begins and ends along y (axisymmetric: the radius)."
    )
    z: Extent = Field(default=None, description="Where it begins and ends along z, in space.")


class BallRegion(InitialState):
    """A disk in the plane, a ball in space; axisymmetric: a ball on the axis, or else a ring."""

    shape: Literal["ball"]
    center: Coordinates = Field(description="Its middle.")
    radius: Annotated[float, OPENING] = Field(description="Its radius.")


class HalfSpaceRegion(InitialState):
    """All gas beyond a plane."""

    shape: Literal["half_space"]
    point: Coordinates = Field(description="A point of the plane.")
    normal: Annotated[Numbers, AfterValidator(_not_zero)] = Field(
        description="Direction across the plane into the region, of any length, e.g. [1, 0]."
    )


class ConnectedRegion(InitialState):
    """All gas between a boundary and a line (in space a surface) inside the mesh: a diaphragm."""

    shape: Literal["connected"]
    boundary: str = Field(description="Name of the boundary that the gas reaches.")
    up_to: str = Field(description="Name of the line inside the mesh file that it does not pass.")


Region: TypeAlias = Annotated[
    BoxRegion | BallRegion | HalfSpaceRegion | ConnectedRegion, Field(discriminator="shape")
]
"""A region, told apart by its `shape`. What it does not state it has from the table itself."""


class Initial(InitialState):
    """The gas at the start."""

    regions: dict[str, Region] = Field(
        default_factory=dict, description="Named regions with states of their own; a later one wins."
    )

    def strongest(self, boundaries: Mapping[str, object]) -> tuple[float, float] | None:
        """The highest pressure at the start, Pa, with its temperature, K; None where no state tells both."""
        base = self.told(boundaries)
        states = [base, *(region.told(boundaries, base) for region in self.regions.values())]
        known = [(pressure, temperature) for pressure, temperature in states if pressure and temperature]
        return max(known, default=None)
