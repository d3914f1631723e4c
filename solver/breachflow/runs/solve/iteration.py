"""The state of a run in one plain record: what a checkpoint must hold so that the run goes on bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import inf, nan
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.numerics.explicit.step_levels import StepLevels
from breachflow.numerics.explicit.step_state import StepState
from breachflow.numerics.implicit.pseudo_time import PseudoTime
from breachflow.runs.measure.flow_rate import FlowRate
from breachflow.runs.measure.time_mean import TimeMean
from breachflow.runs.solve.hold.held import Hold
from breachflow.runs.solve.unsteady.series import Series


class Stage(StrEnum):
    """Stage of a run on one mesh."""

    FIRST_ORDER = "first order"
    """The first-order scheme smooths the guess on the coarsest mesh of a steady run."""
    STEADY = "steady"
    MARCH = "march"
    """Implicit steps in time of a steady run whose flow swings."""
    OTHER_FLUX = "other flux"
    """A second solution of the mesh, with another numerical flux."""
    TRANSIENT = "transient"


class Ending(NamedTuple):
    """Ending of a run on one mesh."""

    cells: int
    converged: bool
    """Steady: the stopping rule was met; transient: the end time was reached."""
    flow_rate: FlowRate
    residual_drop: float
    """Residual over its first value on this mesh, of the gas that can act on the hole."""
    plume_drop: float
    """Residual over its first value on this mesh, of all gas."""
    fluctuation: float
    """Relative range of the mass flow over the last iterations, or the last tenth of a transient."""
    iterations: int
    """Iterations (steady: on all meshes so far) or cycles of time steps (transient)."""
    wall_time: float
    """s since the run began."""
    stopped: str | None = None
    """Why the run was stopped on request, if it was."""
    time: float = 0.0
    """Physical time reached, s; 0 of a steady run."""
    floored: int = 0
    """Largest number of cells that were held at the background at once."""
    refinement: float = nan
    """Size of the cells of the mesh before over that of this mesh's; nan of the first."""
    held: str = ""
    """What was held when the flow settled; empty where nothing was."""
    held_change: float = 0.0
    """Relative range of the discharge coefficients to which the flow settled while it was held."""
    swing: TimeMean | None = None
    """Statistics of a flow that does not settle, whose rates are means in time; None of a steady one."""
    flux_difference: float = nan
    """Discharge coefficient with another numerical flux on this mesh over that with the case's own, less 1;
    nan where it was not asked for."""
    errors: tuple[float, ...] = ()
    """Relative L1 errors of density, velocity and pressure; none without an exact solution."""
    changes: tuple[float, ...] = ()
    """Relative changes of total mass and energy since the start; of transient verification alone."""


@dataclass
class OwnSolution:
    """Solution of a mesh with the case's own numerical flux, kept while another one is tried."""

    state: Floats
    """(n_cells, nvar) conserved states in units of the reference."""
    ending: Ending


@dataclass
class Residuals:
    """Norms of the mass residual on one mesh, and what has been counted since."""

    size: float = inf
    """Norm at the last measured state."""
    first: float = nan
    """Norm at the first measured state."""
    first_acting: float = nan
    """Norm at the first measured state over the cells that can act on the hole."""
    growth: float = 0.0
    """Last norm over the one before."""
    least: float = inf
    since_least: int = 0
    """Iterations since the least norm."""
    mark: float = inf
    """Least norm when it last was a tenth below the mark before."""
    since_fall: int = 0
    """Iterations since then."""
    restarts: int = 0
    """Times that the state was replaced because its residual was not finite."""
    drop: float = 1.0
    """Norm over the first one, of the gas that can act on the hole."""
    plume_drop: float = 1.0
    """Norm over the first one, of all gas."""

    def begin_again(self) -> None:
        """Forget the least norm and the growth: what the norm counts has changed."""
        self.size, self.least, self.since_least = inf, inf, 0
        self.mark, self.since_fall = inf, 0


class LocalSteps(NamedTuple):
    """State of the explicit method between two cycles of local time steps."""

    state: StepState
    levels: StepLevels
    level_span: int
    """Most levels between the shortest and the longest step of the next cycle."""
    floored: int
    """Largest number of cells that were held at the background at once."""
    flux: Floats
    """(n_faces, nvar) mean flux times area through each face over the last cycle."""


class ImplicitSteps(NamedTuple):
    """State of the implicit method between two steps in time."""

    before: Floats
    """(n_cells, nvar) conserved states before the last step, in units of the reference."""
    last: float
    """Length of that step in units of the reference."""


@dataclass
class TimeMarch:
    """Progress of a transient run in time; times in s unless stated otherwise."""

    time: float = 0.0
    target: int = 0
    """Number of the next time to be reached exactly: that of a snapshot, or the end."""
    begin: float = 0.0
    """Time of the last target."""
    elapsed: float = 0.0
    """Time since the last target in units of the reference: length over velocity."""
    next_row: float = 0.0
    """Time from which the next row of the history is due."""
    masses: Floats = field(default_factory=lambda: np.zeros(2))
    """(2,) kg that have passed the hole, and that have been fed, since the start."""
    masses_before: Floats = field(default_factory=lambda: np.zeros(2))
    """(2,) the same before the last step."""
    totals: Floats = field(default_factory=lambda: np.zeros(0))
    """(2,) mass and energy at the start, in units of the reference; empty without an exact solution."""
    local_steps: LocalSteps | None = None
    implicit_steps: ImplicitSteps | None = None


@dataclass
class Iteration:
    """The state of a run between two steps: plain numbers and arrays.

    States are conserved ones, (n_cells, nvar), in units of the reference.
    """

    mesh_number: int = 1
    """Mesh of the grid sequence, 1 = coarsest."""
    refinement: float = nan
    """Size of the cells of the mesh before over that of this mesh's; nan of the first."""
    stage: Stage | None = None
    """Stage on the present mesh; None before a mesh is begun and after it has ended."""
    step: int = 0
    """Steps taken in this stage."""
    is_measured: bool = False
    """Whether the present state has been measured and recorded; the next step follows then."""
    state: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    best: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """State of the least residual on this mesh (first order: the last finite one)."""
    own_start: Floats | None = None
    """Start without neighbors, as long as the run may still go back to it."""
    start_cfl: float = nan
    """CFL number with which this stage began, or began again."""
    pseudo_time: PseudoTime | None = None
    """Pseudo-time steps; None before a stage begins, and of a transient run."""
    residuals: Residuals = field(default_factory=Residuals)
    hold: Hold = field(default_factory=Hold)
    series: Series = field(default_factory=Series)
    own: OwnSolution | None = None
    """The solution of the present mesh while another numerical flux is tried; None otherwise."""
    flow_rates: list[FlowRate] = field(default_factory=list)
    """The last few flow rates on this mesh."""
    march: TimeMarch = field(default_factory=TimeMarch)
    rows: list[dict[str, float]] = field(default_factory=list)
    """Rows of the history."""
    probe_times: list[float] = field(default_factory=list)
    """Times of the states at the probes, s."""
    probe_states: list[Floats] = field(default_factory=list)
    """(n_probes, nvar) conserved states at the probes, one array for each time."""
    elapsed: float = 0.0
    """Computing time of the run so far, s."""
    mesh_began: float = 0.0
    """`elapsed` when the present stage began."""
    endings: list[Ending] = field(default_factory=list)
    """Endings on the finished meshes, the coarsest first."""

    def begin_mesh(self, mesh_number: int, stage: Stage, state: Floats) -> None:
        """Start on a mesh with a state (n_cells, nvar), which the run will change."""
        self.mesh_number = mesh_number
        self.march, self.series = TimeMarch(), Series()
        self.probe_times, self.probe_states = [], []
        self.begin_stage(stage, state)

    def end_mesh(self, ending: Ending) -> None:
        """Record how the run ended on the present mesh."""
        self.endings.append(ending)
        self.stage = None

    def change_stage(self, stage: Stage, state: Floats) -> None:
        """Start another stage on the same mesh; its residual is compared with the same first one."""
        first, acting, drop = self.residuals.first, self.residuals.first_acting, self.residuals.drop
        began = self.mesh_began
        self.begin_stage(stage, state)
        self.residuals.first, self.residuals.first_acting, self.residuals.drop = first, acting, drop
        self.mesh_began = began

    def begin_stage(self, stage: Stage, state: Floats) -> None:
        """Start a stage with a state (n_cells, nvar), which the stage will change."""
        self.stage, self.step, self.is_measured = stage, 0, False
        self.state, self.best = state, state.copy()
        self.own_start, self.pseudo_time = None, None
        self.residuals, self.hold, self.flow_rates = Residuals(), Hold(), []
        self.mesh_began = self.elapsed
