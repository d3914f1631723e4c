"""The case as a model: each table with its keys, units, limits and defaults.

`checks` holds what several keys must satisfy together.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from breachflow.case.boundaries import BoundaryCondition, FeedingBoundary, Reservoir
from breachflow.case.exact import Exact
from breachflow.case.flow import Flow
from breachflow.case.gas import GasChoice
from breachflow.case.initial.table import Initial
from breachflow.case.mesh_choice import MeshChoice
from breachflow.case.orifice import TUBES_AND_CRACKS, Orifice, OutlineOrifice, RoundOrifice, SlitOrifice
from breachflow.case.quantities import DURATION, WALL_CLOCK
from breachflow.constants import SPECIES, Species
from breachflow.document.faults import DottedKey
from breachflow.document.fields import POSITION, ChoiceField, QuantityArray
from breachflow.document.json_schema import schema_of
from breachflow.document.paths import PathField
from breachflow.document.sweep.rules import SweptDocument
from breachflow.document.sweep.table import Sweep
from breachflow.document.table import Table
from breachflow.physics import fluxes, limiters

LARGEST_BACKGROUND: Final = 1e-3
"""Largest `numerics.background`."""

DEFAULT_RESULT: Final = "result.vtkhdf"


def _whole(value: object) -> object:
    if isinstance(value, bool | float):  # Python takes true and 1.0 for 1
        raise ValueError("must be a whole number")
    return value


class Numerics(Table):
    """How the equations are solved; the defaults serve every ordinary case."""

    flux: Annotated[str, ChoiceField(fluxes.NAMES)] = Field(default="hllc", description="Numerical flux.")
    limiter: Annotated[str, ChoiceField(limiters.NAMES)] = Field(
        default="van_albada", description="Limiter of the gradients."
    )
    order: Annotated[Literal[1, 2], BeforeValidator(_whole)] = Field(
        default=2, description="Order of accuracy in space."
    )
    cfl: float = Field(default=0.8, gt=0.0, le=1.0, description="Courant number of transient runs.")
    background: float = Field(
        default=1e-8,
        ge=1e-12,
        le=LARGEST_BACKGROUND,
        description="Least density and pressure, as a fraction of the reservoir's.",
    )


class Run(Table):
    """What is run and when it is done."""

    mode: Literal["steady", "transient"] = Field(default="steady", description="Steady flow or history.")
    end_time: Annotated[float | None, DURATION] = Field(
        default=None, description="Transient only, and required there: time at the end."
    )
    time_step: Annotated[float | None, DURATION] = Field(
        default=None,
        description="Transient only: length of implicit steps; explicit steps of their own length if absent.",
    )
    residual_drop: float = Field(
        default=1e-6, ge=1e-12, le=1e-2, description="Steady: fall of the residual at convergence."
    )
    mass_flow_tolerance: float = Field(
        default=1e-6, ge=1e-12, le=1e-2, description="Steady: relative change of mass flow at convergence."
    )
    mean_tolerance: float = Field(
        default=1e-2,
        ge=1e-4,
        le=0.1,
        description="Steady: relative error (95 %) of the mean of a flow that does not settle.",
    )
    max_iterations: int = Field(
        default=400,
        ge=1,
        le=1_000_000,
        description="Steady: most nonlinear steps on a mesh; at most 100 if it only prepares the next.",
    )
    wall_clock: Annotated[float | None, WALL_CLOCK] = Field(
        default=None, description="Longest time the run may take, as on a clock; no limit if absent."
    )


class PushedHull(Table):
    """Where the moment of the leak is taken."""

    center_of_mass: Annotated[tuple[float, float, float], QuantityArray(POSITION, (3,))] = Field(
        description="Center of mass in the coordinates of the mesh, x, y and z; of an axisymmetric mesh the "
        "axis is y = z = 0."
    )


class Output(Table):
    """What is written."""

    file: Annotated[Path, PathField()] = Field(
        default=DEFAULT_RESULT,
        validate_default=True,
        description="Result file, relative to the case's folder; .vtkhdf or .h5.",
    )
    snapshots: int = Field(
        default=0, ge=0, le=100_000, description="Transient only: number of evenly spaced snapshots."
    )


class Case(SweptDocument):
    """A whole case. Every number is in SI units."""

    elsewhere: ClassVar = dict.fromkeys(("crack", "tube", "pipe", "capillary"), TUBES_AND_CRACKS)

    title: str = Field(default="", max_length=200, description="One line that says what is computed.")
    gas: GasChoice = Field(description="Name of a gas, a table with gamma and molar_mass, or mole fractions.")
    orifice: Orifice | None = Field(default=None, description="The hole; none on a mesh without one.")
    mesh: MeshChoice = Field(default={}, validate_default=True, description="The mesh: a template or a file.")
    boundary: dict[str, BoundaryCondition] = Field(description="What is at each named boundary of the mesh.")
    exact: Exact | None = Field(
        default=None,
        description="Verification: the exact solution that the run starts from and is judged by.",
    )
    initial: Initial | None = Field(
        default=None, description="The gas at the start; gas at rest, or the program's own start, if absent."
    )
    hull: PushedHull | None = Field(
        default=None, description="The body that the leak pushes, for its moment."
    )
    flow: Flow = Field(default_factory=Flow, description="Which equations are solved.")
    numerics: Numerics = Field(default_factory=Numerics, description="How the equations are solved.")
    run: Run = Field(default_factory=Run, description="What is run and when it is done.")
    probes: dict[str, Annotated[tuple[float, ...], QuantityArray(POSITION, (2, 3))]] = Field(
        default_factory=dict, description="Named points whose state is recorded: x and y, in space z too."
    )
    output: Output = Field(default={}, validate_default=True, description="What is written.")
    sweep: Sweep | None = Field(default=None, description="Keys that take several values in turn.")

    @property
    def states_wall(self) -> bool:
        """Whether the wall at the hole is known: that of a mesh file only where the case states it."""
        return self.mesh.mesh_file is None or "wall_thickness" in self.hole.model_fields_set

    @property
    def unstated(self) -> Collection[DottedKey]:
        """The wall of a mesh file, where the case does not state it."""
        return () if self.orifice is None or self.states_wall else (("orifice", "wall_thickness"),)

    @property
    def species(self) -> Species:
        """The gas as the solver and the laws take it."""
        return SPECIES[self.gas] if isinstance(self.gas, str) else self.gas.species

    @property
    def hole(self) -> RoundOrifice | SlitOrifice | OutlineOrifice:
        """The orifice, where there must be one."""
        assert self.orifice is not None
        return self.orifice

    @property
    def reservoir(self) -> Reservoir | None:
        """The reservoir of highest pressure, if there is one."""
        reservoirs = [entry for entry in self.boundary.values() if isinstance(entry, Reservoir)]
        return max(reservoirs, key=lambda entry: entry.pressure, default=None)

    def is_cabin(self, entry: BoundaryCondition) -> bool:
        """Whether a boundary opens to the cabin: every reservoir of the highest pressure does."""
        strongest = self.reservoir
        return isinstance(entry, Reservoir) and strongest is not None and entry.pressure == strongest.pressure

    @property
    def outside(self) -> BoundaryCondition | None:
        """Where the gas goes: the emptiest of vacuum, outlets and other reservoirs, if there is one."""
        entries = [entry for entry in self.boundary.values() if not self.is_cabin(entry)]
        rooms = [entry for entry in entries if entry.pressure_outside is not None]
        return min(rooms, key=lambda room: room.pressure_outside or 0.0, default=None)

    @property
    def outside_pressure(self) -> float | None:
        """The pressure outside, Pa; 0 of a vacuum; None where nothing tells."""
        return None if self.outside is None else self.outside.pressure_outside

    @property
    def driving_gas(self) -> tuple[float, float]:
        """Stagnation pressure, Pa, and temperature, K, of the gas that drives the flow.

        That of the strongest reservoir, or else of the first boundary that feeds; with an exact solution,
        pressure and temperature of the state that the solution refers to; where no boundary feeds, those of
        the highest pressure at the start.
        """
        if self.exact is not None:
            return self.exact.pressure, self.exact.temperature
        source = self.source
        if source is not None:
            return source.stagnation(self.species)
        strongest = None if self.initial is None else self.initial.strongest(self.boundary)
        assert strongest is not None
        return strongest

    @property
    def source(self) -> FeedingBoundary | None:
        """The strongest reservoir, or else the first boundary that feeds; None where none does."""
        sources = (entry for entry in self.boundary.values() if isinstance(entry, FeedingBoundary))
        return self.reservoir or next(sources, None)

    @property
    def pressure_ratio(self) -> float | None:
        """Pressure outside over the stagnation pressure of the driving gas; None where nothing tells it.

        None is not 0: a caller that takes an unknown pressure for a vacuum must say so itself.
        """
        return None if self.outside_pressure is None else self.outside_pressure / self.driving_gas[0]

    @property
    def result_path(self) -> Path:
        """The result file, resolved."""
        return self.output.file


def json_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a case file, for editors and for programs that write cases."""
    return schema_of(Case, "Breachflow case")
