"""A case on one mesh, ready for the kernels: reference state, layout, boundary states, start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from breachflow.arrays import Bools, Floats, Ints
from breachflow.case.boundaries import BoundaryTable, ExactState, kinds_that
from breachflow.case.mesh_setting import boundary_of
from breachflow.case.schema import Case
from breachflow.errors import CaseError
from breachflow.mesh.mesh import Mesh, Surface
from breachflow.mesh.metric import Metric, compute_metric
from breachflow.mesh.opening.sides import cells_before
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout, make_layout
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter
from breachflow.runs.setup.exact import exact_forcing, exact_state
from breachflow.runs.setup.friction import slip_coefficients, solver_gas
from breachflow.runs.setup.passage import Passage, from_cabin_to_space, passage_of, ways_of
from breachflow.runs.setup.reference import Reference, driving_difference, is_axisymmetric, reference_of
from breachflow.runs.setup.stream.needs import needs_of_cells
from breachflow.runs.setup.stream.shocks import softens_shocks
from breachflow.runs.setup.stream.slow_gas import damping_of_slow_gas, slow_jump
from breachflow.runs.setup.stream.stream_edge import enthalpy_band, softening_of_edge

LARGE_MESH: Final = 15_000
"""Cells from which the preconditioner has a level of fill on meshes of quadrilaterals too.

On fine meshes, of 22 000 to 33 000 cells, it saves a fifth to a half of the products with the Jacobian, and
up to a third of the time; on medium ones it costs what it saves.
"""


@dataclass(frozen=True)
class Problem:
    """A case on one mesh; arrays in units of the reference."""

    case: Case
    mesh: Mesh
    metric: Metric
    layout: Layout
    gas: Gas
    scheme: Scheme
    reference: Reference
    passage: Passage
    """Where the hole lies and which way the gas goes."""
    orifice: Surface
    """Surface at which the flow is measured."""
    inlet: Ints
    """Boundary faces (n,) through which gas is fed to the flow."""
    outlet: Ints
    """All other boundary faces (n,) that let gas pass."""

    @property
    def discretization(self) -> Discretization:
        """The flow equations on this mesh, as the kernels take them."""
        return Discretization(self.layout, self.scheme, self.gas)

    @property
    def stands_alone(self) -> bool:
        """Whether the mesh is the only one, whose flow no coarser mesh prepares."""
        return self.case.mesh.is_single

    @property
    def fills(self) -> bool:
        """Whether the factors of the preconditioner have a level of fill.

        It pays on triangles and on large meshes. In space, where it takes twice the memory, it saves no
        products.
        """
        is_large = self.mesh.n_cells >= LARGE_MESH
        return self.mesh.dimension == 2 and (self.stands_alone or is_large)

    @property
    def bore(self) -> tuple[float, float]:
        """Places along the direction of the passage at which the bore begins and ends."""
        begin, end = self.passage.bore
        return begin / self.reference.length, end / self.reference.length

    @cached_property
    def along(self) -> Floats:
        """Place of each cell along the direction of the passage, (n_cells,)."""
        return np.asarray(self.metric.centroid @ self.passage.direction)

    @cached_property
    def before_hole(self) -> Bools:
        """Whether each cell (n_cells,) lies before the surface at which the flow is measured."""
        return cells_before(self.mesh, self.orifice.faces, self.inlet)

    def opening(self, direction: Floats) -> float:
        """Area of the hole across a direction (dimension,), in units of the solver's face areas."""
        faces, (numbers, sides) = self.layout.faces, (self.orifice.faces, self.orifice.sides)
        along = faces.normal[numbers] @ direction
        return float(np.sum(faces.area[numbers] * along * sides))

    def area_scale(self) -> float:
        """m2 per unit of the solver's face areas; per m of a slit without length."""
        length = self.reference.length
        if is_axisymmetric(self.case) or self.mesh.dimension == 3:
            return self.passage.multiple * length**2
        return self.passage.multiple * length * ((self.case.orifice and self.case.orifice.length) or 1.0)


def make_problem(case: Case, mesh: Mesh) -> Problem:
    """Prepare a case for one of its meshes.

    Raises CaseError where nothing lets the gas out, or the exact solution does not exist on a boundary.
    """
    reference, ways = reference_of(case), ways_of(case, mesh)
    metric = compute_metric(mesh, is_axisymmetric(case), 1.0 / reference.length)
    gas = solver_gas(case, reference)
    layout = make_layout(mesh, metric, *_boundary_rows(case, mesh, metric, reference, gas))
    passage = passage_of(case, mesh)
    needs = needs_of_cells(layout, is_steady=case.run.mode == "steady")
    damping = damping_of_slow_gas(case, layout, needs, metric.centroid, passage, reference.length)
    softening = softening_of_edge(case, layout, needs, metric.centroid, passage, reference.length)
    layout = layout._replace(
        cells=layout.cells._replace(forcing=exact_forcing(case, mesh, reference)),
        faces=layout.faces._replace(damping=damping, softening=softening),
    )
    return Problem(
        case=case,
        mesh=mesh,
        metric=metric,
        layout=layout,
        gas=gas,
        scheme=Scheme(
            NumericalFlux[case.numerics.flux.upper()].value,
            Limiter[case.numerics.limiter.upper()].value,
            case.numerics.order,
            needs.limiter_threshold * driving_difference(case),
            slow_jump(case),
            softens_shocks(case),
            enthalpy_band(case, softening),
        ),
        reference=reference,
        passage=passage,
        orifice=_orifice(case, mesh),
        inlet=ways.sources.astype(np.int32),
        outlet=ways.sinks.astype(np.int32),
    )


def discretization_in_time(problem: Problem) -> Discretization:
    """The flow equations of a steady case with the boundaries of a transient run, which let waves out."""
    layout = problem.layout
    behaviors = _behaviors(problem.case, problem.mesh, "transient")
    boundary = layout.boundary._replace(behavior=behaviors.astype(layout.boundary.behavior.dtype))
    return problem.discretization._replace(layout=layout._replace(boundary=boundary))


def _behaviors(case: Case, mesh: Mesh, mode: str) -> Ints:
    """Behavior codes (n,) of the boundary faces in a run of this mode.

    A reservoir that feeds a hole is far behind its boundary: waves leave without an echo. One that feeds a
    channel begins there, and its total pressure holds.
    """
    is_channel = case.orifice is None and case.exact is None
    mode = "steady" if is_channel else mode
    first = int(np.count_nonzero(mesh.face_cells[:, 1] >= 0))
    kinds = np.zeros(mesh.n_faces - first, dtype=np.int32)
    for name, faces in mesh.patches.items():
        behavior = boundary_of(case, name).behavior_in(mode, case.flow.is_viscous)
        kinds[faces - first] = BehaviorCode[behavior.upper()]
    return kinds


def _boundary_rows(
    case: Case, mesh: Mesh, metric: Metric, reference: Reference, gas: Gas
) -> tuple[Ints, Floats, Floats]:
    """Behavior codes (n,), primitive states (n, nvar) and slip coefficients (n, 2) of the boundary."""
    first = int(np.count_nonzero(mesh.face_cells[:, 1] >= 0))
    kinds = _behaviors(case, mesh, case.run.mode)
    states, slip = np.zeros((len(kinds), mesh.dimension + 2)), np.zeros((len(kinds), 2))
    for name, faces in mesh.patches.items():
        boundary = boundary_of(case, name)
        slip[faces - first] = slip_coefficients(boundary, gas)
        if isinstance(boundary, ExactState):
            states[faces - first] = exact_state(case, reference)(metric.face_center[faces], 0.0)
            vacuum = faces[states[faces - first, 0] == 0.0] - first
            states[vacuum, 0] = states[vacuum, -1] = case.numerics.background
        else:
            states[faces - first] = patch_state(boundary, reference, mesh.dimension)
    return kinds, states, slip


def patch_state(boundary: BoundaryTable, reference: Reference, dimension: int) -> list[float]:
    """Density, velocity and pressure that a boundary imposes; the reference at rest where it states none.

    A velocity along x and y is that of a flow in space without one along z.
    """
    pressure = getattr(boundary, "pressure", reference.pressure) / reference.pressure
    temperature = (getattr(boundary, "temperature", None) or reference.temperature) / reference.temperature
    velocity = getattr(boundary, "velocity", (0.0, 0.0)) + (0.0,) * (dimension - 2)
    return [pressure / temperature, *(speed / reference.velocity for speed in velocity), pressure]


def _orifice(case: Case, mesh: Mesh) -> Surface:
    """The surface named `orifice`, or else all faces where gas leaves; without a hole where it may pass."""
    if "orifice" in mesh.surfaces and case.orifice is not None:
        return from_cabin_to_space(mesh, mesh.surfaces["orifice"], ways_of(case, mesh))
    wanted = "passes" if case.orifice is None else "drains"
    drains = [faces for name, faces in mesh.patches.items() if getattr(boundary_of(case, name), wanted)]
    if not drains and case.orifice is None:
        return Surface(np.zeros(0, dtype=np.int32), np.zeros(0))
    if not drains:
        kinds = ", ".join(kinds_that("drains"))
        raise CaseError(
            f"{case.label}: [boundary]: nothing lets the gas out; "
            f"make a patch one of: {kinds}, or name a line inside the mesh 'orifice'"
        )
    faces = np.concatenate(drains)
    return Surface(faces, np.ones(len(faces)))
