"""Every broken mesh, built or read, raises a MeshError that says where, and no other error."""

from __future__ import annotations

import base64
import math
import re
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from breachflow.errors import MeshError
from breachflow.mesh import build_mesh, compute_metric
from breachflow.mesh.files import meshio_read
from breachflow.mesh.files.read import read_mesh
from breachflow.mesh.files.write import write_mesh
from breachflow.mesh.metric import outward_sum
from tally import tally

POINTS = [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
CELLS = [[0, 1, 4, 3], [1, 2, 5, 4]]
EDGES = {"in": [[3, 0]], "out": [[2, 5]], "wall": [[0, 1], [1, 2], [5, 4], [4, 3]], "plane": [[1, 4]]}
NAN, INFINITY = math.nan, math.inf


def build(points=None, cells=None, edges=None, **named):
    """The mesh of two squares with other points, cells or names; it may mix cell types."""
    cells = CELLS if cells is None else cells
    blocks = [np.array([cell for cell in cells if len(cell) == n]) for n in sorted({len(c) for c in cells})]
    tagged = {**(EDGES if edges is None else edges), **named}
    pairs = {name: np.array(value) for name, value in tagged.items()}
    return build_mesh(np.array(POINTS if points is None else points, dtype=float), blocks, pairs)


def moved(point: int, *coordinates: float) -> list[list[float]]:
    return [list(coordinates) if i == point else list(xy) for i, xy in enumerate(POINTS)]


def first_cell(*corners: int) -> list[list[int]]:
    return [list(corners), CELLS[1]]


BUILT: dict[str, tuple[dict, str]] = {
    "nan": ({"points": moved(2, NAN, 0)}, "point 2 has the coordinates (nan, 0)"),
    "infinite": ({"points": moved(5, 2, INFINITY)}, "point 5 has the coordinates (2, inf)"),
    "minus infinite": ({"points": moved(0, -INFINITY, 0)}, "point 0 has the coordinates (-inf, 0)"),
    "huge": ({"points": moved(0, -1e60, 0)}, "point 0 has a coordinate of 1e+60"),
    "overflow": ({"points": moved(0, -1e308, 0)}, "point 0 has a coordinate of 1e+308"),
    "no points": ({"points": np.empty((0, 2))}, "the mesh has no points"),
    "points on a line": ({"points": np.zeros((6, 1))}, "points must be an array of 2-D"),
    "no cells": ({"cells": []}, "the mesh has no cells"),
    "index -1": (
        {"cells": first_cell(0, 1, 4, -1)},
        "cell 0 uses point -1, but the points are numbered 0 to 5",
    ),
    "index 1e9": ({"cells": first_cell(0, 1, 10**9, 3)}, "cell 0 uses point 1000000000"),
    "index 2**40": ({"cells": first_cell(0, 1, 2**40, 3)}, "cell 0 uses point 1099511627776"),
    "one too many": ({"cells": first_cell(0, 1, 6, 3)}, "cell 0 uses point 6"),
    "numbered from 1": ({"cells": [[1, 2, 5, 4], [2, 3, 6, 5]]}, "cell 1 uses point 6"),
    "two corners": ({"cells": [[0, 1]]}, "cell 0 has 2 corners"),
    "corner twice": ({"cells": first_cell(0, 1, 1, 3)}, "cell 0 uses point 1 at (1, 0) twice"),
    "all corners one": ({"cells": first_cell(0, 0, 0, 0)}, "cell 0 uses point 0 at (0, 0) twice"),
    "same cell twice": ({"cells": [*CELLS, CELLS[1]]}, "cells 1 and 2 have the same corners"),
    "same cell turned": ({"cells": [*CELLS, [4, 3, 0, 1]]}, "cells 0 and 2 have the same corners"),
    "same cell mirrored": ({"cells": [*CELLS, CELLS[0][::-1]]}, "cells 0 and 2 have the same corners"),
    "crossed": ({"cells": first_cell(0, 4, 1, 3)}, "cell 0 at (0, 0) has no area"),
    "crossed, with area": (
        {"cells": first_cell(0, 4, 1, 3), "points": moved(0, -3, 0.2)},
        "cell 0 at (-3, 0.2) crosses itself",
    ),
    "flat": ({"points": moved(3, 0.5, 0), "cells": [[0, 1, 3]]}, "cell 0 at (0, 0) has no area"),
    "nearly flat": ({"points": moved(3, 0.5, 1e-10), "cells": [[0, 1, 3]]}, "cell 0 at (0, 0) has no area"),
    "all points the same": (
        {"points": np.zeros((6, 2))},
        "has no area (0 with a perimeter of 0; 2 such cells)",
    ),
    "folded over": ({"points": moved(2, 0.5, 0), "cells": [[0, 1, 4], [1, 2, 4]]}, "cells 0 and 1 overlap"),
    "three cells at an edge": (
        {"cells": [[0, 1, 4], [1, 2, 4], [1, 4, 5]]},
        "the edge from (1, 0) to (1, 1) belongs to 3 cells (0, 1, 2)",
    ),
    "no patches": ({"edges": {}}, "6 boundary edges are in no patch"),
    "a patch is missing": (
        {"edges": {name: EDGES[name] for name in ("in", "wall")}},
        "1 boundary edges are in no patch, for example the edge from (2, 0) to (2, 1) "
        "(they lie at x = 2, y = 0 to 1); the patches are: 'in', 'wall'.",
    ),
    "an edge is missing": ({"wall": EDGES["wall"][:3]}, "the edge from (1, 1) to (0, 1)"),
    "in two patches": (
        {"other": [[0, 3]]},
        "the edge from (0, 1) to (0, 0) is in two patches, 'in' and 'other' (1 such edges)",
    ),
    "boundary and inside": (
        {"wall": [*EDGES["wall"], [1, 4]]},
        "'wall' names 4 edges on the boundary and 1 between cells, for example the edge from (1, 0)",
    ),
    "edge of no cell": (
        {"other": [[0, 4]]},
        "the edge from (0, 0) to (1, 1) is named 'other' but is no edge of any cell (1 such edges)",
    ),
    "edge to nowhere": ({"other": [[0, 6]]}, "edge 0 of 'other' joins points 0 and 6"),
    "edge from -1": ({"other": [[-1, 0]]}, "edge 0 of 'other' joins points -1 and 0"),
    "edge to 1e9": ({"other": [[0, 1], [10**9, 0]]}, "edge 1 of 'other' joins points 1000000000 and 0"),
    "edge of one point": ({"other": [[2, 2]]}, "edge 0 of 'other' joins points 2 and 2"),
    "edges of three points": ({"other": [[0, 1, 2]]}, "the edges of 'other' must be pairs of point numbers"),
    "edges of fractions": ({"other": [[0.0, 3.0]]}, "the edges of 'other' must be pairs of point numbers"),
    "edges flat": ({"other": [0, 3]}, "the edges of 'other' must be pairs of point numbers"),
    "hanging node": (
        {"points": [*POINTS, [1, 0.5]], "cells": [[0, 1, 4, 3], [1, 2, 6], [2, 5, 6], [5, 4, 6]]},
        "the point (1, 0.5) lies on the edge from (1, 0) to (1, 1), which has no corner there",
    ),
    "points twice": (
        {"points": [*POINTS, [1, 0], [1, 1 + 1e-9]], "cells": [[0, 1, 4, 3], [6, 2, 5, 7]]},
        "the points of 2 edges are there twice, for example those of the edge from (1, 0) to (1, 1) "
        "(at x = 1, y = 0 to 1): cells on both sides are not joined and no gas passes; merge points",
    ),
    "points twice, one side named": (
        {
            "points": [*POINTS, [1, 0], [1, 1]],
            "cells": [[0, 1, 4, 3], [6, 2, 5, 7]],
            "edges": {"plane": [[1, 4]], "in": [[3, 0]]},
        },
        "the points of 1 edges are there twice",
    ),
}


@pytest.mark.parametrize("name", BUILT)
def test_built(name: str):
    changes, message = BUILT[name]
    if name == "hanging node":
        changes = {**changes, "edges": {key: EDGES[key] for key in ("in", "out", "wall")}}
    if name == "points twice":
        walls = [[0, 1], [6, 2], [5, 7], [4, 3]]
        changes = {**changes, "edges": {"in": EDGES["in"], "out": EDGES["out"], "wall": walls}}
    with pytest.raises(MeshError, match=re.escape(message)):
        build(**changes)


def test_cells_of_fractions():
    with pytest.raises(MeshError, match="must be integer point numbers"):
        build_mesh(np.array(POINTS, dtype=float), [np.array([[0.0, 1.0, 4.0]])], {})


@pytest.mark.parametrize(
    ("offsets", "message"),
    [
        ([0], "no cells"),
        ([0, 3], "do not span"),
        ([1, 4], "do not span"),
        ([0, 5, 4], "cell 1 has -1 corners"),
    ],
)
def test_offsets(offsets: list[int], message: str):
    with pytest.raises(MeshError, match=message):
        build_mesh(np.array(POINTS, dtype=float), (np.array(offsets), np.array([0, 1, 4, 3])), {})


def text_22() -> str:
    lines = [(a + 1, b + 1, tag) for tag, name in enumerate(EDGES, start=1) for a, b in EDGES[name]]
    elements = [f"{i} 1 2 {tag} 1 {a} {b}" for i, (a, b, tag) in enumerate(lines, start=1)]
    elements += ["8 3 2 9 1 1 2 5 4", "9 3 2 9 1 2 3 6 5"]
    points = [f"{i} {x} {y} 0" for i, (x, y) in enumerate(POINTS, start=1)]
    names = [f'1 {tag} "{name}"' for tag, name in enumerate(EDGES, start=1)]
    return "\n".join(
        [
            "$MeshFormat",
            "2.2 0 8",
            "$EndMeshFormat",
            "$PhysicalNames",
            "4",
            *names,
            "$EndPhysicalNames",
            "$Nodes",
            "6",
            *points,
            "$EndNodes",
            "$Elements",
            "9",
            *elements,
            "$EndElements",
            "",
        ]
    )


def text_41() -> str:
    curves = [f"{tag} 0 0 0 2 1 0 1 {tag} 0" for tag in range(1, 5)]
    nodes = [str(i) for i in range(1, 7)] + [f"{x} {y} 0" for x, y in POINTS]
    elements, number = [], 0
    for tag, name in enumerate(EDGES, start=1):
        elements.append(f"1 {tag} 1 {len(EDGES[name])}")
        for a, b in EDGES[name]:
            number += 1
            elements.append(f"{number} {a + 1} {b + 1}")
    elements += ["2 1 3 2", "8 1 2 5 4", "9 2 3 6 5"]
    names = [f'1 {tag} "{name}"' for tag, name in enumerate(EDGES, start=1)]
    return "\n".join(
        [
            "$MeshFormat",
            "4.1 0 8",
            "$EndMeshFormat",
            "$PhysicalNames",
            "4",
            *names,
            "$EndPhysicalNames",
            "$Entities",
            "0 4 1 0",
            *curves,
            "1 0 0 0 2 1 0 0 0",
            "$EndEntities",
            "$Nodes",
            "1 6 1 6",
            "2 1 0 6",
            *nodes,
            "$EndNodes",
            "$Elements",
            "5 9 1 9",
            *elements,
            "$EndElements",
            "",
        ]
    )


def replaced(before: str, after: str, text: Callable[[], str] = text_22) -> Callable[[], str]:
    def changed() -> str:
        assert before in text()
        return text().replace(before, after, 1)

    return changed


FILES: dict[str, tuple[Callable[[], str], str]] = {
    "empty": (lambda: "", "not a Gmsh mesh"),
    "another format": (lambda: "solid cube\nfacet normal 0 0 1\n", "not a Gmsh mesh"),
    "only the header": (lambda: text_22()[:33], "the section $Nodes is missing"),
    "format 4.0": (replaced("2.2 0 8", "4 0 8"), "Gmsh format 4: formats 4.1 and 2.2 can be read"),
    "format 1": (replaced("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n", ""), "not a Gmsh mesh"),
    "data size": (replaced("2.2 0 8", "2.2 0 3"), "Gmsh data size 3"),
    "says binary": (replaced("2.2 0 8", "2.2 1 8"), "does not state its byte order"),
    "no nodes": (replaced("$Nodes", "$Knoten"), "the section $Nodes is missing"),
    "no elements": (replaced("$Elements", "$Elephants"), "the section $Elements is missing"),
    "elements without end": (replaced("$EndElements", ""), "the section $Elements has no end"),
    "more nodes announced": (replaced("$Nodes\n6", "$Nodes\n7"), "7 nodes announced, 6 found"),
    "fewer nodes announced": (replaced("$Nodes\n6", "$Nodes\n5"), "5 nodes announced, 6 found"),
    "1e18 nodes": (replaced("$Nodes\n6", "$Nodes\n" + "9" * 18), "9" * 18 + " nodes announced"),
    "-1 nodes": (replaced("$Nodes\n6", "$Nodes\n-1"), "-1 nodes announced"),
    "more elements announced": (replaced("ts\n9\n", "ts\n10\n"), "10 elements announced, 9 found"),
    "fewer elements announced": (replaced("ts\n9\n", "ts\n8\n"), "9 numbers follow the last element"),
    "1e18 elements": (replaced("ts\n9\n", "ts\n" + "9" * 18 + "\n"), "elements announced, 9 found"),
    "-1 elements": (replaced("ts\n9\n", "ts\n-1\n"), "numbers follow the last element"),
    "node 0": (replaced("1 2 5 4", "0 2 5 4"), "an element uses node 0, which the file does not define"),
    "node -1": (replaced("1 2 5 4", "-1 2 5 4"), "an element uses node -1"),
    "node 1e9": (replaced("1 2 5 4", "1000000000 2 5 4"), "an element uses node 1000000000"),
    "node 1e30": (
        replaced("1 2 5 4", "1" + "0" * 30 + " 2 5 4"),
        "line 29: '1" + "0" * 30 + "' is not an integer",
    ),
    "node twice": (replaced("\n2 1 0 0\n", "\n1 1 0 0\n"), "node 1 is given twice"),
    "node 1.5": (replaced("\n2 1 0 0\n", "\n1.5 1 0 0\n"), "a node's number is no integer"),
    "a letter": (replaced("\n2 1 0 0\n", "\n2 l 0 0\n"), "line 14: 'l' is not a number"),
    "nan": (replaced("\n2 1 0 0\n", "\n2 nan 0 0\n"), "point 1 has the coordinates (nan, 0)"),
    "infinite": (replaced("\n2 1 0 0\n", "\n2 1e999 0 0\n"), "point 1 has the coordinates (inf, 0)"),
    "z is nan": (replaced("\n2 1 0 0\n", "\n2 1 0 nan\n"), "the mesh is not plane"),
    "not plane": (replaced("\n2 1 0 0\n", "\n2 1 0 0.1\n"), "but point 1 is (1, 0, 0.1)"),
    "second order": (replaced("8 3 2 9 1 1 2 5 4", "8 10 2 9 1 1 2 5 4"), "Mesh.ElementOrder = 1"),
    "unknown element": (replaced("8 3 2 9 1", "8 777 2 9 1"), "elements of Gmsh's type 777"),
    "tetrahedron": (
        replaced("8 3 2 9 1", "8 4 2 9 1"),
        "cell 0, a tetrahedron at (0.5, 0.5, 0), has no volume",
    ),
    "-3 tags": (replaced("8 3 2 9 1", "8 3 -3 9 1"), "element 8 has -3 tags"),
    "1e18 tags": (replaced("8 3 2 9 1", "8 3 " + "9" * 18 + " 9 1"), "a section ends too soon"),
    "same cell twice": (replaced("2 3 6 5", "1 2 5 4"), "cells 0 and 1 have the same corners"),
    "no names, no tags": (lambda: re.sub(r"(\n\d 1 2 )\d", r"\g<1>0", text_22()), "the patches are: none."),
    "a name is missing": (replaced("2 1 2 2 1 3 6", "2 1 2 0 1 3 6"), "1 boundary edges are in no patch"),
    "a broken name": (replaced('1 2 "out"', '1 2 "out'), "is not of the form: dimension tag"),
    "only lines": (
        lambda: re.sub(
            r"\$Elements.*", "$Elements\n1\n1 1 2 1 1 1 2\n$EndElements", text_22(), flags=re.DOTALL
        ),
        "the file has named lines and no cells: the region of the gas has no name",
    ),
    "partitions cut off": (
        replaced("$Nodes", "$PartitionedEntities\n2\n0\n0 1 0 0\n$EndPartitionedEntities\n$Nodes", text_41),
        "a section ends too soon",
    ),
    "41 nodes announced": (replaced("1 6 1 6", "1 7 1 6", text_41), "7 nodes announced, 6 found"),
    "41 more blocks": (replaced("1 6 1 6", "2 6 1 6", text_41), "a section ends too soon"),
    "41 1e18 blocks": (replaced("1 6 1 6", "9" * 18 + " 6 1 6", text_41), "a section ends too soon"),
    "41 1e18 in a block": (replaced("2 1 0 6", "2 1 0 " + "9" * 18, text_41), "a section ends too soon"),
    "41 -6 in a block": (replaced("2 1 0 6", "2 1 0 -6", text_41), "a section ends too soon: -6"),
    "41 1e18 entities": (replaced("0 4 1 0", "0 4 " + "9" * 18 + " 0", text_41), "a section ends too soon"),
    "41 elements announced": (replaced("5 9 1 9", "5 8 1 9", text_41), "8 elements announced, 9 found"),
    "41 node 0": (replaced("8 1 2 5 4", "8 0 2 5 4", text_41), "an element uses node 0"),
    "41 second order": (replaced("2 1 3 2", "2 1 16 2", text_41), "Mesh.ElementOrder = 1"),
    "41 no entities": (
        lambda: re.sub(r"\$Entities.*\$EndEntities\n", "", text_41(), flags=re.DOTALL),
        "6 boundary edges are in no patch",
    ),
    "41 two names on a curve": (
        replaced("0 1 1 0", "0 2 1 2 0", text_41),
        "is in two patches, 'in' and 'out' (1 such edges)",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_msh_files(tmp_path: Path, name: str):
    content, message = FILES[name]
    path = tmp_path / "bad.msh"
    path.write_text(content())
    with pytest.raises(MeshError) as caught:
        read_mesh(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert message in str(caught.value)


def vtu() -> str:
    """The two squares as plain text."""
    lines = [edge for name in EDGES for edge in EDGES[name]]
    tags = [0, 0] + [tag for tag, name in enumerate(EDGES, start=1) for _ in EDGES[name]]
    offsets = [4, 8] + [8 + 2 * i for i in range(1, len(lines) + 1)]

    def array(kind: str, name: str, values: list, more: str = "") -> str:
        numbers = " ".join(str(value) for value in values)
        return f'<DataArray type="{kind}" Name="{name}" {more} format="ascii">{numbers}</DataArray>'

    coordinates = [value for point in POINTS for value in (*point, 0)]
    corners = [corner for cell in [*CELLS, *lines] for corner in cell]
    return (
        '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian"><UnstructuredGrid>'
        + f'<Piece NumberOfPoints="6" NumberOfCells="{2 + len(lines)}">'
        + "<Points>"
        + array("Float64", "Points", coordinates, 'NumberOfComponents="3"')
        + "</Points><Cells>"
        + array("Int64", "connectivity", corners)
        + array("Int64", "offsets", offsets)
        + array("UInt8", "types", [9, 9] + [3] * len(lines))
        + "</Cells><CellData>"
        + array("Int64", "patch", tags)
        + "</CellData></Piece></UnstructuredGrid></VTKFile>"
    )


VTU_FILES: dict[str, tuple[Callable[[], str], str]] = {
    "empty": (lambda: "", "is damaged or no mesh"),
    "garbage": (lambda: "\x01\x02 <<<>>", "is damaged or no mesh"),
    "half": (lambda: vtu()[: len(vtu()) // 2], "is damaged or no mesh"),
    "another root": (lambda: "<html></html>", "is damaged or no mesh"),
    "image data": (replaced("UnstructuredGrid", "ImageData", vtu), "is damaged or no mesh"),
    "entity bomb": (
        lambda: (
            '<!DOCTYPE a [<!ENTITY a "'
            + "x" * 1000
            + '">'
            + "".join(f'<!ENTITY a{i} "{("&a" + str(i - 1) + ";" if i else "&a;") * 50}">' for i in range(9))
            + "]><VTKFile>&a8;</VTKFile>"
        ),
        "is damaged or no mesh",
    ),
    "no piece": (lambda: re.sub("<Piece.*</Piece>", "", vtu()), "is damaged or no mesh"),
    "two pieces": (lambda: re.sub("(<Piece.*</Piece>)", r"\1\1", vtu()), "the file has several pieces"),
    "1e18 points": (replaced('Points="6"', f'Points="{"9" * 18}"', vtu), "is damaged or no mesh"),
    "7 points": (replaced('Points="6"', 'Points="7"', vtu), "is damaged or no mesh"),
    "index -1": (replaced(">0 1 4 3", ">-1 1 4 3", vtu), "a cell uses point -1"),
    "index 6": (replaced(">0 1 4 3", ">0 1 6 3", vtu), "a cell uses point 6, but the points are 0 to 5"),
    "index 1e9": (replaced(">0 1 4 3", ">0 1 1000000000 3", vtu), "a cell uses point 1000000000"),
    "offset 1e9": (replaced(">4 8", ">4 1000000000", vtu), "is damaged or no mesh"),
    "nan": (replaced(">0 0 0 1 0", ">0 0 0 nan 0", vtu), "point 1 has the coordinates (nan, 0)"),
    "not plane": (replaced(">0 0 0 1 0", ">0 0 9 1 0", vtu), "the mesh is not plane"),
    "overflow": (
        replaced(">0 0 0 1 0", ">-1e308 0 0 1e308 0", vtu),
        "point 0 has a coordinate of 1e+308",
    ),
    "no tags": (replaced('"patch"', '"color"', vtu), "the patches are: none"),
    "tags of fractions": (
        replaced('"Int64" Name="patch"', '"Float64" Name="patch"', vtu),
        "the cell array 'patch' must hold integers",
    ),
    "tetrahedra": (
        replaced(">9 9 3", ">10 10 3", vtu),
        "cell 0, a tetrahedron at (0.5, 0.5, 0), has no volume",
    ),
    "second order": (replaced(">9 9 3", ">9 9 21", vtu), "cells of the kind 'line3' cannot be read"),
    "unknown cells": (replaced(">9 9 3", ">99 99 3", vtu), "9 cells announced, 7 of kinds that can be read"),
    "unknown numbers": (replaced("Float64", "Float80", vtu), "is damaged or no mesh"),
}


@pytest.mark.parametrize("name", VTU_FILES)
def test_vtu_files(tmp_path: Path, capfd, name: str):
    content, message = VTU_FILES[name]
    path = tmp_path / "bad.vtu"
    path.write_text(content())
    with pytest.raises(MeshError) as caught:
        read_mesh(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_the_files_to_be_broken_are_good(tmp_path: Path):
    for name, content in (("a.msh", text_22()), ("b.msh", text_41()), ("c.vtu", vtu()), ("d.su2", su2())):
        (tmp_path / name).write_text(content)
        assert read_mesh(tmp_path / name).n_cells == 2


def test_no_such_file(tmp_path: Path):
    with pytest.raises(MeshError, match=r"none\.msh: there is no such file"):
        read_mesh(tmp_path / "none.msh")


def test_a_folder(tmp_path: Path):
    (tmp_path / "folder.msh").mkdir()
    with pytest.raises(MeshError, match=r"folder\.msh: is no file"):
        read_mesh(tmp_path / "folder.msh")


@pytest.mark.parametrize("name", ["mesh.stl", "mesh", "mesh.msh.bak", "nul\0.msh"])
def test_other_names(tmp_path: Path, name: str):
    with pytest.raises(MeshError):
        read_mesh(tmp_path / name)


def test_a_format_that_would_lose_the_names_says_so(tmp_path: Path):
    with pytest.raises(MeshError, match=r"neither the names of boundaries.*\.msh \(Gmsh\), \.su2 \(SU2\)"):
        read_mesh(tmp_path / "mesh.cgns")


def su2() -> str:
    """The two squares in SU2's format, with a comment, an index behind points, and a line in a marker."""
    lines = ["% two squares", "NDIME= 2", "NELEM= 2", *(f"9 {' '.join(map(str, cell))} 0" for cell in CELLS)]
    lines += ["NPOIN= 6", *(f"{x} {y} {i}" for i, (x, y) in enumerate(POINTS)), f"NMARK= {len(EDGES)}"]
    for name, edges in EDGES.items():
        lines += [f"MARKER_TAG= {name}", f"MARKER_ELEMS= {len(edges)}", *(f"3 {a} {b}" for a, b in edges)]
    return "\n".join([*lines, ""])


SU2_FILES: dict[str, tuple[Callable[[], str], str]] = {
    "empty": (lambda: "", "not a SU2 mesh: it has no key"),
    "garbage": (lambda: "solid cube\n", "not a SU2 mesh: it begins with 'solid cube'"),
    "solid": (replaced("NDIME= 2", "NDIME= 3", su2), "only tetrahedra (10), hexahedra (12), prisms (13) and"),
    "four dimensions": (replaced("NDIME= 2", "NDIME= 4", su2), "NDIME= 4: a mesh has 2 or 3 dimensions"),
    "two zones": (replaced("NDIME", "NZONE= 2\nNDIME", su2), "the file has several zones"),
    "fewer points": (replaced("NPOIN= 6", "NPOIN= 5", su2), "NPOIN= 5 announced, 6 found"),
    "more cells": (replaced("NELEM= 2", "NELEM= 3", su2), "NELEM= 3 announced, 2 found"),
    "no number": (
        replaced("NPOIN= 6", "NPOIN= six", su2),
        "line 6: what should be an integer is none: 'six'",
    ),
    "one coordinate": (replaced("\n2 1 5\n", "\n2\n", su2), "line 12: a point has two coordinates, not: '2'"),
    "nan": (replaced("\n2 1 5\n", "\n2 nan 5\n", su2), "point 5 has the coordinates (2, nan)"),
    "a corner is missing": (replaced("9 0 1 4 3 0", "9 0 1 4", su2), "of SU2's type 9 has 4 points"),
    "tetrahedron": (replaced("9 0 1 4 3", "10 0 1 4 3", su2), "only triangles (5) and quadrilaterals (9)"),
    "a cell in a marker": (replaced("3 3 0", "5 3 0 1", su2), "only straight lines (3)"),
    "index 6": (replaced("9 0 1 4 3", "9 0 1 6 3", su2), "a cell uses point 6, but the points are 0 to 5"),
    "a marker is missing": (replaced("MARKER_ELEMS= 1\n3 3 0\n", "MARKER_ELEMS= 0\n", su2), "in no patch"),
}


@pytest.mark.parametrize("name", SU2_FILES)
def test_su2_files(tmp_path: Path, name: str):
    content, message = SU2_FILES[name]
    path = tmp_path / "bad.su2"
    path.write_text(content())
    with pytest.raises(MeshError) as caught:
        read_mesh(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("scale", [0.0, -1.0, NAN, INFINITY])
def test_unit_scale(tmp_path: Path, scale: float):
    with pytest.raises(MeshError, match="unit_scale must be a positive number"):
        read_mesh(tmp_path / "mesh.msh", scale)


def test_a_file_too_large_is_not_opened(tmp_path: Path):
    path = tmp_path / "large.msh"
    with path.open("wb") as file:
        file.truncate(600_000_000)  # sparse: takes no room
    with pytest.raises(MeshError, match=r"has 600 MB: at most 500 MB can be read"):
        read_mesh(path)


def outcome(path: Path) -> bool:
    """Whether reading the file raised MeshError; otherwise the mesh must be valid."""
    tally(files=1)
    try:
        mesh = read_mesh(path)
    except MeshError:
        tally(refused=1)
        return True
    metric = compute_metric(mesh, axisymmetric=False)
    assert (metric.volume > 0.0).all()
    leak = np.abs(outward_sum(mesh, metric.face_area[:, 1])).max()
    assert leak <= 1e-12 * np.abs(metric.face_area).max()
    return False


def samples(folder: Path) -> dict[str, bytes]:
    """One small file of each format."""
    (folder / "sample.msh").write_text(text_22())
    mesh = read_mesh(folder / "sample.msh")
    write_mesh(mesh, folder / "sample.vtu")
    return {
        "22.msh": text_22().encode(),
        "41.msh": text_41().encode(),
        "text.vtu": vtu().encode(),
        "text.su2": su2().encode(),
        "base64.vtu": (folder / "sample.vtu").read_bytes(),
        "binary.msh": (Path(__file__).parents[2] / "meshes" / "plate_quads.msh").read_bytes(),
    }


@pytest.mark.parametrize(
    ("name", "rounds"),
    [
        ("22.msh", 1000),
        ("41.msh", 1000),
        ("text.su2", 100),
        ("text.vtu", 300),
        ("base64.vtu", 300),
        ("binary.msh", 100),
    ],
)
def test_mutated_bytes(tmp_path: Path, name: str, rounds: int):
    """1 to 4 bytes changed, removed or doubled at random places."""
    rng = np.random.default_rng(20240801)
    content = samples(tmp_path)[name]
    path = tmp_path / name
    refused = 0
    for _ in range(rounds):
        data = bytearray(content)
        for _ in range(rng.integers(1, 5)):
            place = int(rng.integers(len(data)))
            kind = rng.integers(3)
            if kind == 0:
                data[place] = int(rng.integers(256))
            elif kind == 1:
                del data[place]
            else:
                data[place:place] = data[place : place + int(rng.integers(1, 20))]
        path.write_bytes(bytes(data))
        refused += outcome(path)
    assert refused > 0


def bomb(blocks: int) -> str:
    """A file of some kilobytes whose points unpack to 10 MB for each block."""
    packed = zlib.compress(bytes(10_000_000), 9)
    header = np.array([blocks, 10_000_000, 0, *[len(packed)] * blocks], dtype="<u4").tobytes()
    array = base64.b64encode(header).decode() + base64.b64encode(packed * blocks).decode()
    return f"""<?xml version="1.0"?>
<VTKFile type="UnstructuredGrid" version="0.1" byte_order="LittleEndian" header_type="UInt32"
 compressor="vtkZLibDataCompressor"><UnstructuredGrid>
<Piece NumberOfPoints="{blocks * 10_000_000 // 24}" NumberOfCells="1">
<Points><DataArray type="Float64" NumberOfComponents="3" format="binary">{array}</DataArray></Points>
<Cells><DataArray type="Int64" Name="connectivity" format="ascii">0 1 2</DataArray>
<DataArray type="Int64" Name="offsets" format="ascii">3</DataArray>
<DataArray type="UInt8" Name="types" format="ascii">5</DataArray></Cells>
</Piece></UnstructuredGrid></VTKFile>"""


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meshio_read, "LARGEST_UNPACKED", 35_000_000)
    path = tmp_path / "bomb.vtu"
    path.write_text(bomb(9))
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    with pytest.raises(
        MeshError,
        match=r"bomb\.vtu: an array without a name: its arrays unpack to more than 35 MB, the most that is",
    ):
        read_mesh(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80_000_000


@pytest.mark.parametrize("name", ["22.msh", "41.msh", "text.vtu", "base64.vtu", "binary.msh"])
def test_cut_off_files_are_refused(tmp_path: Path, name: str):
    content = samples(tmp_path)[name]
    path = tmp_path / name
    for end in np.linspace(0, len(content) - len("$EndElements\n") - 1, 100).astype(int):
        path.write_bytes(content[:end])
        assert outcome(path), end


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
def test_random_bytes_are_refused(tmp_path: Path, suffix: str):
    rng = np.random.default_rng(5)
    path = tmp_path / f"noise{suffix}"
    for size in (1, 10, 1000, 100_000):
        path.write_bytes(rng.bytes(size))
        assert outcome(path)
        path.write_bytes(b"$MeshFormat\n4.1 1 8\n\x01\0\0\0\n$EndMeshFormat\n$Nodes\n" + rng.bytes(size))
        assert outcome(path)
