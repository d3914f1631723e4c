"""Outlines of holes: sizes against closed forms, what is refused, and files of points and drawings."""

from __future__ import annotations

import io
from collections.abc import Callable
from math import cos, pi, sin, sqrt, tan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachflow.outlines.checks import MOST_POINTS, OutlineError, checked_outline
from breachflow.outlines.polygon import HoleOutline, Loop
from breachflow.outlines.read import read_loops

SQUARE: Loop = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))


def polygon(corners: int, radius: float = 1.0, center: tuple[float, float] = (0.0, 0.0)) -> Loop:
    angles = [2.0 * pi * k / corners for k in range(corners)]
    return tuple((center[0] + radius * cos(a), center[1] + radius * sin(a)) for a in angles)


@pytest.mark.parametrize("corners", [3, 4, 7, 64])
@pytest.mark.parametrize("turned", [1, -1])
def test_sizes_of_a_regular_polygon(corners: int, turned: int) -> None:
    """Area n r^2 sin(2 pi/n)/2, perimeter 2 n r sin(pi/n), the hydraulic diameter of the inscribed circle."""
    radius, center = 3.0, (5.0, -2.0)
    outline = checked_outline([polygon(corners, radius, center)[::turned]])
    assert outline.area == pytest.approx(0.5 * corners * radius**2 * sin(2.0 * pi / corners), rel=1e-13)
    assert outline.perimeter == pytest.approx(2.0 * corners * radius * sin(pi / corners), rel=1e-13)
    assert outline.hydraulic_diameter == pytest.approx(2.0 * radius * cos(pi / corners), rel=1e-13)
    assert outline.equal_area_diameter == pytest.approx(sqrt(4.0 * outline.area / pi), rel=1e-15)
    assert outline.center == pytest.approx(center, rel=1e-13)
    assert outline.reach == pytest.approx(radius, rel=1e-13)


@given(
    st.floats(-0.9, 0.9), st.floats(0.1, 10.0), st.floats(-5.0, 5.0), st.integers(3, 40), st.floats(0.2, 1.0)
)
def test_sizes_go_with_the_outline(x: float, factor: float, y: float, corners: int, depth: float) -> None:
    """A star moved and enlarged: area by the square, lengths by the factor, the middle goes along."""
    tips = polygon(2 * corners)
    star = tuple((a * r, b * r) for (a, b), r in zip(tips, [1.0, depth] * corners, strict=True))
    before = checked_outline([star])
    after = before.moved((x, y), factor)
    assert after.area == pytest.approx(factor**2 * before.area, rel=1e-9)
    assert after.hydraulic_diameter == pytest.approx(factor * before.hydraulic_diameter, rel=1e-9)
    assert after.center == pytest.approx((factor * x, factor * y), abs=1e-9 * factor)
    assert before.area == pytest.approx(corners * depth * sin(pi / corners), rel=1e-9)


def test_several_holes_count_together() -> None:
    two = checked_outline([polygon(6, 1.0), polygon(6, 2.0, (10.0, 0.0))])
    one = HoleOutline(two.loops[:1])
    assert two.area == pytest.approx(5.0 * one.area, rel=1e-13)
    assert two.perimeter == pytest.approx(3.0 * one.perimeter, rel=1e-13)
    assert two.center == pytest.approx((8.0, 0.0), abs=1e-13)


def test_a_closing_point_is_left_out() -> None:
    assert checked_outline([(*SQUARE, SQUARE[0])]) == checked_outline([SQUARE]) == HoleOutline((SQUARE,))


APART = "an outline goes around each hole once, and holes lie apart"
BAD = {
    "has no closed loop: a hole has at least three corners": [],
    "has 2 points; a hole has at least three corners": [SQUARE[:2]],
    "hole 2: has 1 point; a hole has at least three corners": [SQUARE, ((9.0, 9.0),)],
    "points 2 and 3 lie at the same place; remove one": [(SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[2])],
    "encloses no area: its points lie on a line, or it crosses itself": [((0, 0), (1, 1), (2, 2))],
    f"the edges 1-2 and 3-4 cross: {APART}": [((0, 0), (2, 2), (2, 0), (0, 1))],
    f"the edges 2-3 of hole 1 and 1-2 of hole 2 cross: {APART}": [SQUARE, ((3, 1), (6, 1), (6, 2))],
    f"the edges 2-3 of hole 1 and 1-2 of hole 2 come closer than 0.001 equal-area diameters: {APART}": [
        SQUARE, ((4, 1), (6, 1), (6, 2)),
    ],
    "hole 2 lies within hole 1: the piece of wall between them would float; give the outer one alone": [
        SQUARE, ((1, 1), (2, 1), (2, 2)),
    ],
    "the edge 2-3 is shorter than 0.001 equal-area diameters; leave one of its points out": [
        ((0, 0), (4, 0), (4.001, 1e-4), (4, 4)),
    ],
    "the edges 1-2 and 2-3 run back on each other: a corner has at least 1 degree": [
        ((0, 0), (4, 0), (2, 0.02), (2, 2)),
    ],
    "point 1 is not within 1e+06 of the origin; choose another unit": [((float("nan"), 0), (1, 0), (0, 1))],
    "point 2 is not within 1e+06 of the origin; choose another unit": [((0, 0), (1e300, 0), (0, 1))],
    "is less than 1e-06 wide; choose a smaller unit": [((0, 0), (1e-9, 0), (0, 1e-9))],
    "has 1001 corners; at most 1000 are allowed: leave out those between which the outline is nearly "
    "straight": [polygon(MOST_POINTS + 1)],
    "has 51 holes; at most 50 are allowed": [polygon(3, 1.0, (3.0 * k, 0.0)) for k in range(51)],
}  # fmt: skip


@pytest.mark.parametrize("why", BAD)
def test_what_is_no_outline_is_refused(why: str) -> None:
    with pytest.raises(OutlineError) as caught:
        checked_outline(BAD[why])
    assert str(caught.value) == why


@pytest.mark.parametrize(
    "text",
    [
        "0,0\n4,0\n4,4\n0,4\n",
        "# mm\nx; y\n0;0\n4;0\n4;4\n0;4\n0;0",
        "\ufeffx\ty\r\n0\t0\r\n4\t0\r\n4\t4\r\n0\t4",
        "  0 0\n4.0  0\n\t4e0 4\n0 4\n\n\n",
    ],
)
def test_points_are_read_from_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "hole.csv").write_text(text, encoding="utf-8")
    assert checked_outline(read_loops(tmp_path / "hole.csv")) == HoleOutline((SQUARE,))


BAD_TEXTS = {
    "hole.csv: line 2 has 3 columns; a point has two, x and y": "0,0\n1,2,3\n",
    "hole.csv: line 1 has 1 columns; a point has two, x and y": "5\n",
    "hole.csv: line 3: 'one' is not a number": "x,y\n0,0\n1,one\n",
    "hole.csv: line 2: '1,5' is not a number (write 1.5, not 1,5)": "0;0\n1,5;2\n",
    "hole.csv: has no points: write two numbers a line, x and y": "# nothing\nx,y\n",
}


@pytest.mark.parametrize("why", BAD_TEXTS)
def test_a_wrong_line_of_text_is_named(why: str, tmp_path: Path) -> None:
    (tmp_path / "hole.csv").write_text(BAD_TEXTS[why])
    with pytest.raises(OutlineError) as caught:
        read_loops(tmp_path / "hole.csv")
    assert str(caught.value) == why


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "hole.csv").write_bytes(b"0,0\n\xff\xfe,1\n")
    (tmp_path / "folder.csv").mkdir()
    for name, why in {
        "hole.csv": "hole.csv: is no text: byte 4 is not UTF-8",
        "hole.txt": "hole.txt: the file of an outline ends in .csv or .dxf",
        "holes.csv": 'holes.csv: no such file; did you mean "hole.csv"?',
        "folder.csv": "folder.csv: cannot be read: Is a directory",
    }.items():
        with pytest.raises(OutlineError) as caught:
            read_loops(tmp_path / name)
        assert str(caught.value) == why


def drawn(draw: Callable[[object], None], path: Path) -> Path:
    """A drawing with what a function adds to its model space."""
    ezdxf = pytest.importorskip("ezdxf", reason="ezdxf is not installed: the extra `mesh`")
    drawing = ezdxf.new()
    draw(drawing.modelspace())
    text = io.StringIO()
    drawing.write(text)
    path.write_text(text.getvalue())
    return path


def test_loops_of_a_drawing(tmp_path: Path) -> None:
    """A polyline, and lines with an arc, drawn in any order and direction: a square and half a disk."""

    def draw(space: object) -> None:
        space.add_lwpolyline(SQUARE, close=True)  # type: ignore[attr-defined]
        space.add_line((9.0, 0.0), (11.0, 0.0))  # type: ignore[attr-defined]
        space.add_arc((10.0, 0.0), 1.0, 0.0, 180.0)  # type: ignore[attr-defined]
        space.add_text("a note")  # type: ignore[attr-defined]

    outline = checked_outline(read_loops(drawn(draw, tmp_path / "hole.dxf")))
    areas = sorted(HoleOutline((loop,)).area for loop in outline.loops)
    assert areas == pytest.approx([0.5 * pi, 16.0], rel=0.02)  # 0.025 % of 11 off an arc of radius 1
    assert areas[1] == pytest.approx(16.0, rel=1e-12)


@pytest.mark.parametrize("kind", ["circle", "bulges", "ellipse", "spline", "polyline"])
def test_curves_of_a_drawing_become_edges(kind: str, tmp_path: Path) -> None:
    """A circle of radius 1 in five ways; edges that sag by s/r = 5e-4 cut off 2 s/(3 r) of twice the area."""

    def draw(space: object) -> None:
        if kind == "circle":
            space.add_circle((3.0, 4.0), 1.0)  # type: ignore[attr-defined]
        elif kind == "bulges":
            space.add_lwpolyline([(2, 4, 0, 0, 1.0), (4, 4, 0, 0, 1.0)], close=True)  # type: ignore[attr-defined]
        elif kind == "ellipse":
            space.add_ellipse((3.0, 4.0), (1.0, 0.0), ratio=1.0)  # type: ignore[attr-defined]
        elif kind == "spline":
            space.add_spline(fit_points=[(x + 3.0, y + 4.0, 0) for x, y in (*polygon(64), polygon(64)[0])])  # type: ignore[attr-defined]
        else:
            space.add_polyline2d([(x + 3.0, y + 4.0) for x, y in polygon(100)], close=True)  # type: ignore[attr-defined]

    outline = checked_outline(read_loops(drawn(draw, tmp_path / "hole.dxf")))
    assert outline.area == pytest.approx(pi, rel=1.5e-3)
    assert outline.center == pytest.approx((3.0, 4.0), abs=2e-3)


def test_drawings_that_make_no_outline(tmp_path: Path) -> None:
    def gap(space: object) -> None:
        space.add_line((0.0, 0.0), (1.0, 0.0))  # type: ignore[attr-defined]
        space.add_line((1.0, 0.0), (0.0, 1.0))  # type: ignore[attr-defined]

    def note(space: object) -> None:
        space.add_text("a note")  # type: ignore[attr-defined]

    open_line, empty = drawn(gap, tmp_path / "gap.dxf"), drawn(note, tmp_path / "note.dxf")
    garbage = tmp_path / "garbage.dxf"
    garbage.write_bytes(b"0\nSECTION\n2\nENTITIES\nnonsense")
    for path, why in {
        open_line: "gap.dxf: a line ends at (0, 0), where no other begins: close the outline",
        empty: "note.dxf: its model space has none of LWPOLYLINE, POLYLINE, LINE, ARC, CIRCLE, ELLIPSE, "
        "SPLINE; it has TEXT",
        garbage: "garbage.dxf: is no DXF drawing that ezdxf can read",
    }.items():
        with pytest.raises(OutlineError) as caught:
            read_loops(path)
        assert str(caught.value) in (why, why.replace("(0, 0)", "(0, 1)"))


def test_a_corner_of_one_degree_passes() -> None:
    thin = ((0.0, 0.0), (4.0, 0.0), (0.0, 4.0 * tan(pi / 170.0)))
    assert checked_outline([thin]).area == pytest.approx(8.0 * tan(pi / 170.0))
