"""What a case may contain: one model a table, each key with its unit, limits and default.

The models mirror the case file key by key; what several keys must satisfy together is in `checks`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    WithJsonSchema,
)

from breachflow.case.exact import Exact
from breachflow.case.mesh_choice import MeshChoice
from breachflow.case.sweep.table import Sweep
from breachflow.constants import SPECIES, Species, Sutherland
from breachflow.document.fields import CasePath, Place, Quantity, QuantityPair
from breachflow.document.source import Source
from breachflow.document.table import (
    DURATION,
    LENGTH,
    OPENING,
    POSITION,
    PRESSURE,
    PRESSURE_OR_VACUUM,
    TEMPERATURE,
    VELOCITY,
    Table,
)
from breachflow.units import Dimension
from breachflow.words import allowed, suggested

DEFAULT_RESULT: Final = "result.vtkhdf"

VISCOSITY_TEMPERATURE: Final = 300.0
"""K; at this temperature a custom gas has the viscosity given for it."""

SUTHERLAND_CONSTANT: Final = 111.0
"""K; of air, taken for a custom gas, of which one viscosity is given."""

_ZERO: Final[dict[str, Any]] = {"default": "0 mm"}


class CustomGas(Table):
    """A calorically perfect gas given by its numbers."""

    gamma: float = Field(gt=1.0, le=1.6667, description="Ratio of heat capacities c_p/c_v; 5/3 at most.")
    molar_mass: Annotated[
        float, Quantity(Dimension.MOLAR_MASS, "28.97 g/mol", least="1 g/mol", most="400 g/mol")
    ] = Field(description="Molar mass, in g/mol or kg/mol.")
    viscosity: Annotated[
        float | None, Quantity(Dimension.VISCOSITY, "1.8e-5 Pa s", above="0 Pa s", most="1 Pa s")
    ] = Field(
        default=None,
        description="Viscosity at 300 K, in Pa s, mPa s or uPa s; it changes with temperature by "
        "Sutherland's law with the constant of air, 111 K. Unknown if absent.",
    )

    @property
    def species(self) -> Species:
        return Species("custom", min(self.gamma, 5.0 / 3.0), self.molar_mass, self._sutherland)

    @property
    def _sutherland(self) -> Sutherland | None:
        if self.viscosity is None:
            return None
        return Sutherland(self.viscosity, VISCOSITY_TEMPERATURE, SUTHERLAND_CONSTANT)


Thickness: TypeAlias = Annotated[
    float,
    LENGTH,
    Field(
        description="Thickness of the wall; 0 is a knife edge; at most 20 openings.", json_schema_extra=_ZERO
    ),
]
Chamfer: TypeAlias = Annotated[
    float,
    LENGTH,
    Field(
        description="Leg of a 45 degree chamfer of the upstream edge; at most the wall thickness.",
        json_schema_extra=_ZERO,
    ),
]
Rounding: TypeAlias = Annotated[
    float,
    LENGTH,
    Field(
        description="Radius of the upstream edge; at most the wall thickness; not with a chamfer.",
        json_schema_extra=_ZERO,
    ),
]
Plane: TypeAlias = Annotated[
    float,
    POSITION,
    Field(
        description="Mesh files only: x of the hole's upstream face. Gas flows in the direction of +x.",
        json_schema_extra=_ZERO,
    ),
]


class RoundOrifice(Table):
    """A round hole; the flow is axisymmetric."""

    shape: Literal["round"]
    diameter: Annotated[float, OPENING] = Field(description="Diameter of the hole.")
    wall_thickness: Thickness = 0.0
    chamfer: Chamfer = 0.0
    rounding: Rounding = 0.0
    plane: Plane = 0.0

    @property
    def length(self) -> None:
        """A round hole has no length along the wall."""
        return None

    @property
    def per(self) -> str:
        """What totals are for: nothing to add for a round hole."""
        return ""

    @property
    def area(self) -> float:
        """Area of the opening, m2."""
        return math.pi * self.diameter**2 / 4.0


class SlitOrifice(Table):
    """A slit, long against its width; the flow is planar."""

    shape: Literal["slit"]
    width: Annotated[float, OPENING] = Field(description="Width of the slit.")
    length: Annotated[float | None, Quantity(Dimension.LENGTH, "30 mm", above="0 mm", most="1000 m")] = Field(
        default=None, description="Length of the slit, for totals; without it flows are per meter of length."
    )
    wall_thickness: Thickness = 0.0
    chamfer: Chamfer = 0.0
    rounding: Rounding = 0.0
    plane: Plane = 0.0

    @property
    def diameter(self) -> float:
        """The opening's size across, here the width, m."""
        return self.width

    @property
    def per(self) -> str:
        """What totals are for: a meter of slit if no length is given."""
        return " per m" if self.length is None else ""

    @property
    def area(self) -> float:
        """Area of the opening, m2; of one meter of slit if no length is given."""
        return self.width * (1.0 if self.length is None else self.length)


class Reservoir(Table):
    """Gas at rest far from the hole: total pressure and temperature."""

    kind: Literal["reservoir"]
    pressure: Annotated[float, PRESSURE] = Field(description="Total pressure, absolute.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Total temperature.")


class Vacuum(Table):
    """Nothing outside: whatever arrives leaves."""

    kind: Literal["vacuum"]


class Outlet(Table):
    """Gas at a given pressure outside."""

    kind: Literal["outlet"]
    pressure: Annotated[float, PRESSURE_OR_VACUUM] = Field(
        description="Pressure outside, absolute; 0 Pa is a vacuum."
    )
    temperature: Annotated[float | None, TEMPERATURE] = Field(
        default=None, description="Temperature of the gas outside; the reservoir's if absent."
    )


class Wall(Table):
    """An impermeable wall without friction."""

    kind: Literal["wall"]


class Symmetry(Table):
    """A plane of symmetry."""

    kind: Literal["symmetry"]


class Axis(Table):
    """The axis of an axisymmetric mesh."""

    kind: Literal["axis"]


class Inflow(Table):
    """A full given state, for verification and supersonic streams."""

    kind: Literal["inflow"]
    pressure: Annotated[float, PRESSURE] = Field(description="Static pressure, absolute.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Static temperature.")
    velocity: Annotated[tuple[float, float], QuantityPair(VELOCITY)] = Field(
        description="Velocity in x and y (axisymmetric: axial and radial)."
    )


class Extrapolate(Table):
    """The state inside is continued outward, for verification and supersonic streams."""

    kind: Literal["extrapolate"]


class ExactState(Table):
    """The state of the exact solution that the case states, as it is at the start."""

    kind: Literal["exact"]


def _known_gas(name: str) -> str:
    if name not in SPECIES:
        table = '{ gamma = 1.4, molar_mass = "28.97 g/mol" }'
        raise ValueError(f"unknown gas; {allowed(SPECIES)} or a table {table}{suggested(name, SPECIES)}")
    return name


Boundary: TypeAlias = Annotated[
    Reservoir | Vacuum | Outlet | Wall | Symmetry | Axis | Inflow | Extrapolate | ExactState,
    Field(discriminator="kind"),
]
Orifice: TypeAlias = Annotated[RoundOrifice | SlitOrifice, Field(discriminator="shape")]
Gas: TypeAlias = Annotated[
    Annotated[str, AfterValidator(_known_gas), WithJsonSchema({"enum": list(SPECIES)}), Tag("name")]
    | Annotated[CustomGas, Tag("table")],
    Discriminator(lambda value: "table" if isinstance(value, dict | CustomGas) else "name"),
]


def _whole(value: object) -> object:
    if isinstance(value, bool | float):  # Python takes true and 1.0 for 1
        raise ValueError("must be a whole number")
    return value


class Numerics(Table):
    """How the equations are solved; the defaults serve every ordinary case."""

    flux: Literal["hllc", "hlle", "rusanov"] = Field(default="hllc", description="Numerical flux.")
    limiter: Literal["van_albada", "van_leer", "none"] = Field(
        default="van_albada", description="Limiter of the gradients."
    )
    order: Annotated[Literal[1, 2], BeforeValidator(_whole)] = Field(
        default=2, description="Order of accuracy in space."
    )
    cfl: float = Field(default=0.8, gt=0.0, le=1.0, description="Courant number of transient runs.")
    background: float = Field(
        default=1e-8,
        ge=1e-12,
        le=1e-3,
        description="Least density and pressure, as a fraction of the reservoir's.",
    )


class Run(Table):
    """What is run and when it is done."""

    mode: Literal["steady", "transient"] = Field(default="steady", description="Steady flow or history.")
    end_time: Annotated[float | None, DURATION] = Field(
        default=None, description="Transient only, and required there: time at the end."
    )
    residual_drop: float = Field(
        default=1e-6, ge=1e-12, le=1e-2, description="Steady: fall of the residual at convergence."
    )
    mass_flow_tolerance: float = Field(
        default=1e-6, ge=1e-12, le=1e-2, description="Steady: relative change of mass flow at convergence."
    )
    max_iterations: int = Field(
        default=400, ge=1, le=1_000_000, description="Steady: most nonlinear steps on each grid level."
    )
    wall_clock: Annotated[float | None, Quantity(Dimension.TIME, "2 h", above="0 s", most="36500 day")] = (
        Field(default=None, description="Longest time the run may take, as on a clock; no limit if absent.")
    )


class Output(Table):
    """What is written."""

    file: Annotated[Path, CasePath()] = Field(
        default=DEFAULT_RESULT,
        validate_default=True,
        description="Result file, relative to the case's folder; .vtkhdf or .h5.",
    )
    snapshots: int = Field(
        default=0, ge=0, le=100_000, description="Transient only: number of evenly spaced snapshots."
    )


class Case(Table):
    """A whole case. Every number is in SI units."""

    title: str = Field(default="", max_length=200, description="One line that says what is computed.")
    gas: Gas = Field(description="Name of a gas, or a table with gamma and molar_mass.")
    orifice: Orifice | None = Field(default=None, description="The hole; none on a mesh without one.")
    mesh: MeshChoice = Field(default={}, validate_default=True, description="The mesh: a template or a file.")
    boundary: dict[str, Boundary] = Field(description="What is at each named boundary of the mesh.")
    exact: Exact | None = Field(
        default=None,
        description="Verification: the exact solution that the run starts from and is judged by.",
    )
    numerics: Numerics = Field(default_factory=Numerics, description="How the equations are solved.")
    run: Run = Field(default_factory=Run, description="What is run and when it is done.")
    probes: dict[str, Annotated[tuple[float, float], QuantityPair(POSITION)]] = Field(
        default_factory=dict, description="Named points whose state is recorded: x and y."
    )
    output: Output = Field(default={}, validate_default=True, description="What is written.")
    sweep: Sweep | None = Field(default=None, description="Keys that take several values in turn.")

    _path: Path | None = PrivateAttr(default=None)
    _source: Source = PrivateAttr(default_factory=lambda: Source("case", "", {}, ()))
    _place: Place = PrivateAttr(default_factory=lambda: Place(Path.cwd(), None))

    def read_from(self, source: Source, path: Path | None, place: Place) -> Case:
        """The same case, knowing what it was read from and where it lies."""
        case = self.model_copy()
        case._source, case._path, case._place = source, path, place
        return case

    @property
    def path(self) -> Path | None:
        """The case file; None if the case was read from a text."""
        return self._path

    @property
    def label(self) -> str:
        """How errors name the case: its file, or just that it is one."""
        return str(self._path or "case")

    @property
    def text(self) -> str:
        """The case as given."""
        return self._source.text

    @property
    def source(self) -> Source:
        """The case as given, with the overrides applied."""
        return self._source

    @property
    def place(self) -> Place:
        """Where the case lies."""
        return self._place

    @property
    def folder(self) -> Path:
        """The folder that paths in the case are relative to."""
        return self._place.folder

    @property
    def completed_text(self) -> str:
        """The case as TOML with every default written out; it reads back to the same case."""
        from breachflow.case.complete import completed

        return completed(self)

    @property
    def species(self) -> Species:
        return self.gas.species if isinstance(self.gas, CustomGas) else SPECIES[self.gas]

    @property
    def hole(self) -> RoundOrifice | SlitOrifice:
        """The orifice, where there must be one."""
        assert self.orifice is not None
        return self.orifice

    @property
    def reservoir(self) -> Reservoir | None:
        """The reservoir of highest pressure, if there is one."""
        reservoirs = [entry for entry in self.boundary.values() if isinstance(entry, Reservoir)]
        return max(reservoirs, key=lambda entry: entry.pressure, default=None)

    @property
    def outside(self) -> Outlet | Reservoir | Vacuum | None:
        """Where the gas goes: a vacuum, or else the weakest outlet or second reservoir, if there is one."""
        entries = [entry for entry in self.boundary.values() if entry is not self.reservoir]
        vacuum = next((entry for entry in entries if isinstance(entry, Vacuum)), None)
        rooms = [entry for entry in entries if isinstance(entry, Outlet | Reservoir)]
        return vacuum or min(rooms, key=lambda entry: entry.pressure, default=None)

    @property
    def outside_pressure(self) -> float | None:
        """The pressure outside, Pa; 0 of a vacuum; None where nothing tells."""
        outside = self.outside
        return 0.0 if isinstance(outside, Vacuum) else outside.pressure if outside else None

    @property
    def result_path(self) -> Path:
        """The result file, resolved."""
        return self.output.file
