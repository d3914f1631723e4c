"""Mesh files: a written mesh is read back unchanged, and files of other programs are read."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breachflow.errors import MeshError
from breachflow.mesh import Mesh, build_mesh, compute_metric
from breachflow.mesh.files.read import read_mesh
from breachflow.mesh.files.write import write_mesh

MESHES = Path(__file__).parents[2] / "meshes"

POINTS = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]], dtype=float)
NAMES = ("in", "out", "wall", "plane")
LINES = [(1, 4, 1), (3, 6, 2), (1, 2, 3), (2, 3, 3), (4, 5, 3), (5, 6, 3), (2, 5, 4)]
"""First node, second node, tag: two squares, the second cut into triangles, their common edge a surface."""


def gmsh_22(nodes: str = "", z: float = 0.0) -> str:
    """The two squares in Gmsh 2.2 text."""
    lines = [f"{i} 1 2 {tag} 1 {a} {b}" for i, (a, b, tag) in enumerate(LINES, start=1)]
    cells = ["8 3 2 9 1 1 2 5 4", "9 2 2 9 1 2 3 6", "10 2 2 9 1 2 6 5"]
    points = [f"{i} {x} {y} {z}" for i, (x, y) in enumerate(POINTS.tolist(), start=1)]
    names = [f'1 {tag} "{name}"' for tag, name in enumerate(NAMES, start=1)]
    return "\n".join(
        [
            "$MeshFormat",
            "2.2 0 8",
            "$EndMeshFormat",
            "$PhysicalNames",
            "5",
            *names,
            '2 9 "gas"',
            "$EndPhysicalNames",
            "$Nodes",
            str(len(points)),
            *points,
            "$EndNodes",
            "$Elements",
            "10",
            *lines,
            *cells,
            "$EndElements",
            "",
        ]
    )


def gmsh_41_binary(order: str = "<") -> bytes:
    """The two squares in Gmsh 4.1 binary, laid out by the reference manual."""

    def ints(*values: int) -> bytes:
        return struct.pack(f"{order}{len(values)}i", *values)

    def sizes(*values: int) -> bytes:
        return struct.pack(f"{order}{len(values)}Q", *values)

    box = struct.pack(f"{order}6d", 0, 0, 0, 2, 1, 0)
    curves = b"".join(ints(tag) + box + sizes(1) + ints(tag) + sizes(2) + ints(1, -2) for tag in (1, 2, 3, 4))
    entities = sizes(1, 4, 1, 0) + ints(7) + box[:24] + sizes(0) + curves + ints(1) + box + sizes(1) + ints(9)
    entities += sizes(4) + ints(1, 2, 3, 4)
    nodes = sizes(1, 6, 1, 60) + ints(2, 1, 0) + sizes(6, *(10 * i for i in range(1, 7)))
    nodes += b"".join(struct.pack(f"{order}3d", x, y, 0.0) for x, y in POINTS)
    blocks = [(1, tag, 1, [10 * n for n in line[:2]]) for line in LINES for tag in (line[2],)]
    blocks += [(2, 1, 3, [10, 20, 50, 40]), (2, 1, 2, [20, 30, 60]), (2, 1, 2, [20, 60, 50])]
    elements = sizes(len(blocks), 10, 1, 10)
    for number, (dimension, entity, kind, corners) in enumerate(blocks, start=1):
        elements += ints(dimension, entity, kind) + sizes(1, number, *corners)
    names = "".join(f'1 {tag} "{name}"\n' for tag, name in enumerate(NAMES, start=1))
    return b"".join(
        [
            b"$MeshFormat\n4.1 1 8\n",
            ints(1),
            b"\n$EndMeshFormat\n",
            b"$PhysicalNames\n4\n",
            names.encode(),
            b"$EndPhysicalNames\n",
            b"$Entities\n",
            entities,
            b"\n$EndEntities\n$Nodes\n",
            nodes,
            b"\n$EndNodes\n",
            b"$Elements\n",
            elements,
            b"\n$EndElements\n",
        ]
    )


def gmsh_22_binary(order: str = "<") -> bytes:
    def ints(*values: int) -> bytes:
        return struct.pack(f"{order}{len(values)}i", *values)

    nodes = b"".join(struct.pack(f"{order}i3d", i, x, y, 0.0) for i, (x, y) in enumerate(POINTS, start=1))
    elements = ints(1, len(LINES), 2)
    for number, (first, second, tag) in enumerate(LINES, start=1):
        elements += ints(number, tag, 1, first, second)
    elements += ints(3, 1, 2, 8, 9, 1, 1, 2, 5, 4)
    elements += ints(2, 2, 2, 9, 9, 1, 2, 3, 6, 10, 9, 1, 2, 6, 5)
    names = "".join(f'1 {tag} "{name}"\n' for tag, name in enumerate(NAMES, start=1))
    return b"".join(
        [
            b"$MeshFormat\n2.2 1 8\n",
            ints(1),
            b"\n$EndMeshFormat\n",
            b"$PhysicalNames\n4\n",
            names.encode(),
            b"$EndPhysicalNames\n",
            b"$Nodes\n6\n",
            nodes,
            b"\n$EndNodes\n$Elements\n10\n",
            elements,
            b"\n$EndElements\n",
        ]
    )


def same(first: Mesh, second: Mesh) -> bool:
    arrays = ("points", "cell_offsets", "cell_points", "cell_types", "face_points", "face_cells")
    return (
        all(np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays)
        and {name: faces.tolist() for name, faces in first.patches.items()}
        == {name: faces.tolist() for name, faces in second.patches.items()}
        and {name: (s.faces.tolist(), s.sides.tolist()) for name, s in first.surfaces.items()}
        == {name: (s.faces.tolist(), s.sides.tolist()) for name, s in second.surfaces.items()}
    )


def read_bytes(folder: Path, content: bytes | str, name: str = "mesh.msh", scale: float = 1.0) -> Mesh:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_mesh(path, scale)


@pytest.fixture
def squares(tmp_path: Path) -> Mesh:
    return read_bytes(tmp_path, gmsh_22(), "squares.msh")


def test_gmsh_22_text(squares: Mesh):
    assert squares.points.tolist() == POINTS.tolist()
    assert squares.cell_types.tolist() == [9, 5, 5]
    assert squares.cell_points.tolist() == [0, 1, 4, 3, 1, 2, 5, 1, 5, 4]
    assert {name: len(faces) for name, faces in squares.patches.items()} == {"in": 1, "out": 1, "wall": 4}
    assert squares.surfaces["plane"].sides.tolist() == [1.0]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("content", [gmsh_41_binary, gmsh_22_binary])
def test_gmsh_binary_is_the_same_mesh(tmp_path: Path, squares: Mesh, content, order: str):
    assert same(read_bytes(tmp_path, content(order)), squares)


def test_line_ends_of_windows(tmp_path: Path, squares: Mesh):
    assert same(read_bytes(tmp_path, gmsh_22().replace("\n", "\r\n")), squares)


def test_points_no_cell_uses_are_dropped(tmp_path: Path, squares: Mesh):
    text = gmsh_22().replace("$Nodes\n6\n", "$Nodes\n8\n70 nan 0 0\n80 3 3 3\n")
    assert same(read_bytes(tmp_path, text), squares)


def test_any_constant_z(tmp_path: Path, squares: Mesh):
    assert same(read_bytes(tmp_path, gmsh_22(z=-7.5)), squares)


def test_unit_scale(tmp_path: Path, squares: Mesh):
    assert read_bytes(tmp_path, gmsh_22(), scale=1e-3).points.tolist() == (squares.points * 1e-3).tolist()


def test_a_tag_without_a_name(tmp_path: Path):
    mesh = read_bytes(tmp_path, gmsh_22().replace('1 2 "out"\n', ""))
    assert list(mesh.patches) == ["in", "patch_2", "wall"]


def test_two_tags_of_one_name_are_one_patch(tmp_path: Path):
    mesh = read_bytes(tmp_path, gmsh_22().replace('1 2 "out"', '1 2 "in"'))
    assert {name: len(faces) for name, faces in mesh.patches.items()} == {"in": 2, "wall": 4}


def test_names_with_spaces_and_other_alphabets(tmp_path: Path):
    mesh = read_bytes(tmp_path, gmsh_22().replace('"out"', '"Weltraum ∞ (leer)"'))
    assert list(mesh.patches) == ["in", "Weltraum ∞ (leer)", "wall"]


def test_a_region_and_a_curve_may_share_a_name(tmp_path: Path, squares: Mesh):
    assert same(read_bytes(tmp_path, gmsh_22().replace('"gas"', '"wall"')), squares)


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
@pytest.mark.parametrize("name", ["plate_triangles.msh", "plate_quads.msh", "plate_mixed.vtu"])
def test_round_trip_of_the_shipped_meshes(tmp_path: Path, name: str, suffix: str):
    mesh = read_mesh(MESHES / name)
    write_mesh(mesh, tmp_path / f"copy{suffix}")
    assert same(read_mesh(tmp_path / f"copy{suffix}"), mesh)
    assert [path.name for path in tmp_path.iterdir()] == [f"copy{suffix}"]


@pytest.mark.parametrize(
    ("name", "cells"), [("plate_triangles.msh", 2332), ("plate_quads.msh", 2516), ("plate_mixed.vtu", 1811)]
)
def test_shipped_meshes_are_the_plate_they_say(name: str, cells: int):
    mesh = read_mesh(MESHES / name, unit_scale=1e-3)
    metric = compute_metric(mesh, axisymmetric=True)
    assert mesh.n_cells == cells
    assert sorted(mesh.patches) == ["axis", "cabin", "space", "wall"]
    orifice = mesh.surfaces["orifice"]
    assert (orifice.sides == 1.0).all()
    assert metric.face_area[orifice.faces].sum(axis=0) == pytest.approx([0.5e-6, 0.0], abs=1e-18)
    # Two half balls and the hole; the chords of at most 6 degrees leave out less than 0.5 %.
    whole = (12.0**3 / 3 + 4.0**3 / 3 + 0.5) * 1e-9
    assert 0.995 * whole < metric.volume.sum() < whole
    assert (MESHES / name).stat().st_size < 300_000


@pytest.mark.parametrize("suffix", [".msh", ".vtu"])
def test_wall_of_no_thickness_survives_a_round_trip(tmp_path: Path, suffix: str):
    points = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1], [1, 0], [1, 1]], dtype=float) / 3
    cells = [np.array([[0, 1, 4, 3], [6, 2, 5, 7]])]
    outside = np.array([[0, 1], [4, 3], [3, 0], [6, 2], [2, 5], [5, 7]])
    mesh = build_mesh(points, cells, {"outside": outside, "wall": np.array([[1, 4], [6, 7]])})
    write_mesh(mesh, tmp_path / f"wall{suffix}")
    assert same(read_mesh(tmp_path / f"wall{suffix}"), mesh)


def hexagon() -> Mesh:
    angle = np.arange(6) * np.pi / 3
    index = np.arange(6)
    edges = {"wall & <rim>": np.column_stack([index, np.roll(index, -1)])}
    return build_mesh(np.column_stack([np.cos(angle), np.sin(angle)]), [index[None, :]], edges)


def test_polygons_and_odd_names_in_vtu(tmp_path: Path):
    write_mesh(hexagon(), tmp_path / "hexagon.vtu")
    assert same(read_mesh(tmp_path / "hexagon.vtu"), hexagon())


def test_polygons_do_not_fit_into_msh(tmp_path: Path):
    with pytest.raises(MeshError, match=r"hexagon.msh: a .msh file holds triangles and quadrilaterals only"):
        write_mesh(hexagon(), tmp_path / "hexagon.msh")


@pytest.mark.parametrize("tag_array", ["gmsh:physical", "patch", "medit:ref"])
def test_vtu_of_other_programs(tmp_path: Path, capfd, squares: Mesh, tag_array: str):
    import meshio

    cells = [("quad", [[0, 1, 4, 3]]), ("triangle", [[1, 2, 5], [1, 5, 4]])]
    cells.append(("line", [[a - 1, b - 1] for a, b, _ in LINES]))
    tags = [np.array([9]), np.array([9, 9]), np.array([tag for _, _, tag in LINES])]
    points = np.column_stack([POINTS, np.zeros(6)])
    path = tmp_path / "other.vtu"
    meshio.Mesh(points, cells, cell_data={tag_array: tags}).write(path)
    capfd.readouterr()
    mesh = read_mesh(path)
    assert capfd.readouterr() == ("", "")
    assert list(mesh.patches) == ["patch_1", "patch_2", "patch_3"]
    assert list(mesh.surfaces) == ["patch_4"]
    assert np.array_equal(mesh.face_cells, squares.face_cells)


def partitioned(text: str) -> str:
    """The file with its curve 1 and its surface in two partitions, whose border is curve 12."""
    curves = ["11 1 1 1 1 0 0 0 0 1 0 1 1 2 1 2", "12 2 1 2 1 2 1 0 0 1 1 0 1 77 0"]
    section = ["$PartitionedEntities", "2", "1", "5 1", "1 2 0 0", "1 0 7 1 2 0 0 0 0", *curves]
    text = text.replace("$Nodes", "\n".join([*section, "$EndPartitionedEntities", "$Nodes"]), 1)
    return text.replace("1 1 1 1\n", "1 11 1 1\n", 1)


def test_partitions_do_not_matter(tmp_path: Path):
    names = {1: "in", 2: "out", 3: "wall", 4: "plane"}
    curves = [f"{tag} 0 0 0 2 1 0 1 {tag} 0" for tag in names]
    lines = [f"1 {tag} 1 1\n{i} {a} {b}" for i, (a, b, tag) in enumerate(LINES, start=1)]
    rows = ["$MeshFormat", "4.1 0 8", "$EndMeshFormat", "$PhysicalNames", "4"]
    rows += [*(f'1 {tag} "{name}"' for tag, name in names.items()), "$EndPhysicalNames", "$Entities"]
    rows += ["0 4 1 0", *curves, "1 0 0 0 2 1 0 0 0", "$EndEntities", "$Nodes", "1 6 1 6", "2 1 0 6"]
    rows += [*map(str, range(1, 7)), *(f"{x} {y} 0" for x, y in POINTS.tolist()), "$EndNodes", "$Elements"]
    rows += ["8 8 1 8", *lines, "2 1 3 1", "8 1 2 5 4", "$EndElements", ""]
    whole = (
        "\n".join(rows).replace("8 8 1 8", "9 9 1 9").replace("8 1 2 5 4", "8 1 2 5 4\n2 1 3 1\n9 2 3 6 5")
    )
    assert partitioned(whole) != whole
    assert same(read_bytes(tmp_path, partitioned(whole)), read_bytes(tmp_path, whole))


@pytest.mark.parametrize("suffix", [".su2", ".med", ".vtk"])
def test_formats_of_other_programs(tmp_path: Path, capfd, squares: Mesh, suffix: str):
    """Names survive in .su2 and .med; a .vtk file has numbers alone."""
    path = tmp_path / f"other{suffix}"
    if suffix == ".su2":
        rows = ["NDIME= 2", "NELEM= 3", "9 0 1 4 3 0", "5 1 2 5 1", "5 1 5 4 2", "NPOIN= 6"]
        rows += [*(f"{x} {y} {i}" for i, (x, y) in enumerate(POINTS.tolist())), "NMARK= 4"]
        for tag, name in enumerate(NAMES, start=1):
            marked = [f"3 {a - 1} {b - 1}" for a, b, of in LINES if of == tag]
            rows += [f"MARKER_TAG= {name}", f"MARKER_ELEMS= {len(marked)}", *marked]
        path.write_text("\n".join(rows))
    else:
        write_by_meshio(path, "cell_tags" if suffix == ".med" else "CellEntityIds")
    capfd.readouterr()
    mesh = read_mesh(path)
    assert capfd.readouterr() == ("", "")
    if suffix == ".vtk":
        assert list(mesh.patches) == ["patch_1", "patch_2", "patch_3"]
    else:
        assert {name: mesh.patches[name].tolist() for name in sorted(mesh.patches)} == {
            name: squares.patches[name].tolist() for name in sorted(squares.patches)
        }
        assert list(mesh.surfaces) == ["plane"]
    assert np.array_equal(mesh.points, squares.points)


def write_by_meshio(path: Path, tag_array: str) -> None:
    import meshio

    cells = [("quad", [[0, 1, 4, 3]]), ("triangle", [[1, 2, 5], [1, 5, 4]])]
    cells.append(("line", [[a - 1, b - 1] for a, b, _ in LINES]))
    tags = [np.array([9]), np.array([9, 9]), np.array([tag for _, _, tag in LINES])]
    points = np.column_stack([POINTS, np.zeros(6)])
    found = meshio.Mesh(points, cells, cell_data={tag_array: tags})
    found.cell_tags = {9: ["gas"], **{tag: [name] for tag, name in enumerate(NAMES, start=1)}}
    meshio.write(path, found)


def test_gmsh_reads_what_meshio_reads(tmp_path: Path, squares: Mesh):
    """An independent reader finds the same cells and names in the files."""
    import meshio

    write_mesh(squares, tmp_path / "ours.msh")
    found = meshio.read(tmp_path / "ours.msh")
    assert {name: value.tolist() for name, value in found.field_data.items()} == {
        "in": [1, 1],
        "out": [2, 1],
        "wall": [3, 1],
        "plane": [4, 1],
        "gas": [5, 2],
    }
    assert [(block.type, len(block.data)) for block in found.cells] == [
        ("line", 7),
        ("quad", 1),
        ("triangle", 2),
    ]
    assert found.points[:, :2].tolist() == POINTS.tolist()


def test_writing_replaces_a_file_only_when_complete(tmp_path: Path, squares: Mesh, monkeypatch):
    path = tmp_path / "mesh.msh"
    write_mesh(squares, path)
    before = path.read_text()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MeshError, match=r"mesh\.msh: cannot write: No space left on device \(free"):
        write_mesh(squares, path)
    assert path.read_text() == before
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "squares.msh"] == ["mesh.msh"]


@pytest.mark.parametrize("name", ["mesh.msh", "mesh.vtu"])
def test_writing_replaces_its_own_files_alone(tmp_path: Path, squares: Mesh, name: str):
    """Meshes of others, of Gmsh and of meshio, are no files to be replaced."""
    path = tmp_path / name
    others = [b"", b"$MeshFormat\n2.2 0 8\n$EndMeshFormat\n", (MESHES / "tube.msh").read_bytes()]
    for content in others:
        path.write_bytes(content)
        with pytest.raises(MeshError, match=r"is no mesh that breachflow wrote and is not replaced; remove"):
            write_mesh(squares, path)
        assert path.read_bytes() == content
    path.unlink()
    write_mesh(squares, path)
    write_mesh(squares, path)
    assert read_mesh(path).n_cells == squares.n_cells


def test_writing_where_there_is_no_folder(tmp_path: Path, squares: Mesh):
    with pytest.raises(MeshError, match=r"mesh\.vtu: its folder does not exist; create it"):
        write_mesh(squares, tmp_path / "none" / "mesh.vtu")


@pytest.mark.parametrize("name", ["mesh.stl", "mesh", "mesh.msh.gz"])
def test_writing_other_formats(tmp_path: Path, squares: Mesh, name: str):
    with pytest.raises(MeshError, match=r"a mesh can be written as \.msh \(Gmsh\) or \.vtu \(VTK\)"):
        write_mesh(squares, tmp_path / name)


@pytest.mark.parametrize("name", ['a"b', "a\nb"])
def test_writing_names_that_cannot_be_read_back(tmp_path: Path, squares: Mesh, name: str):
    renamed = replace(squares, patches={name: np.concatenate(list(squares.patches.values()))})
    with pytest.raises(MeshError, match="cannot be written: no quotes, no line breaks"):
        write_mesh(renamed, tmp_path / "mesh.msh")
