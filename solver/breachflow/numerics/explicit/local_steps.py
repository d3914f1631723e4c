"""Steps in time of each cell's own length, to second order: the midpoint rule on a ladder of steps.

At the beginning of its step a cell works out its gradient and its limited states at its faces; the fluxes of
that moment give the rate at which it changes. A face steps with the finer of its cells. One flux passes it,
from the states on both sides in the middle of the face's step: those of the beginning, moved on by the cells'
rates (Runge's midpoint rule, but for slopes, which stay). The finer cell takes that flux; for the coarser one
it is added to what the face owes it, until its own step ends (as in Springel 2010, MNRAS 401, section 7.2.1).
What leaves one cell enters the other: exactly conservative. A steady state of the right-hand side stays, as
long as the steps may be. No two cells or faces write to the same place, and every sum has a fixed order:
results do not depend on the number of threads.

The loops over cells and faces leave all writing to pointwise functions: to numba, a write into an array of a
record within the loop itself has no effect, and is removed.
"""

from __future__ import annotations

from typing import Any

from breachflow.compiled import kernel, parallel_kernel, pointwise, prange
from breachflow.numerics.explicit.floor import Floor, is_finite, lies_below, lifted
from breachflow.numerics.explicit.step_levels import (
    TICKS,
    Ladder,
    choose_levels,
    finest_level,
    level_that_ends,
)
from breachflow.numerics.explicit.step_state import Progress
from breachflow.numerics.space.discretization import Scheme
from breachflow.numerics.space.fluxes import limiting_at
from breachflow.numerics.space.layout import Boundary, Cells, Faces, Layout
from breachflow.numerics.space.reconstruction import LEAST_FACE_SHARE, change_along, face_state
from breachflow.numerics.space.residual import net_outflow, subtract_sources
from breachflow.numerics.space.rows import load_conserved, load_primitive, store_conserved, store_primitive
from breachflow.physics.boundary import beyond, boundary_flux
from breachflow.physics.euler import mix
from breachflow.physics.face import numerical_flux
from breachflow.physics.gas import Conserved, Gas, Primitive, conserved_of, primitive_of, sound_speed
from breachflow.vectors import combine, dot, load

OVERRUN = 2.0
"""A step longer than this many times the stable one at its end has been overrun by a wave."""

MOST_HALFWAY = 0.5 * (1.0 - LEAST_FACE_SHARE)
"""Largest share of density or pressure lost by a rate in half a step: at its end the least share is left."""


@kernel
def cycle(
    conserved: Any, progress: Progress, ladder: Ladder, layout: Layout, scheme: Scheme, gas: Gas,
    floor: Floor, cfl: float, tick: float, now: int,
) -> tuple[int, int]:  # fmt: skip
    """Take every cell from tick `now` (0), at which its step has begun, to the last one, where the next has.

    Returns the first cell without a finite state (or -1), and how many steps were overrun by a wave;
    either ends the cycle at once.
    """
    axes, cells, faces, boundary = layout
    while now < TICKS:
        top = level_that_ends(now)
        choose_levels(ladder, cells, faces, top, tick)
        count = ladder.face_count[top]
        pass_fluxes(progress, ladder, faces, boundary, axes, scheme, gas, now, 0.0, count, tick)
        find_rates(progress, ladder, cells, faces, axes, gas, ladder.cell_count[top], tick)
        pass_fluxes(progress, ladder, faces, boundary, axes, scheme, gas, now, 0.5, count, tick)
        now += 2 ** finest_level(ladder)
        count = ladder.cell_count[level_that_ends(now)]
        bad = end_steps(
            conserved, progress, ladder, cells, faces, boundary, axes, gas, floor, now, count, tick
        )
        if bad < len(conserved):
            return bad, 0
        overrun = begin_steps(
            progress, ladder, cells, faces, boundary, axes, scheme, gas, cfl, now, count, tick
        )
        if overrun > 0:
            return -1, overrun
    return -1, 0


@parallel_kernel
def begin_steps(
    progress: Progress, ladder: Ladder, cells: Cells, faces: Faces, boundary: Boundary,
    axes: tuple[int, ...], scheme: Scheme, gas: Gas, cfl: float, now: int, count: int, tick: float,
) -> int:  # fmt: skip
    """Begin a step of the first `count` cells of the list.

    Returns how many of them have just ended a step that a wave has overrun.
    """
    overrun = 0
    for i in prange(count):
        stable = begin_step(
            ladder.cells[i], progress, ladder, cells, faces, boundary, axes, scheme, gas, cfl, now, tick
        )
        overrun += int(not 2 ** ladder.level[ladder.cells[i]] * tick <= OVERRUN * stable)
    return overrun


@pointwise
def begin_step(
    cell: int, progress: Progress, ladder: Ladder, cells: Cells, faces: Faces, boundary: Boundary,
    axes: tuple[int, ...], scheme: Scheme, gas: Gas, cfl: float, now: int, tick: float,
) -> float:  # fmt: skip
    """Gradient, states at faces and stable step of a cell; returns the latter.

    It is the time in which the waves on both sides of the faces cross the cell, times the CFL number.
    """
    own = load_primitive(progress.primitive, cell, axes)
    if scheme.order == 2:
        gradient_now(progress, cells, cell, axes, now, tick)
    crossing = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        is_left = faces.left[face] == cell
        other = faces.right[face] if is_left else faces.left[face]
        there = state_at(progress, other, axes, now, tick)
        side = own
        if scheme.order == 2:
            how = limiting_at(face, faces, boundary, scheme)
            arm = load(faces.left_arm if is_left else faces.right_arm, face, 0, axes)
            back_arm = load(faces.right_arm if is_left else faces.left_arm, face, 0, axes)
            reach = combine(1.0, arm, -1.0, back_arm)
            reached = change_along(progress.gradient, cell, reach, axes)
            change = change_along(progress.gradient, cell, arm, axes)
            side = face_state(own, there, change, reached, how, gas)
        store_primitive(side, progress.side, k)
        normal = load(faces.normal, face, 0, axes)
        fastest = max(wave_speed(own, normal, gas), wave_speed(there, normal, gas))
        crossing += 0.5 * faces.area[face] * fastest
    stable: float = cfl * cells.volume[cell] / crossing
    ladder.stable[cell] = stable
    return stable


@pointwise
def gradient_now(
    progress: Progress, cells: Cells, cell: int, axes: tuple[int, ...], now: int, tick: float
) -> None:
    """Least-squares gradient of a cell whose neighbors are in the middle of their steps."""
    for entry in range((len(axes) + 2) * len(axes)):
        progress.gradient[cell, entry] = 0.0
    for k in range(cells.stencil_offsets[cell], cells.stencil_offsets[cell + 1]):
        other = cells.stencil[k]
        age = (now - progress.begin[other]) * tick
        for variable in range(len(axes) + 2):
            there = progress.primitive[other, variable]
            if age > 0.0:
                there += age * progress.rate[other, variable]
            jump = there - progress.primitive[cell, variable]
            for axis in range(len(axes)):
                progress.gradient[cell, variable * len(axes) + axis] += cells.weights[k, axis] * jump


@pointwise
def state_at(progress: Progress, cell: int, axes: tuple[int, ...], now: int, tick: float) -> Primitive:
    """State of a cell now, in the middle of its step."""
    state = load_primitive(progress.primitive, cell, axes)
    if progress.begin[cell] == now:
        return state
    return moved_on(state, load_primitive(progress.rate, cell, axes), (now - progress.begin[cell]) * tick)


@pointwise
def moved_on(state: Primitive, rate: Primitive, age: float) -> Primitive:
    """A state some time later; of density and pressure a share is always left."""
    return Primitive(
        max(state.density + age * rate.density, LEAST_FACE_SHARE * state.density),
        combine(1.0, state.velocity, age, rate.velocity),
        max(state.pressure + age * rate.pressure, LEAST_FACE_SHARE * state.pressure),
    )


@pointwise
def wave_speed(state: Primitive, normal: Any, gas: Gas) -> float:
    """Of the fastest wave through a face."""
    return abs(dot(state.velocity, normal)) + sound_speed(state, gas)


@parallel_kernel
def find_rates(
    progress: Progress, ladder: Ladder, cells: Cells, faces: Faces, axes: tuple[int, ...], gas: Gas,
    count: int, tick: float,
) -> None:  # fmt: skip
    """Rates of change of the first `count` cells of the list, from the fluxes at the beginning."""
    for i in prange(count):
        cell = ladder.cells[i]
        pressure = progress.primitive[cell, len(axes) + 1]
        net_outflow(progress.flux, cells, faces, cell, pressure, axes, progress.outflow)
        own = load_primitive(progress.primitive, cell, axes)
        outflow = load_conserved(progress.outflow, cell, axes)
        change = mix(-1.0 / cells.volume[cell], outflow, 0.0, outflow)
        rate = rate_of(own, change, 0.5 * 2 ** ladder.level[cell] * tick, gas)
        store_primitive(rate, progress.rate, cell)


@pointwise
def rate_of(own: Primitive, change: Conserved, halfway: float, gas: Gas) -> Primitive:
    """Rate of the primitive state where the conserved one changes at the given rate.

    A velocity changes with the gas that there is halfway, if that is more: in a cell of hardly any gas into
    which gas rushes the rate is bounded. It is smaller where more than the least share would be lost.
    """
    density = max(own.density, own.density + halfway * change.density)
    push = combine(1.0, change.momentum, -change.density, own.velocity)
    velocity = combine(1.0 / density, push, 0.0, push)
    work = dot(own.velocity, change.momentum) - 0.5 * change.density * dot(own.velocity, own.velocity)
    mixing = 0.5 * halfway * dot(push, velocity) * (1.0 - own.density / density)
    pressure = (gas.gamma - 1.0) * (change.energy - work - mixing)
    loss = halfway * max(-change.density / own.density, -pressure / own.pressure)
    factor = min(1.0, MOST_HALFWAY / max(loss, MOST_HALFWAY))
    return Primitive(factor * change.density, combine(factor, velocity, 0.0, velocity), factor * pressure)


@parallel_kernel
def pass_fluxes(
    progress: Progress, ladder: Ladder, faces: Faces, boundary: Boundary, axes: tuple[int, ...],
    scheme: Scheme, gas: Gas, now: int, share: float, count: int, tick: float,
) -> None:  # fmt: skip
    """Fluxes of the first `count` faces of the list, which begin a step, after a share of it."""
    for i in prange(count):
        pass_flux(ladder.faces[i], progress, ladder, faces, boundary, axes, scheme, gas, now, share, tick)


@pointwise
def pass_flux(
    face: int, progress: Progress, ladder: Ladder, faces: Faces, boundary: Boundary, axes: tuple[int, ...],
    scheme: Scheme, gas: Gas, now: int, share: float, tick: float,
) -> None:  # fmt: skip
    """Flux through a face after a share of its step; that of the middle is what passes during all of it."""
    left, right = faces.left[face], faces.right[face]
    normal = load(faces.normal, face, 0, axes)
    length = 2 ** ladder.face_level[face] * tick
    time = now * tick + share * length
    inner = side_at(progress, progress.left_slot[face], left, axes, time, tick)
    b = face - (len(faces.area) - len(boundary.kind))
    if b >= 0:
        outside = load_primitive(boundary.state, b, axes)
        flux = boundary_flux(boundary.kind[b], scheme.flux, inner, normal, outside, gas)
    else:
        outer = side_at(progress, progress.right_slot[face], right, axes, time, tick)
        flux = numerical_flux(scheme.flux, inner, outer, normal, gas)
    store_conserved(flux, faces.area[face], progress.flux, face)
    if share > 0.0:
        uneven = b < 0 and ladder.level[left] != ladder.level[right]
        for variable in range(len(axes) + 2):
            progress.passed[face, variable] += length * progress.flux[face, variable]
            if uneven:
                progress.owed[face, variable] += length * progress.flux[face, variable]


@pointwise
def side_at(
    progress: Progress, slot: int, cell: int, axes: tuple[int, ...], time: float, tick: float
) -> Primitive:
    """A cell's state at one of its faces, at a time since the beginning of the cycle."""
    age = time - progress.begin[cell] * tick
    state = load_primitive(progress.side, slot, axes)
    return moved_on(state, load_primitive(progress.rate, cell, axes), age)


@parallel_kernel
def end_steps(
    conserved: Any, progress: Progress, ladder: Ladder, cells: Cells, faces: Faces, boundary: Boundary,
    axes: tuple[int, ...], gas: Gas, floor: Floor, now: int, count: int, tick: float,
) -> int:  # fmt: skip
    """End the step of the first `count` cells of the list.

    Returns the first cell whose state is not finite, or the number of cells.
    """
    bad = len(conserved)
    for i in prange(count):
        cell = ladder.cells[i]
        length = 2 ** ladder.level[cell] * tick
        balance(conserved, progress, ladder, cells, faces, axes, cell, length)
        state = primitive_of(load_conserved(conserved, cell, axes), gas)
        bad = min(bad, len(conserved) if is_finite(state) else cell)
        end_step(cell, state, conserved, progress, cells, faces, boundary, axes, gas, floor, now)
    return bad


@pointwise
def balance(
    conserved: Any, progress: Progress, ladder: Ladder, cells: Cells, faces: Faces, axes: tuple[int, ...],
    cell: int, length: float,
) -> None:  # fmt: skip
    """Take from a cell what has left it during its step; sources act with the state halfway."""
    collect(progress, ladder, cells, faces, cell, length)
    halfway = progress.primitive[cell, len(axes) + 1] + 0.5 * length * progress.rate[cell, len(axes) + 1]
    subtract_sources(progress.outflow, cells, cell, halfway, axes)
    for variable in range(len(axes) + 2):
        conserved[cell, variable] -= length / cells.volume[cell] * progress.outflow[cell, variable]


@pointwise
def collect(progress: Progress, ladder: Ladder, cells: Cells, faces: Faces, cell: int, length: float) -> None:
    """Net outflow per time: the flux of faces that step as the cell does, what finer ones owe it."""
    for variable in range(progress.outflow.shape[1]):
        progress.outflow[cell, variable] = 0.0
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        face = cells.faces[k]
        sign = 1.0 if faces.left[face] == cell else -1.0
        for variable in range(progress.outflow.shape[1]):
            if ladder.face_level[face] == ladder.level[cell]:
                progress.outflow[cell, variable] += sign * progress.flux[face, variable]
            else:
                progress.outflow[cell, variable] += sign / length * progress.owed[face, variable]
                progress.owed[face, variable] = 0.0


@pointwise
def end_step(
    cell: int, state: Primitive, conserved: Any, progress: Progress, cells: Cells, faces: Faces,
    boundary: Boundary, axes: tuple[int, ...], gas: Gas, floor: Floor, now: int,
) -> None:  # fmt: skip
    """Hold a cell's new state at the floor, and keep it with its ghosts': itself, or its mirror image."""
    progress.floored[cell] = 0
    if lies_below(state, floor):
        progress.floored[cell] = 1
        state = lifted(state, floor)
        store_conserved(conserved_of(state, gas), 1.0, conserved, cell)
    progress.begin[cell] = now
    store_primitive(state, progress.primitive, cell)
    first = len(faces.area) - len(boundary.kind)
    for k in range(cells.face_offsets[cell], cells.face_offsets[cell + 1]):
        b = cells.faces[k] - first
        if b >= 0:
            ghost = beyond(boundary.kind[b], state, load(faces.normal, first + b, 0, axes))
            progress.begin[len(conserved) + b] = now
            store_primitive(ghost, progress.primitive, len(conserved) + b)
