"""The regions of `[initial]` on a mesh: which part of each cell lies in which.

In the plane a cell that the edge of a region cuts has the part of its volume that lies within. It is exact
for planes, and for boxes away from their corners; of second order for disks and corners. In space a cell
belongs to the region that holds its center.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats, Indices
from breachflow.case.initial.table import BallRegion, BoxRegion, ConnectedRegion, HalfSpaceRegion, Region
from breachflow.document.faults import Fault
from breachflow.document.toml_text import toml_string
from breachflow.mesh.metric import cell_middles, compute_metric
from breachflow.mesh.opening.sides import cells_before
from breachflow.runs.setup.initial.cut_triangles import bisected, negative_part
from breachflow.runs.setup.reference import is_axisymmetric
from breachflow.words import allowed, suggested

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.mesh.mesh import Mesh

FAR: Final = 1e30
"""m: distance from the edge of a region that ends at faces of the mesh, which cuts no cell."""

ROUNDING: Final = 1e-9
"""Distance of a point from an edge over the size of its cell, below which it lies on it; and the least part
of a cell that counts."""


class RegionShare(NamedTuple):
    """What a region holds of a mesh."""

    name: str
    cells: int
    """Cells of which it holds a part."""
    volume: float
    """Its volume over that of the mesh."""


def region_parts(case: Case, mesh: Mesh) -> Floats:
    """Part of each cell in the gas that no region holds and in each region, (n_cells, 1 + n_regions).

    The parts of a cell add up to 1; of several regions at one place the last one holds it. Raises CaseError
    where a region ends at a line that the mesh does not have.
    """
    if case.initial is None:
        return np.ones((mesh.n_cells, 1))
    regions = list(case.initial.regions.values())
    connected = _connected_cells(case, mesh)
    middle = cell_middles(mesh)
    at_middle = _distances(regions, middle, connected)
    parts = _whole(at_middle)
    if mesh.dimension == 2 and regions:
        size = _sizes(mesh, middle)
        cut = np.any(np.abs(at_middle) <= (1.0 + ROUNDING) * size[:, None], axis=1)
        if cut.any():
            axisymmetric = is_axisymmetric(case)
            parts[cut] = _cut_parts(_Cut(mesh, middle, size, cut), regions, connected, axisymmetric)
    return parts


def region_shares(case: Case, mesh: Mesh) -> list[RegionShare]:
    """What each region holds. Raises CaseError, which names all regions that hold no gas."""
    if case.initial is None:
        return []
    parts = region_parts(case, mesh)[:, 1:]
    volume = compute_metric(mesh, is_axisymmetric(case)).volume
    shares = [
        RegionShare(name, int(np.count_nonzero(part)), float(volume @ part / volume.sum()))
        for name, part in zip(case.initial.regions, parts.T, strict=True)
    ]
    empty = [share.name for share in shares if share.cells == 0]
    if empty:
        raise case.origin.source.error(
            [Fault(("initial", "regions", name), _why_empty(case, mesh, name)) for name in empty]
        )
    return shares


def _why_empty(case: Case, mesh: Mesh, name: str) -> str:
    assert case.initial is not None
    regions = case.initial.regions
    alone = case.model_copy(
        update={"initial": case.initial.model_copy(update={"regions": {name: regions[name]}})}
    )
    if region_parts(alone, mesh)[:, 1].any():
        return "holds no gas: later regions hold all of its place; write it after them"
    low, high = (", ".join(f"{x:.4g}" for x in end) for end in (mesh.points.min(0), mesh.points.max(0)))
    begins = "on which a steady run begins" if case.run.mode == "steady" else "of the run"
    return (
        f"holds no gas of the mesh {begins}, {mesh.n_cells} cells between ({low}) and ({high}) m; move it "
        "into the gas, or make it larger"
    )


def _connected_cells(case: Case, mesh: Mesh) -> dict[int, Bools]:
    """The cells of each region that ends at a line of the mesh, by its place among all."""
    assert case.initial is not None
    found, faults = {}, []
    for place, (name, region) in enumerate(case.initial.regions.items()):
        if not isinstance(region, ConnectedRegion):
            continue
        if region.up_to in mesh.surfaces and region.boundary in mesh.patches:
            surface = mesh.surfaces[region.up_to].faces
            found[place] = cells_before(mesh, surface, mesh.patches[region.boundary])
            continue
        known = allowed(map(toml_string, mesh.surfaces)) if mesh.surfaces else "it has none"
        words = f"is no line inside the mesh; {known}{suggested(region.up_to, mesh.surfaces)}"
        faults.append(Fault(("initial", "regions", name, "up_to"), words))
    if faults:
        raise case.origin.source.error(faults)
    return found


class _Cut(NamedTuple):
    """Cells of a mesh in the plane that edges of regions may cut."""

    mesh: Mesh
    middle: Floats
    """(n_cells, 2)"""
    size: Floats
    """(n_cells,) largest distance of a corner from the middle."""
    cells: Bools
    """(n_cells,) whether each is cut."""


def _sizes(mesh: Mesh, middle: Floats) -> Floats:
    counts = np.diff(mesh.cell_offsets)
    offset = mesh.points[mesh.cell_points] - np.repeat(middle, counts, axis=0)
    return np.asarray(np.maximum.reduceat(np.hypot(*offset.T), mesh.cell_offsets[:-1]))


def _distances(regions: Sequence[Region], places: Floats, connected: dict[int, Bools]) -> Floats:
    """Distance of places (n, ..., dimension) from the edge of each region, (n, ..., n_regions).

    It is negative within. Outside a box it is the largest along a coordinate. `connected` has a value for
    each of the n.
    """
    flat = places.reshape(len(places), -1, places.shape[-1])
    columns = [
        np.broadcast_to(np.where(connected[k], -FAR, FAR)[:, None], flat.shape[:2])
        if k in connected
        else _distance(region, flat)
        for k, region in enumerate(regions)
    ]
    found = np.stack(columns, axis=-1) if columns else np.zeros((*flat.shape[:2], 0))
    return found.reshape(*places.shape[:-1], len(regions))


def _distance(region: Region, places: Floats) -> Floats:
    """Distance of places (..., dimension) from the edge of a region, negative within, (...)."""
    match region:
        case BallRegion():
            return np.asarray(np.linalg.norm(places - region.center, axis=-1) - region.radius)
        case HalfSpaceRegion():
            normal = np.array(region.normal)
            return np.asarray((np.array(region.point) - places) @ normal / np.linalg.norm(normal))
        case BoxRegion():
            sides = [
                np.maximum(side[0] - places[..., axis], places[..., axis] - side[1])
                for axis, side in enumerate((region.x, region.y, region.z))
                if side is not None
            ]
            return np.asarray(np.max(sides, axis=0))
        case ConnectedRegion():
            raise AssertionError("its cells are known")


def _whole(distance: Floats) -> Floats:
    """Parts of places (n, 1 + n_regions) that lie whole in the last region that holds them."""
    n_regions = distance.shape[1]
    last = np.max(np.where(distance < 0.0, np.arange(1, n_regions + 1), 0), axis=1, initial=0)
    return np.asarray(np.eye(n_regions + 1)[last])


def _cut_parts(
    cut: _Cut, regions: Sequence[Region], connected: dict[int, Bools], axisymmetric: bool
) -> Floats:
    """Parts of the cells that are cut, (n_cut, 1 + n_regions)."""
    cells, triangles = _fans(cut)
    pieces = bisected(triangles)
    owner = np.tile(cells, len(pieces) // len(cells))
    distance = _distances(regions, pieces, {k: inside[owner] for k, inside in connected.items()})
    distance[np.abs(distance) <= ROUNDING * cut.size[owner][:, None, None]] = 0.0
    weight = pieces[:, :, 1] if axisymmetric else np.ones(pieces.shape[:2])
    area = _areas(pieces)
    total = np.bincount(owner, area * weight.mean(axis=1), cut.mesh.n_cells)
    parts = np.zeros((cut.mesh.n_cells, len(regions) + 1))
    for k in range(len(regions)):
        later = np.min(distance[:, :, k + 1 :], axis=2, initial=FAR)
        own = np.maximum(distance[:, :, k], -later)
        within = np.bincount(owner, area * negative_part(own, weight), cut.mesh.n_cells)
        np.divide(within, total, out=parts[:, k + 1], where=total > 0.0)
    return _rounded_parts(parts[cut.cells])


def _rounded_parts(parts: Floats) -> Floats:
    """The parts (n, 1 + n_regions) without those of rounding, adding up to 1; the first is what is left."""
    inner = np.where(parts[:, 1:] > ROUNDING, np.minimum(parts[:, 1:], 1.0), 0.0)
    inner /= np.maximum(inner.sum(axis=1, keepdims=True), 1.0)
    left = 1.0 - inner.sum(axis=1)
    full = left <= ROUNDING
    inner[full] /= inner[full].sum(axis=1, keepdims=True)
    return np.column_stack([np.where(full, 0.0, left), inner])


def _fans(cut: _Cut) -> tuple[Indices, Floats]:
    """Triangles of the cut cells about their middles: cell numbers (n,) and corners (n, 3, 2)."""
    mesh = cut.mesh
    counts = np.diff(mesh.cell_offsets)
    cell = np.repeat(np.arange(mesh.n_cells, dtype=np.int64), counts)
    following = np.arange(len(mesh.cell_points)) + 1
    following[mesh.cell_offsets[1:] - 1] = mesh.cell_offsets[:-1]
    wanted = cut.cells[cell]
    here, there = mesh.cell_points[wanted], mesh.cell_points[following[wanted]]
    corners = np.stack([cut.middle[cell[wanted]], mesh.points[here], mesh.points[there]], axis=1)
    return cell[wanted], corners


def _areas(triangles: Floats) -> Floats:
    """Areas (n,) of triangles (n, 3, 2)."""
    one, other = np.moveaxis(triangles[:, 1:] - triangles[:, :1], 1, 0)
    return np.asarray(0.5 * np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]))
