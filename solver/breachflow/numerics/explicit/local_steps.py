"""Second-order time steps of each cell's own length: the midpoint rule on power-of-two levels.

At the beginning of its step a cell computes its gradient and its limited states at its faces; the fluxes at
that time give its rate of change. A face steps with the finer of its cells. One flux passes through it, from
the states on both sides at the middle of the face's step: those of the beginning, advanced by the cells'
rates (Runge's midpoint rule, with constant slopes). The finer cell takes this flux. For the coarser cell it
is added to what the face owes it until that cell's own step ends (as in Springel 2010, MNRAS 401, section
7.2.1). So the scheme is conservative to rounding, and a steady state of the residual is preserved for any
steps. No two cells or faces write to the same place and every sum has a fixed order: results do not
depend on the number of threads.

In parallel loops pointwise functions do all writing: the compiler drops a write into an array of a record
that stands in the loop itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.arrays import CellRows
from breachflow.compiled import kernel, parallel_kernel, pointwise, prange
from breachflow.numerics.explicit.floor import Floor, is_below, is_finite, raised_to_floor
from breachflow.numerics.explicit.step_levels import (
    SUBSTEPS,
    StepLevels,
    choose_levels,
    ending_level,
    finest_level,
)
from breachflow.numerics.explicit.step_state import StepState
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import (
    Boundary,
    Cells,
    Faces,
    Layout,
    center_distance,
    interior_faces,
)
from breachflow.numerics.space.reconstruction import (
    LEAST_FACE_FRACTION,
    Limiting,
    change_along,
    face_value,
    limiting_at_boundary,
)
from breachflow.numerics.space.residual import add_hoop_stress, subtract_sources, sum_fluxes
from breachflow.numerics.space.rows import (
    CellArrays,
    load_conserved,
    load_face,
    load_primitive,
    load_side,
    load_wall,
    store_conserved,
    store_primitive,
    variable_columns,
)
from breachflow.physics.boundary import ghost_state
from breachflow.physics.euler import mix
from breachflow.physics.face import (
    Side,
    boundary_face_flux,
    face_flux,
    viscous_boundary_flux,
    viscous_face_flux,
)
from breachflow.physics.gas import (
    Conserved,
    Gas,
    Primitive,
    conserved_of,
    primitive_of,
    sound_speed,
    temperature_of,
    viscosity_at,
)
from breachflow.physics.viscous import CellSide, diffusivity, thin_layer
from breachflow.physics.wall import one_sided_weight
from breachflow.vectors import Vector, combine, dot, load

OVERRUN: Final = 2.0
"""A wave has overrun a step that is longer than this many stable steps of the state at its end."""

MOST_HALFWAY_LOSS: Final = 0.5 * (1.0 - LEAST_FACE_FRACTION)
"""Largest fraction of density or pressure lost in half a step: a full step then leaves the least fraction."""


class Clock(NamedTuple):
    """Time within a cycle."""

    substep: float
    """Duration of a substep."""
    substep_index: int
    """Substeps since the cycle began."""


class StepLimits(NamedTuple):
    """What bounds the steps and the states."""

    cfl: float
    """Step over the time in which waves cross a cell."""
    floor: Floor


@kernel
def advance_cycle(
    conserved: CellRows, state: StepState, levels: StepLevels, discretization: Discretization,
    limits: StepLimits, substep: float,
) -> tuple[int, int]:  # fmt: skip
    """Advance every cell by a cycle; the steps at its beginning have begun, those at its end begin here.

    Returns the first cell whose state is not finite (or -1), and how many steps were overrun by a wave;
    either ends the cycle at once.
    """
    cells, faces = discretization.layout.cells, discretization.layout.faces
    index = 0
    while index < SUBSTEPS:
        clock = Clock(substep, index)
        choose_levels(levels, cells, faces, ending_level(index), substep)
        pass_fluxes(state, levels, discretization, clock, 0.0)
        compute_rates(state, levels, discretization, clock)
        pass_fluxes(state, levels, discretization, clock, 0.5)
        index += 2 ** finest_level(levels)
        clock = Clock(substep, index)
        bad = end_steps(conserved, state, levels, discretization, limits.floor, clock)
        if bad < len(conserved):
            return bad, 0
        overrun = begin_steps(state, levels, discretization, limits.cfl, clock)
        if overrun > 0:
            return -1, overrun
    return -1, 0


@parallel_kernel
def begin_steps(
    state: StepState, levels: StepLevels, discretization: Discretization, cfl: float, clock: Clock
) -> int:
    """Begin a step of the cells whose last one ends at the clock's time.

    Returns how many of them have just ended a step that a wave has overrun.
    """
    count = levels.cell_count[ending_level(clock.substep_index)]
    (axes, cells, faces, boundary), scheme, gas = discretization
    cells, faces, boundary = Cells(*cells), Faces(*faces), Boundary(*boundary)
    scheme, gas = Scheme(*scheme), Gas(*gas)
    overrun = 0
    for i in prange(count):
        here = Discretization(Layout(axes, cells, faces, boundary), scheme, gas)
        stable = begin_step(levels.cells[i], state, levels, here, cfl, clock)
        overrun += int(not 2 ** levels.level[levels.cells[i]] * clock.substep <= OVERRUN * stable)
    return overrun


@pointwise
def begin_step(
    cell: int, state: StepState, levels: StepLevels, discretization: Discretization, cfl: float, clock: Clock
) -> float:
    """Gradient, face values and stable step of a cell; returns the latter.

    The stable step is the CFL number times the time in which the waves on both sides of the faces cross the
    cell.
    """
    (axes, cells, faces, _), scheme, gas = discretization
    own = load_primitive(state.primitive, cell, axes)
    if scheme.order == 2:
        update_gradient(state, cells, cell, axes, clock)
    if gas.viscosity > 0.0:
        update_thermal(state, cells, cell, discretization, clock)
    crossing = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        number = cells.faces[k]
        is_left = faces.left[number] == cell
        other = faces.right[number] if is_left else faces.left[number]
        there = state_at(state, other, axes, clock)
        value = own
        if scheme.order == 2:
            limiting = limiting_at(number, discretization)
            to_face = load(faces.left_to_face if is_left else faces.right_to_face, number, 0, axes)
            back = load(faces.right_to_face if is_left else faces.left_to_face, number, 0, axes)
            to_neighbor = combine(1.0, to_face, -1.0, back)
            jump = change_along(state.gradient, cell, to_neighbor, axes)
            change = change_along(state.gradient, cell, to_face, axes)
            value = face_value(own, there, change, jump, limiting, gas)
        store_primitive(value, state.face_value, k)
        normal = load(faces.normal, number, 0, axes)
        fastest = max(wave_speed(own, normal, gas), wave_speed(there, normal, gas))
        crossing += 0.5 * faces.area[number] * fastest
        if gas.viscosity > 0.0:
            diffused = max(diffusivity(own, gas), diffusivity(there, gas))
            crossing += diffused * faces.area[number] / center_distance(faces, number, axes)
    stable: float = cfl * cells.volume[cell] / crossing
    levels.stable[cell] = stable
    return stable


@pointwise
def limiting_at(face: int, discretization: Discretization) -> Limiting:
    """Limiting of the gradients toward a face."""
    layout, scheme, _ = discretization
    b = face - interior_faces(layout)
    if b >= 0:
        return limiting_at_boundary(layout.boundary, b, scheme)
    return Limiting(scheme.limiter, scheme.limiter_threshold)


@pointwise
def update_gradient(state: StepState, cells: Cells, cell: int, axes: tuple[int, ...], clock: Clock) -> None:
    """Least-squares gradient of a cell, whose neighbors may be within their steps."""
    for entry in range((len(axes) + 2) * len(axes)):
        state.gradient[cell, entry] = 0.0
    for k in range(cells.stencil_offsets[cell], cells.stencil_offsets[cell + 1]):
        other = cells.stencil[k]
        age = (clock.substep_index - state.begin[other]) * clock.substep
        for variable in range(len(axes) + 2):
            there = state.primitive[other, variable]
            if age > 0.0:
                there += age * state.rate[other, variable]
            jump = there - state.primitive[cell, variable]
            for axis in range(len(axes)):
                state.gradient[cell, variable * len(axes) + axis] += cells.weights[k, axis] * jump


@pointwise
def update_thermal(
    state: StepState, cells: Cells, cell: int, discretization: Discretization, clock: Clock
) -> None:
    """Temperature, its gradient and viscosity of a cell, whose neighbors may be within their steps."""
    axes, gas = discretization.layout.axes, discretization.gas
    own = temperature_of(load_primitive(state.primitive, cell, axes))
    first = variable_columns(axes)
    state.gradient[cell, first + len(axes)] = own
    state.gradient[cell, first + len(axes) + 1] = viscosity_at(own, gas)
    for axis in range(len(axes)):
        state.gradient[cell, first + axis] = 0.0
    if discretization.scheme.order == 2:
        for k in range(cells.stencil_offsets[cell], cells.stencil_offsets[cell + 1]):
            jump = temperature_of(state_at(state, cells.stencil[k], axes, clock)) - own
            for axis in range(len(axes)):
                state.gradient[cell, first + axis] += cells.weights[k, axis] * jump


@pointwise
def state_at(state: StepState, cell: int, axes: tuple[int, ...], clock: Clock) -> Primitive:
    """State of a cell at the clock's time, which may be within its step."""
    begun = load_primitive(state.primitive, cell, axes)
    if state.begin[cell] == clock.substep_index:
        return begun
    age = (clock.substep_index - state.begin[cell]) * clock.substep
    return advanced(begun, load_primitive(state.rate, cell, axes), age)


@pointwise
def advanced(state: Primitive, rate: Primitive, age: float) -> Primitive:
    """A state after some time at a constant rate; a fraction of density and pressure is always left."""
    return Primitive(
        max(state.density + age * rate.density, LEAST_FACE_FRACTION * state.density),
        combine(1.0, state.velocity, age, rate.velocity),
        max(state.pressure + age * rate.pressure, LEAST_FACE_FRACTION * state.pressure),
    )


@pointwise
def wave_speed(state: Primitive, normal: Vector, gas: Gas) -> float:
    """Speed of the fastest wave through a face."""
    return abs(dot(state.velocity, normal)) + sound_speed(state, gas)


@parallel_kernel
def compute_rates(state: StepState, levels: StepLevels, discretization: Discretization, clock: Clock) -> None:
    """Rates of change of the cells that begin a step, from the fluxes at its beginning."""
    count = levels.cell_count[ending_level(clock.substep_index)]
    (axes, cells, faces, _), _, gas = discretization
    cells, faces, gas = Cells(*cells), Faces(*faces), Gas(*gas)
    for i in prange(count):
        cell = levels.cells[i]
        sum_fluxes(state.flux, cells, faces, cell, axes, state.outflow)
        subtract_sources(state.outflow, cells, cell, state.primitive[cell, len(axes) + 1], axes)
        own = load_primitive(state.primitive, cell, axes)
        if gas.viscosity > 0.0:
            add_hoop_stress(own.velocity, state.gradient, cells, cell, axes, state.outflow)
        outflow = load_conserved(state.outflow, cell, axes)
        change = mix(-1.0 / cells.volume[cell], outflow, 0.0, outflow)
        rate = rate_of(own, change, 0.5 * 2 ** levels.level[cell] * clock.substep, gas)
        store_primitive(rate, state.rate, cell)


@pointwise
def rate_of(own: Primitive, change: Conserved, halfway: float, gas: Gas) -> Primitive:
    """Rate of the primitive state where the conserved one changes at the given rate.

    The rate of the velocity is taken with the density halfway through the step if that is larger: so it stays
    bounded in a nearly empty cell that gas enters. All rates are reduced where density or pressure would fall
    below the least fraction.
    """
    density = max(own.density, own.density + halfway * change.density)
    push = combine(1.0, change.momentum, -change.density, own.velocity)
    velocity = combine(1.0 / density, push, 0.0, push)
    work = dot(own.velocity, change.momentum) - 0.5 * change.density * dot(own.velocity, own.velocity)
    mixing = 0.5 * halfway * dot(push, velocity) * (1.0 - own.density / density)
    pressure = (gas.gamma - 1.0) * (change.energy - work - mixing)
    loss = halfway * max(-change.density / own.density, -pressure / own.pressure)
    factor = min(1.0, MOST_HALFWAY_LOSS / max(loss, MOST_HALFWAY_LOSS))
    return Primitive(factor * change.density, combine(factor, velocity, 0.0, velocity), factor * pressure)


@parallel_kernel
def pass_fluxes(
    state: StepState, levels: StepLevels, discretization: Discretization, clock: Clock, fraction: float
) -> None:
    """Fluxes of the faces that begin a step, after a fraction of it."""
    count = levels.face_count[ending_level(clock.substep_index)]
    (axes, cells, faces, boundary), scheme, gas = discretization
    cells, faces, boundary = Cells(*cells), Faces(*faces), Boundary(*boundary)
    scheme, gas = Scheme(*scheme), Gas(*gas)
    for i in prange(count):
        here = Discretization(Layout(axes, cells, faces, boundary), scheme, gas)
        pass_flux(levels.faces[i], state, levels, here, clock, fraction)


@pointwise
def pass_flux(
    number: int, state: StepState, levels: StepLevels, discretization: Discretization, clock: Clock,
    fraction: float,
) -> None:  # fmt: skip
    """Flux through a face after a fraction of its step; the flux at the middle passes during all of it."""
    (axes, _, faces, boundary), scheme, gas = discretization
    left, right = faces.left[number], faces.right[number]
    face = load_face(faces, number, axes)
    length = 2 ** levels.face_level[number] * clock.substep
    time = clock.substep_index * clock.substep + fraction * length
    inner = Side(face_value_at(state, state.left_slot[number], left, axes, time, clock.substep))
    b = number - interior_faces(discretization.layout)
    if b >= 0:
        outside = load_primitive(boundary.state, b, axes)
        flux = boundary_face_flux(boundary.behavior[b], inner, outside, face, scheme.flux, gas)
    else:
        outer = Side(face_value_at(state, state.right_slot[number], right, axes, time, clock.substep))
        flux = face_flux(inner, outer, face, scheme.flux, gas)
    if gas.viscosity > 0.0:
        flux = mix(1.0, flux, -1.0, viscous_flux_at(number, state, discretization, time, clock.substep))
    store_conserved(flux, face.area, state.flux, number)
    if fraction > 0.0:
        uneven = b < 0 and levels.level[left] != levels.level[right]
        for variable in range(len(axes) + 2):
            state.passed[number, variable] += length * state.flux[number, variable]
            if uneven:
                state.owed[number, variable] += length * state.flux[number, variable]


@pointwise
def viscous_flux_at(
    number: int, state: StepState, discretization: Discretization, time: float, substep: float
) -> Conserved:
    """Viscous flux per unit area through a face at a time since the beginning of the cycle."""
    (axes, _, faces, boundary), scheme, gas = discretization
    face, b = load_face(faces, number, axes), number - interior_faces(discretization.layout)
    to_face = load(faces.left_to_face, number, 0, axes)
    inner = cell_side_at(state, faces.left[number], to_face, discretization, time, substep)
    if b >= 0:
        weight = one_sided_weight(scheme.order)
        wall = load_wall(boundary, b, axes)
        return viscous_boundary_flux(boundary.behavior[b], inner, wall, face, weight, gas)
    to_face = load(faces.right_to_face, number, 0, axes)
    outer = cell_side_at(state, faces.right[number], to_face, discretization, time, substep)
    return viscous_face_flux(inner, outer, face, gas)


@pointwise
def cell_side_at(
    state: StepState, cell: int, to_face: Vector, discretization: Discretization, time: float, substep: float
) -> CellSide:
    """A cell beside a face at a time since the beginning of the cycle.

    Its gradients are those of the beginning of its step.
    """
    axes, gas = discretization.layout.axes, discretization.gas
    begun = load_side(CellArrays(state.primitive, state.gradient, (0, 0)), cell, to_face, axes)
    age = time - state.begin[cell] * substep
    now = advanced(begun.state, load_primitive(state.rate, cell, axes), age)
    temperature = temperature_of(now)
    return CellSide(
        now, begun.velocity_gradient, temperature, begun.temperature_gradient,
        viscosity_at(temperature, gas), to_face,
    )  # fmt: skip


@pointwise
def face_value_at(
    state: StepState, slot: int, cell: int, axes: tuple[int, ...], time: float, substep: float
) -> Primitive:
    """A cell's state at one of its faces, at a time since the beginning of the cycle."""
    age = time - state.begin[cell] * substep
    begun = load_primitive(state.face_value, slot, axes)
    return advanced(begun, load_primitive(state.rate, cell, axes), age)


@parallel_kernel
def end_steps(
    conserved: CellRows, state: StepState, levels: StepLevels, discretization: Discretization, floor: Floor,
    clock: Clock,
) -> int:  # fmt: skip
    """End the steps that end at the clock's time.

    Returns the first cell whose state is not finite, or the number of cells.
    """
    count = levels.cell_count[ending_level(clock.substep_index)]
    (axes, cells, faces, boundary), scheme, gas = discretization
    cells, faces, boundary = Cells(*cells), Faces(*faces), Boundary(*boundary)
    scheme, gas = Scheme(*scheme), Gas(*gas)
    bad = len(conserved)
    for i in prange(count):
        cell = levels.cells[i]
        here = Discretization(Layout(axes, cells, faces, boundary), scheme, gas)
        balance(conserved, state, levels, here, cell, clock.substep)
        finite = end_step(conserved, state, here, floor, cell, clock.substep_index)
        bad = min(bad, len(conserved) if finite else cell)
    return bad


@pointwise
def balance(
    conserved: CellRows, state: StepState, levels: StepLevels, discretization: Discretization, cell: int,
    substep: float,
) -> None:  # fmt: skip
    """Subtract from a cell what has left it during its step; sources act with the pressure halfway."""
    axes, cells, faces, _ = discretization.layout
    length = 2 ** levels.level[cell] * substep
    collect_outflow(state, levels, cells, faces, cell, length)
    halfway = state.primitive[cell, len(axes) + 1] + 0.5 * length * state.rate[cell, len(axes) + 1]
    subtract_sources(state.outflow, cells, cell, halfway, axes)
    if discretization.gas.viscosity > 0.0:
        rate = load(state.rate, cell, 1, axes)
        velocity = combine(1.0, load(state.primitive, cell, 1, axes), 0.5 * length, rate)
        add_hoop_stress(velocity, state.gradient, cells, cell, axes, state.outflow)
    for variable in range(len(axes) + 2):
        conserved[cell, variable] -= length / cells.volume[cell] * state.outflow[cell, variable]


@pointwise
def collect_outflow(
    state: StepState, levels: StepLevels, cells: Cells, faces: Faces, cell: int, length: float
) -> None:
    """Net outflow per time: the flux of faces on the cell's own level, and what finer faces owe it."""
    for variable in range(state.outflow.shape[1]):
        state.outflow[cell, variable] = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        sign = 1.0 if faces.left[face] == cell else -1.0
        for variable in range(state.outflow.shape[1]):
            if levels.face_level[face] == levels.level[cell]:
                state.outflow[cell, variable] += sign * state.flux[face, variable]
            else:
                state.outflow[cell, variable] += sign / length * state.owed[face, variable]
                state.owed[face, variable] = 0.0


@pointwise
def end_step(
    conserved: CellRows, state: StepState, discretization: Discretization, floor: Floor, cell: int, index: int
) -> bool:
    """Raise a cell's new state to the floor where need be; store it and its ghost cells' states.

    Returns whether the new state is finite.
    """
    (axes, cells, faces, boundary), _, gas = discretization
    reached = primitive_of(load_conserved(conserved, cell, axes), gas)
    finite: bool = is_finite(reached)
    state.floored[cell] = 0
    if is_below(reached, floor):
        state.floored[cell] = 1
        reached = raised_to_floor(reached, floor)
        store_conserved(conserved_of(reached, gas), 1.0, conserved, cell)
    state.begin[cell] = index
    store_primitive(reached, state.primitive, cell)
    first = interior_faces(discretization.layout)
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        b = cells.faces[k] - first
        if b >= 0:
            beside = thin_layer(reached, load(faces.left_to_face, first + b, 0, axes), gas)
            normal = load(faces.normal, first + b, 0, axes)
            ghost = ghost_state(boundary.behavior[b], beside, load_wall(boundary, b, axes), normal)
            state.begin[len(conserved) + b] = index
            store_primitive(ghost, state.primitive, len(conserved) + b)
    return finite
