"""Lines of cells: corresponding lines of two meshes, and the parents of cells in a grid sequence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachflow.mesh.family import MeshFamily
from breachflow.mesh.lines import LineCounts, matching_lines
from breachflow.templates.hole_lines import OrificeShape, line_counts
from breachflow.templates.library.jet import jet_family
from breachflow.templates.library.orifice import orifice_family

KNIFE = LineCounts(upstream=3, bore=0, downstream=4, rows=8)
BORE = LineCounts(upstream=4, bore=2, downstream=3, rows=8)
COUNTS = st.builds(
    LineCounts,
    upstream=st.integers(1, 30),
    bore=st.integers(0, 30),
    downstream=st.integers(1, 30),
    rows=st.just(8),
)
SHAPE = OrificeShape(2e-3, 5e-4, 16)
FAMILIES = {
    "orifice": orifice_family(SHAPE, 3),
    "jet": jet_family(OrificeShape(2e-3, 0.0, 16), 3),
}


def test_lines_of_a_bore_from_a_knife_edge():
    """The bore lies between lines 2 and 3 of the knife edge; the line farthest upstream has no match."""
    match = matching_lines(BORE, KNIFE)
    assert match.lines.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert match.before.tolist() == [0, 1, 2, 2, 2, 3, 4, 5]
    assert match.after.tolist() == [0, 1, 2, 3, 3, 3, 4, 5]
    assert match.weight.tolist() == [0.0, 0.0, 0.0, 0.25, 0.75, 0.0, 0.0, 0.0]


def test_lines_of_a_knife_edge_from_a_bore():
    match = matching_lines(KNIFE, BORE)
    assert match.lines.tolist() == [0, 1, 2, 3, 4, 5]
    assert match.before.tolist() == [1, 2, 3, 6, 7, 8]
    assert not match.weight.any()


@given(own=COUNTS)
def test_lines_of_a_mesh_match_themselves(own: LineCounts):
    match = matching_lines(own, own)
    assert match.lines.tolist() == list(range(own.lines))
    assert match.before + match.weight == pytest.approx(match.lines, abs=1e-12)


@given(own=COUNTS, other=COUNTS)
def test_matching_lines_keep_their_order_and_lie_in_both_meshes(own: LineCounts, other: LineCounts):
    match = matching_lines(own, other)
    place = match.before + match.weight
    assert np.all(np.diff(match.lines) == 1)
    assert np.all(np.diff(place) >= 0.0)
    assert 0 <= match.lines[0] <= match.lines[-1] < own.lines
    assert 0 <= match.before.min() <= match.after.max() < other.lines
    assert np.all((match.weight >= 0.0) & (match.weight < 1.0))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())
def test_four_children_surround_the_corners_of_their_parent(family: MeshFamily):
    for level in (1, 2):
        coarse, fine, parents = family[level - 1], family[level], family.parent_cells(level)
        assert np.bincount(parents).tolist() == [4] * coarse.n_cells
        corners = fine.points[fine.cell_points].reshape(-1, 4, 2)
        for parent in range(0, coarse.n_cells, 7):
            own = coarse.points[coarse.cell_points.reshape(-1, 4)[parent]]
            of_children = {tuple(point) for point in corners[parents == parent].reshape(-1, 2)}
            assert {tuple(point) for point in own} <= of_children


def test_lines_are_counted_as_they_are_built():
    counts = line_counts(SHAPE, 3)
    assert [count.cells for count in counts] == [mesh.n_cells for mesh in FAMILIES["orifice"]]
    assert [count.rows for count in counts] == [4, 8, 16]
