"""Boundary conditions: one table of keys for each kind, and what each kind does to the gas.

Adding a kind takes two files. Here: a table with the `kind`, its keys and its attributes, and its name in
`BoundaryCondition`. In `physics/boundary.py`: its behavior, unless one of those there serves.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Final, Literal, TypeAlias, get_args

from pydantic import Field

from breachflow.case.quantities import PRESSURE, PRESSURE_OR_VACUUM, TEMPERATURE, VELOCITY
from breachflow.constants import Species
from breachflow.document.fields import QuantityArray
from breachflow.document.table import Misplaced, Table


class BoundaryTable(Table):
    """Boundary condition of one patch. The attributes tell what the kind does; every room asks for them."""

    kind: str

    behavior: ClassVar[str]
    """Name of the behavior in `physics/boundary.py` that computes the flux through the boundary."""
    transient_behavior: ClassVar[str] = ""
    """Name of the behavior in transient runs, where it is another."""
    passes: ClassVar[bool] = False
    """Gas may pass, inward or outward."""
    drains: ClassVar[bool] = False
    """The boundary is meant to let gas out."""
    feeds: ClassVar[bool] = False
    """The boundary supplies the gas, in a state that the case states (`FeedingBoundary`)."""
    mirrors: ClassVar[bool] = False
    """The flow continues behind it as its mirror image; a wall, in contrast, ends the flow."""

    laminar_behavior: ClassVar[str] = ""
    """Name of the behavior in laminar flow, where it is another."""
    needs_friction: ClassVar[bool] = False
    """The kind means nothing in inviscid flow."""

    def behavior_in(self, mode: str, is_viscous: bool = False) -> str:
        """Name of the behavior in a run, steady or transient, with friction or without it."""
        other = self.transient_behavior if mode == "transient" else ""
        return (self.laminar_behavior if is_viscous else "") or other or self.behavior

    @property
    def pressure_outside(self) -> float | None:
        """Pressure of the gas at rest behind the boundary, Pa; 0 of a vacuum; None where there is none."""
        return None


class FeedingBoundary(BoundaryTable):
    """Boundary condition that supplies the gas, in a state that the case states."""

    passes = True
    feeds = True

    @abstractmethod
    def stagnation(self, species: Species) -> tuple[float, float]:
        """Stagnation pressure, Pa, and temperature, K, of the gas that it supplies."""


class Reservoir(FeedingBoundary):
    """Gas at rest far from the hole: total pressure and temperature."""

    behavior = "opening"
    transient_behavior = "room"  # waves that arrive leave without an echo

    kind: Literal["reservoir"]
    pressure: Annotated[float, PRESSURE] = Field(description="Total pressure, absolute.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Total temperature.")

    @property
    def pressure_outside(self) -> float:
        """The total pressure: a second reservoir is a room that the gas may enter."""
        return self.pressure

    def stagnation(self, species: Species) -> tuple[float, float]:  # noqa: ARG002
        """Total pressure, Pa, and temperature, K."""
        return self.pressure, self.temperature


class Vacuum(BoundaryTable):
    """Vacuum outside: no gas enters."""

    behavior = "vacuum"
    passes = True
    drains = True
    misplaced: ClassVar = {
        "pressure": Misplaced('a vacuum has no pressure; write kind = "outlet" to give one')
    }

    kind: Literal["vacuum"]

    @property
    def pressure_outside(self) -> float:
        """Pressure of the vacuum: 0."""
        return 0.0


class Outlet(BoundaryTable):
    """Gas at a given pressure outside."""

    behavior = "opening"
    passes = True
    drains = True

    kind: Literal["outlet"]
    pressure: Annotated[float, PRESSURE_OR_VACUUM] = Field(
        description="Pressure outside, absolute; 0 Pa is a vacuum."
    )
    temperature: Annotated[float | None, TEMPERATURE] = Field(
        default=None, description="Temperature of the gas outside; the reservoir's if absent."
    )

    @property
    def pressure_outside(self) -> float:
        """The pressure that the case states."""
        return self.pressure

    def behavior_in(self, mode: str, is_viscous: bool = False) -> str:
        """Name of the behavior: at a pressure of 0 that of a vacuum."""
        return Vacuum.behavior if self.pressure == 0.0 else super().behavior_in(mode, is_viscous)


class Wall(BoundaryTable):
    """An impermeable wall; in laminar flow with slip, at the cabin's temperature."""

    behavior = "wall"
    laminar_behavior = "isothermal_wall"

    kind: Literal["wall"]


class Frictionless(BoundaryTable):
    """An impermeable wall that exerts no shear stress and takes no heat, in laminar flow too."""

    behavior = "wall"

    kind: Literal["frictionless"]


class FrictionWall(BoundaryTable):
    """A wall with friction, of a given temperature or without heat flux; it may slide."""

    behavior = "isothermal_wall"
    needs_friction = True

    temperature: Annotated[float | None, TEMPERATURE] = Field(
        default=None, description="Temperature of the wall; the cabin's if absent."
    )
    heat: Literal["adiabatic"] | None = Field(
        default=None, description='"adiabatic": no heat passes; then the wall has no temperature.'
    )
    velocity: Annotated[tuple[float, float], QuantityArray(VELOCITY)] = Field(
        default=(0.0, 0.0), description="Velocity of the wall along itself."
    )

    def behavior_in(self, mode: str, is_viscous: bool = False) -> str:  # noqa: ARG002
        """Name of the behavior, by whether heat passes."""
        return "adiabatic_wall" if self.heat else self.behavior


class NoSlip(FrictionWall):
    """A wall to which the gas sticks."""

    kind: Literal["no_slip"]


class Slip(FrictionWall):
    """A wall along which the gas slips as kinetic theory says, with a jump of temperature."""

    kind: Literal["slip"]
    accommodation: float = Field(
        default=1.0,
        gt=0.0,
        le=1.0,
        description="Accommodation of tangential momentum; 1: diffuse reflection.",
    )
    thermal_accommodation: float = Field(default=1.0, gt=0.0, le=1.0, description="Accommodation of energy.")


class Symmetry(BoundaryTable):
    """A plane of symmetry."""

    behavior = "wall"
    mirrors = True

    kind: Literal["symmetry"]


class Axis(BoundaryTable):
    """The axis of an axisymmetric mesh."""

    behavior = "wall"
    mirrors = True

    kind: Literal["axis"]


class Inflow(FeedingBoundary):
    """A full given state, for verification and supersonic streams."""

    behavior = "riemann"

    kind: Literal["inflow"]
    pressure: Annotated[float, PRESSURE] = Field(description="Static pressure, absolute.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Static temperature.")
    velocity: Annotated[tuple[float, float], QuantityArray(VELOCITY)] = Field(
        description="Velocity in x and y (axisymmetric: axial and radial)."
    )

    def stagnation(self, species: Species) -> tuple[float, float]:
        """Stagnation pressure, Pa, and temperature, K, of the stream (NACA 1135, equations 43 and 44)."""
        gamma = species.heat_capacity_ratio
        sound = gamma * species.specific_gas_constant * self.temperature
        rise = 1.0 + 0.5 * (gamma - 1.0) * sum(u * u for u in self.velocity) / sound
        return self.pressure * rise ** (gamma / (gamma - 1.0)), self.temperature * rise


class Extrapolate(BoundaryTable):
    """The state inside is continued outward, for verification and supersonic streams."""

    behavior = "extrapolate"
    passes = True
    drains = True

    kind: Literal["extrapolate"]


class ExactState(BoundaryTable):
    """The state of the exact solution that the case states, as it is at the start."""

    behavior = "riemann"
    passes = True

    kind: Literal["exact"]


BoundaryCondition: TypeAlias = Annotated[
    Reservoir
    | Vacuum
    | Outlet
    | Wall
    | Slip
    | NoSlip
    | Frictionless
    | Symmetry
    | Axis
    | Inflow
    | Extrapolate
    | ExactState,
    Field(discriminator="kind"),
]
"""Any boundary condition, told apart by its `kind`."""

KINDS: Final[dict[str, type[BoundaryTable]]] = {
    get_args(table.model_fields["kind"].annotation)[0]: table
    for table in get_args(get_args(BoundaryCondition)[0])
}
"""Tables of the kinds by their names in a case."""


def kinds_that(attribute: str) -> tuple[str, ...]:
    """The kinds, as cases write them, that have a true attribute, such as "drains".

    >>> kinds_that("drains")
    ('vacuum', 'outlet', 'extrapolate')
    """
    return tuple(kind for kind, table in KINDS.items() if getattr(table, attribute))
