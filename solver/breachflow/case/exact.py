"""The table `[exact]`: an exact solution that a verification run starts from and is compared with."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from breachflow.case.flow import FlowModelName
from breachflow.case.quantities import (
    OPENING,
    PRESSURE,
    PRESSURE_OR_VACUUM,
    SPEED,
    TEMPERATURE,
    VELOCITY,
)
from breachflow.document.fields import POSITION, QuantityArray
from breachflow.document.table import Table

Velocity: TypeAlias = Annotated[tuple[float, float], QuantityArray(VELOCITY)]
Size: TypeAlias = Annotated[float, OPENING]


class GasState(Table):
    """A uniform state of the gas."""

    pressure: Annotated[float, PRESSURE_OR_VACUUM] = Field(description="Static pressure; 0 Pa is a vacuum.")
    temperature: Annotated[float, TEMPERATURE] = Field(description="Static temperature.")
    velocity: Velocity = Field(default=(0.0, 0.0), description="Velocity in x and y.")


class SolutionTable(Table):
    """Keys of an exact solution."""

    is_steady: ClassVar[bool] = True
    """Whether the solution is the same at all times."""
    models: ClassVar[tuple[FlowModelName, ...]] = ("inviscid",)
    """Values of `flow.model` whose equations it solves; the first is the default."""


class ExactSolution(SolutionTable):
    """An exact solution with the reference state that its units are made of."""

    pressure: Annotated[float, PRESSURE] = Field(
        description="Pressure of the state that the solution refers to."
    )
    temperature: Annotated[float, TEMPERATURE] = Field(description="Temperature of that state.")


class Uniform(ExactSolution):
    """Uniform flow; the reference state is that of the flow."""

    models = ("inviscid", "laminar")

    solution: Literal["uniform"]
    velocity: Velocity = Field(default=(0.0, 0.0), description="Velocity in x and y.")


class Vortex(ExactSolution):
    """Isentropic vortex that a stream carries along (Shu 1997); the reference state is that of the stream."""

    is_steady = False

    solution: Literal["vortex"]
    velocity: Velocity = Field(description="Velocity of the stream.")
    length: Size = Field(description="Radius of the core, where the swirl is fastest.")
    strength: float = Field(default=5.0, gt=0.0, le=10.0, description="Circulation, dimensionless.")


class SourceFlow(ExactSolution):
    """Flow from a point (axisymmetric) or a line (planar) at the origin; the reference state is at rest."""

    solution: Literal["source"]
    sonic_radius: Size = Field(description="Distance at which the flow is sonic.")
    branch: Literal["subsonic", "supersonic"] = Field(description="Which of the two flows beyond it.")


class Ringleb(ExactSolution):
    """Ringleb's transonic flow around a bend (1940), gamma = 1.4; the reference state is at rest."""

    solution: Literal["ringleb"]
    length: Size = Field(description="Unit of length of the solution.")


class Riemann(SolutionTable):
    """Riemann problem: two uniform states that meet at a plane x = position (Toro 2009, chapter 4)."""

    is_steady = False

    solution: Literal["riemann"]
    left: GasState = Field(description="State at smaller x.")
    right: GasState = Field(description="State at larger x.")
    position: Annotated[float, POSITION] = Field(
        default=0.0, description="x of the plane.", json_schema_extra={"default": "0 mm"}
    )

    @property
    def _denser(self) -> GasState:
        return max(self.left, self.right, key=lambda side: side.pressure / side.temperature)

    @property
    def pressure(self) -> float:
        """Pressure of the denser gas, Pa."""
        return self._denser.pressure

    @property
    def temperature(self) -> float:
        """Temperature of the denser gas, K."""
        return self._denser.temperature


class Manufactured(ExactSolution):
    """Smooth waves in all variables, which source terms hold steady; the reference state is their mean."""

    models = ("inviscid", "laminar")

    solution: Literal["manufactured"]
    length: Size = Field(description="Half a wavelength.")


class Couette(ExactSolution):
    """Gas between a plate at rest at y = 0, whose state is the reference, and one that slides along x."""

    models = ("laminar",)

    solution: Literal["couette"]
    length: Size = Field(description="Distance of the plates.")
    speed: Annotated[float, SPEED] = Field(description="Speed of the upper plate.")
    upper_temperature: Annotated[float, TEMPERATURE] = Field(
        description="Temperature of the upper plate; that of the lower one is the reference."
    )
    slip: bool = Field(default=True, description="Whether the gas slips at the plates.")


class Poiseuille(ExactSolution):
    """Developed flow that a uniform force drives through a channel or a pipe about y = 0, without heating."""

    models = ("laminar",)

    solution: Literal["poiseuille"]
    length: Size = Field(description="Radius of the pipe, or half the width of the channel.")
    speed: Annotated[float, SPEED] = Field(description="Mean speed.")
    slip: bool = Field(default=True, description="Whether the gas slips at the wall.")


Exact: TypeAlias = Annotated[
    Uniform | Vortex | SourceFlow | Ringleb | Riemann | Manufactured | Couette | Poiseuille,
    Field(discriminator="solution"),
]
