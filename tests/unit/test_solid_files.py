"""Files of meshes in space: a written mesh is read back unchanged, and files of other programs are read."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from breachflow.errors import MeshError
from breachflow.mesh import Mesh, compute_metric
from breachflow.mesh.files.read import read_mesh
from breachflow.mesh.files.write import write_mesh
from breachflow.mesh.shapes import SHAPES
from solid_boxes import KINDS, SIDES, unit_box

GMSH_KINDS = {4: 4, 8: 5, 6: 6, 5: 7}
"""Gmsh's kinds of solid elements by their number of corners (reference manual, "Node ordering")."""

FACE_KINDS = {3: 2, 4: 3}
"""Gmsh's kinds of plane elements by their number of corners."""


def same(first: Mesh, second: Mesh) -> bool:
    """Whether two meshes are equal but for the order of their cells' faces."""
    arrays = ("points", "cell_offsets", "cell_points", "cell_types", "face_points", "face_cells")
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays) and {
        name: faces.tolist() for name, faces in first.patches.items()
    } == {name: faces.tolist() for name, faces in second.patches.items()}


def elements(mesh: Mesh) -> list[tuple[int, int, int, list[int]]]:
    """Dimension, tag, Gmsh's kind and node tags of all elements: faces of patches, then cells."""
    rows = []
    for tag, faces in enumerate(mesh.patches.values(), start=1):
        for face in faces.tolist():
            corners = mesh.face_points[mesh.face_offsets[face] : mesh.face_offsets[face + 1]]
            rows.append((2, tag, FACE_KINDS[len(corners)], (10 * corners + 10).tolist()))
    for start, end in pairwise(mesh.cell_offsets.tolist()):
        rows.append((3, 1, GMSH_KINDS[end - start], (10 * mesh.cell_points[start:end] + 10).tolist()))
    return rows


def names(mesh: Mesh) -> str:
    found = [f'2 {tag} "{name}"' for tag, name in enumerate(mesh.patches, start=1)]
    return "\n".join([f"$PhysicalNames\n{len(found) + 1}", *found, '3 1 "gas"', "$EndPhysicalNames\n"])


def gmsh_41_text(mesh: Mesh) -> bytes:
    """Gmsh 4.1 text, laid out by the reference manual: an element a block, node tags in steps of ten."""
    n, rows, box = len(mesh.points), elements(mesh), "0 0 0 1 1 1"
    surfaces = [f"{tag} {box} 1 {tag} 0" for tag in range(1, len(mesh.patches) + 1)]
    nodes = [*(str(10 * i + 10) for i in range(n)), *(" ".join(map(repr, x)) for x in mesh.points.tolist())]
    blocks = [
        f"{d} {tag} {kind} 1\n{i} {' '.join(map(str, c))}" for i, (d, tag, kind, c) in enumerate(rows, 1)
    ]
    text = [f"$MeshFormat\n4.1 0 8\n$EndMeshFormat\n{names(mesh)}$Entities\n0 0 {len(surfaces)} 1", *surfaces]
    text += [f"1 {box} 1 1 0\n$EndEntities\n$Nodes\n1 {n} 10 {10 * n}\n3 1 0 {n}", *nodes]
    text += [f"$EndNodes\n$Elements\n{len(rows)} {len(rows)} 1 {len(rows)}", *blocks, "$EndElements\n"]
    return "\n".join(text).encode()


def gmsh_41_binary(mesh: Mesh) -> bytes:
    """The same in binary."""

    def ints(*values: int) -> bytes:
        return struct.pack(f"<{len(values)}i", *values)

    def sizes(*values: int) -> bytes:
        return struct.pack(f"<{len(values)}Q", *values)

    n, rows, box = len(mesh.points), elements(mesh), struct.pack("<6d", 0, 0, 0, 1, 1, 1)
    entities = sizes(0, 0, len(mesh.patches), 1)
    for tag in range(1, len(mesh.patches) + 1):
        entities += ints(tag) + box + sizes(1) + ints(tag) + sizes(0)
    entities += ints(1) + box + sizes(1) + ints(1) + sizes(0)
    nodes = sizes(1, n, 10, 10 * n) + ints(3, 1, 0) + sizes(n, *range(10, 10 * n + 10, 10))
    nodes += mesh.points.astype("<f8").tobytes()
    found = sizes(len(rows), len(rows), 1, len(rows))
    for number, (dimension, tag, kind, corners) in enumerate(rows, start=1):
        found += ints(dimension, tag, kind) + sizes(1, number, *corners)
    parts = [b"$MeshFormat\n4.1 1 8\n", ints(1), b"\n$EndMeshFormat\n", names(mesh).encode()]
    for name, body in (("Entities", entities), ("Nodes", nodes), ("Elements", found)):
        parts += [f"${name}\n".encode(), body, f"\n$End{name}\n".encode()]
    return b"".join(parts)


def gmsh_22_binary(mesh: Mesh) -> bytes:
    n, rows = len(mesh.points), elements(mesh)
    body = b"".join(struct.pack("<i3d", 10 * i + 10, *x) for i, x in enumerate(mesh.points.tolist()))
    found = b""
    for number, (_, tag, kind, corners) in enumerate(rows, start=1):
        found += struct.pack(f"<{6 + len(corners)}i", kind, 1, 2, number, tag, 1, *corners)
    head = b"$MeshFormat\n2.2 1 8\n" + struct.pack("<i", 1) + b"\n$EndMeshFormat\n" + names(mesh).encode()
    middle = f"\n$EndNodes\n$Elements\n{len(rows)}\n".encode()
    return head + f"$Nodes\n{n}\n".encode() + body + middle + found + b"\n$EndElements\n"


def su2_text(mesh: Mesh) -> bytes:
    codes, rows = {4: 10, 8: 12, 6: 13, 5: 14, 3: 5}, elements(mesh)

    def lines(dimension: int, wanted: int) -> list[str]:
        plain = [
            [c // 10 - 1 for c in corners] for d, tag, _, corners in rows if (d, tag) == (dimension, wanted)
        ]
        quad = {4: 9} if dimension == 2 else {}
        return [f"{(codes | quad)[len(c)]} {' '.join(map(str, c))}" for c in plain]

    text = ["NDIME= 3", f"NELEM= {mesh.n_cells}", *lines(3, 1), f"NPOIN= {len(mesh.points)}"]
    text += [f"{' '.join(map(repr, x))} {i}" for i, x in enumerate(mesh.points.tolist())]
    for tag, name in enumerate(mesh.patches, start=1):
        text += [f"MARKER_TAG= {name}", f"MARKER_ELEMS= {len(mesh.patches[name])}", *lines(2, tag)]
    return "\n".join(text).encode()


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
@pytest.mark.parametrize("kind", KINDS)
def test_round_trip(tmp_path: Path, kind: str, suffix: str):
    mesh = unit_box(4, kind, 0.3)
    write_mesh(mesh, tmp_path / f"box{suffix}")
    assert same(read_mesh(tmp_path / f"box{suffix}"), mesh)


@pytest.mark.parametrize("content", [gmsh_41_text, gmsh_41_binary, gmsh_22_binary, su2_text])
@pytest.mark.parametrize("kind", KINDS)
def test_files_of_other_programs(tmp_path: Path, kind: str, content):
    mesh = unit_box(4, kind, 0.3)
    path = tmp_path / ("box.su2" if content is su2_text else "box.msh")
    path.write_bytes(content(mesh))
    assert same(read_mesh(path), mesh)


@pytest.mark.parametrize("suffix", [".vtk", ".vtu", ".med"])
def test_formats_by_meshio(tmp_path: Path, suffix: str):
    """Names survive in .med; a .vtk file, and a .vtu file of another program, have numbers alone."""
    import meshio

    mesh = unit_box(4, "mixed")
    kinds = {4: "tetra", 5: "pyramid", 6: "wedge", 8: "hexahedron"}
    blocks, tags = {}, {}
    for dimension, tag, _, corners in elements(mesh):
        kind = kinds[len(corners)] if dimension == 3 else {3: "triangle", 4: "quad"}[len(corners)]
        blocks.setdefault(kind, []).append([corner // 10 - 1 for corner in corners])
        tags.setdefault(kind, []).append(-9 if dimension == 3 else -tag)
    array = "cell_tags" if suffix == ".med" else "CellEntityIds"
    found = meshio.Mesh(mesh.points, blocks, cell_data={array: [np.array(block) for block in tags.values()]})
    if suffix == ".med":
        found.cell_tags = {-9: ["gas"], **{-tag: [name] for tag, name in enumerate(SIDES, start=1)}}
    meshio.write(tmp_path / f"box{suffix}", found)
    read = read_mesh(tmp_path / f"box{suffix}")
    ours = SIDES if suffix == ".med" else [f"patch_{-tag}" for tag in range(1, 7)]
    assert sorted(read.patches) == sorted(ours)
    assert len(read.patches[ours[1]]) == len(mesh.patches["east"])
    assert read.n_cells == mesh.n_cells
    assert compute_metric(read, False).volume.sum() == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_vtk_finds_the_same_volumes(tmp_path: Path, kind: str):
    """An independent program measures the cells of a file: their corners stand in its order."""
    pyvista = pytest.importorskip("pyvista")
    mesh = unit_box(4, kind)
    write_mesh(mesh, tmp_path / "box.vtu")
    grid = pyvista.read(tmp_path / "box.vtu").compute_cell_sizes(length=False, area=False)
    found = np.asarray(grid.cell_data["Volume"])[: mesh.n_cells]
    assert np.abs(found) == pytest.approx(compute_metric(mesh, False).volume, rel=1e-6)


def test_unit_scale(tmp_path: Path):
    write_mesh(unit_box(2), tmp_path / "box.msh")
    assert np.ptp(read_mesh(tmp_path / "box.msh", 1e-3).points, axis=0) == pytest.approx([1e-3] * 3)


def test_a_surface_alone_says_what_is_missing(tmp_path: Path):
    """The cells have no name, and Gmsh has saved the named faces alone."""
    write_mesh(unit_box(2), tmp_path / "box.msh")
    text = (tmp_path / "box.msh").read_text()
    head, _, body = text.partition("$Elements\n")
    faces = [line for line in body.splitlines() if line.split()[1:2] == ["3"]]
    (tmp_path / "box.msh").write_text(
        f"{head}$Elements\n{len(faces)}\n" + "\n".join([*faces, "$EndElements", ""])
    )
    with pytest.raises(MeshError, match=r"not plane.*name their region \(in Gmsh: a Physical Volume\)"):
        read_mesh(tmp_path / "box.msh")


def test_faces_of_five_corners_are_refused(tmp_path: Path):
    import meshio

    cells = [("tetra", [[0, 1, 2, 3]]), ("polygon", [[0, 1, 2, 3, 4]])]
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], dtype=float)
    found = meshio.Mesh(points, cells, cell_data={"patch": [np.array([0]), np.array([1])]})
    meshio.write(tmp_path / "five.vtu", found)
    with pytest.raises(MeshError, match="a face has 5 corners: a cell in space has faces of three or four"):
        read_mesh(tmp_path / "five.vtu")


@pytest.mark.parametrize("content", [gmsh_41_text, gmsh_41_binary, gmsh_22_binary, su2_text])
def test_mutated_bytes(tmp_path: Path, content):
    """1 to 4 bytes changed, removed or doubled at random places: a sound mesh, or a refusal."""
    rng, whole = np.random.default_rng(20240802), content(unit_box(2, "mixed"))
    path = tmp_path / ("box.su2" if content is su2_text else "box.msh")
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 5)):
            place, kind = int(rng.integers(len(data))), rng.integers(3)
            if kind == 0:
                data[place] = int(rng.integers(256))
            elif kind == 1:
                del data[place]
            else:
                data[place:place] = data[place : place + int(rng.integers(1, 20))]
        path.write_bytes(bytes(data))
        try:
            metric = compute_metric(read_mesh(path), False)
        except MeshError:
            refused += 1
            continue
        assert (metric.volume > 0.0).all()
    assert refused > 0


def test_kinds_of_shapes_are_those_of_the_manual():
    assert set(GMSH_KINDS) == set(SHAPES)
