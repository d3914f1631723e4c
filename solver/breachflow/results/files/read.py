"""Reading results: a file is checked before it is loaded; snapshots are loaded when they are used."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import MissingColumn, ResultError
from breachflow.results.data import (
    FACE_SHAPES,
    CellTopology,
    Column,
    Field,
    Patch,
    Quantity,
    Snapshot,
    are_faces,
)
from breachflow.results.files.check import (
    is_dataset,
    open_checked,
    plain,
    read_attribute,
    require_format,
)
from breachflow.results.files.layout import (
    CABIN_ATTRIBUTE,
    CHECKPOINT_ATTRIBUTE,
    LAYOUT_ATTRIBUTE,
    LAYOUT_VERSION,
    SNAPSHOT_FIELDS,
    TABLE_ATTRIBUTE,
    ContentError,
    SnapshotStep,
    decode_name,
    is_snapshot_file,
    not_ours,
    reading,
    steps_folder,
)
from breachflow.results.files.seal import has_seal
from breachflow.results.quantities import quantity_named
from breachflow.results.result import Result, Snapshots

if TYPE_CHECKING:
    import h5py


def read_result(path: str | os.PathLike[str]) -> Result:
    """Check and load a result. Raises ResultError where the file is damaged, unsafe or no such result."""
    path = Path(path)
    with open_checked(path) as (root, _):
        _require_layout(root)
        points, cells = _read_mesh(root)
        steps = _read_steps(root)
        n_cells = len(cells.types)
        return Result(
            path=path,
            points=points,
            cells=cells,
            summary=dict(_quantity(name, item) for name, item in _group(root, "summary").items()),
            history=_columns(_group(root, "history")),
            probes={decode_name(name): _columns(item) for name, item in _group(root, "probes").items()},
            patches=_patches(_group(root, "patches"), len(points)) if "patches" in root else {},
            case_text=_text(root, "case/given"),
            case_completed=_text(root, "case/completed"),
            provenance=_attributes(_group(root, "provenance")),
            times=np.array([step.time for step in steps], dtype=np.float64),
            snapshots=_snapshots(steps_folder(path), steps, n_cells),
            steady_fields={} if steps else _fields(_group(root, "VTKHDF/CellData"), n_cells, path),
        )


def _snapshots(folder: Path, steps: list[SnapshotStep], n_cells: int) -> Snapshots:
    read = partial(_numbered, folder, steps, n_cells)  # no local function: results can be pickled
    return Snapshots(range(len(steps)), read, folder.name)


def require_replaceable(path: Path) -> None:
    """Raise ResultError where a file is there that is no result of a run: it is not replaced unasked.

    A damaged result is replaced: to run the case again is how it is restored.
    """
    if not path.exists():
        return
    try:
        with open_checked(path) as (root, _):
            is_result = LAYOUT_ATTRIBUTE in root.attrs
    except ResultError:
        is_result = has_seal(path)
    if not is_result:
        raise ResultError(
            f"{path}: is no result of a run and is not replaced; remove it, or choose another name with -o"
        )


def _numbered(folder: Path, steps: list[SnapshotStep], n_cells: int, number: int) -> Snapshot:
    return read_snapshot(folder, steps[number], n_cells)


def read_snapshot(folder: Path, step: SnapshotStep, n_cells: int) -> Snapshot:
    """A snapshot of a mesh of `n_cells`.

    Raises ResultError where it is missing, damaged or not the one that is named.
    """
    path = folder / step.file
    if folder.is_symlink() or path.is_symlink():
        raise ResultError(f"{path}: snapshots are not read through symbolic links; put the file itself there")
    if not path.exists():
        raise ResultError(f"{path}: this snapshot is missing; keep {folder.name} beside its result file")
    with open_checked(path) as (root, digest):
        if digest != step.digest:
            raise ContentError(
                f"its checksum {str(digest)[:8]} is not {step.digest[:8]}: not the snapshot that the result "
                "names; it belongs to another run"
            )
        return Snapshot(step.time, _fields(_group(root, SNAPSHOT_FIELDS), n_cells, path))


def _require_layout(root: h5py.File) -> None:
    if CABIN_ATTRIBUTE in root.attrs:
        raise ContentError("the result of a cabin; `breachflow show` prints it")
    if TABLE_ATTRIBUTE in root.attrs:
        raise ContentError(
            "the table of a sweep, not the result of a run; read it with breachflow.read_table"
        )
    if CHECKPOINT_ATTRIBUTE in root.attrs:
        raise ContentError("a checkpoint, from which the command goes on that wrote it, and no result")
    if LAYOUT_ATTRIBUTE not in root.attrs:
        raise not_ours(LAYOUT_ATTRIBUTE)
    require_format(root, LAYOUT_ATTRIBUTE, LAYOUT_VERSION, "the result of a run")


def _read_mesh(root: h5py.File) -> tuple[NDArray[np.float64], CellTopology]:
    vtk = _group(root, "VTKHDF")
    n_points, n_cells, n_corners = (
        _count(vtk, name) for name in ("NumberOfPoints", "NumberOfCells", "NumberOfConnectivityIds")
    )
    points = _array(vtk, "Points", (n_points, 3), "f")
    if not np.isfinite(points).all() or (n_points and not np.ptp(points[:, :2], axis=0).all()):
        raise ContentError("/VTKHDF/Points: not finite, or without extent")
    cells = CellTopology(
        offsets=_array(vtk, "Offsets", (n_cells + 1,), "iu"),
        points=_array(vtk, "Connectivity", (n_corners,), "iu"),
        types=_array(vtk, "Types", (n_cells,), "iu"),
    )
    _require_valid(cells, n_points, n_corners)
    return points, cells


def _require_valid(cells: CellTopology, n_points: int, n_corners: int) -> None:
    offsets, corners = cells.offsets, cells.points
    if offsets[0] != 0 or offsets[-1] != n_corners or (np.diff(offsets) < 0).any():
        raise ContentError("/VTKHDF/Offsets: not the starts of the cells' corners")
    if n_corners and not (corners.min() >= 0 and corners.max() < n_points):
        raise ContentError(f"/VTKHDF/Connectivity: a corner is not one of the {n_points} points")


def _patches(group: h5py.Group, n_points: int) -> dict[str, Patch]:
    patches = {}
    for name, dataset in group.items():
        if not is_dataset(dataset) or dataset.shape[1:] not in FACE_SHAPES or dataset.dtype.kind not in "iu":
            raise ContentError(f"{dataset.name}: not faces of two points each, in space of three or four")
        faces = _values(dataset)
        if not are_faces(faces, n_points):
            raise ContentError(f"{dataset.name}: a point is not one of the {n_points} points")
        patches[decode_name(name)] = Patch(str(read_attribute(dataset, "kind")), faces)
    return patches


def _read_steps(root: h5py.File) -> list[SnapshotStep]:
    if "steps" not in root:
        return []
    files, digests = (_text(root, f"steps/{name}").split("\n") for name in ("files", "digests"))
    times = _array(_group(root, "steps"), "times", (len(files),), "f")
    if len(digests) != len(files):
        raise ContentError(f"/steps: {len(digests)} digests for {len(files)} snapshots")
    for file in files:
        if not is_snapshot_file(file):
            raise ContentError(f"/steps/files: {file!r} is no snapshot of this result")
    return [SnapshotStep(*entry) for entry in zip(files, times.tolist(), digests, strict=True)]


class PresentFields(dict[str, Field]):
    """The fields of a file by name; one that is not there is a fault of the file."""

    def __init__(self, path: Path, folder: str) -> None:
        super().__init__()
        self._path, self._folder = path, folder

    def __missing__(self, name: str) -> Field:
        """Raise MissingColumn, which names the file."""
        raise MissingColumn(f"{self._path}: /{self._folder}: has no field {name!r}")


def _fields(group: h5py.Group, n_cells: int, path: Path) -> dict[str, Field]:
    fields = PresentFields(path, str(group.name).lstrip("/"))
    for name, dataset in group.items():
        if not is_dataset(dataset) or dataset.shape not in ((n_cells,), (n_cells, 3)):
            raise ContentError(f"{dataset.name}: not one value or one vector for each of {n_cells} cells")
        fields[decode_name(name)] = Field(_values(dataset), *_description(dataset))
    return fields


def _columns(group: h5py.Group) -> dict[str, Column]:
    if is_dataset(group):
        raise ContentError(f"{group.name}: a dataset where a group belongs")
    columns = {}
    for name, dataset in group.items():
        if not is_dataset(dataset) or len(dataset.shape) != 1:
            raise ContentError(f"{dataset.name}: not one column of numbers")
        columns[decode_name(name)] = Column(_values(dataset), *_description(dataset))
    if len({len(column.values) for column in columns.values()}) > 1:
        raise ContentError(f"{group.name}: its columns are not of one length")
    return columns


def _quantity(stored_name: str, dataset: h5py.Dataset) -> tuple[str, Quantity]:
    """The name and the value of a quantity; one that has a unit is a number."""
    if not is_dataset(dataset) or dataset.shape != ():
        raise ContentError(f"{dataset.name}: not a single value")
    name, quantity = decode_name(stored_name), Quantity(plain(dataset[()]), *_description(dataset))
    if quantity_named(name).unit and isinstance(quantity.value, str):
        raise ContentError(f"{dataset.name}: text where a number belongs")
    return name, quantity


def _attributes(group: h5py.Group) -> dict[str, str | int | float | bool]:
    return {decode_name(name): read_attribute(group, name) for name in group.attrs}


def _description(dataset: h5py.Dataset) -> tuple[str, str]:
    return str(read_attribute(dataset, "units")), str(read_attribute(dataset, "description"))


def _text(root: h5py.File, name: str) -> str:
    dataset = root.get(name)
    if not is_dataset(dataset) or dataset.shape != (1,) or dataset.dtype.kind != "S":
        raise ContentError(f"/{name}: missing or not text")
    return str(plain(dataset[0]))


def _count(group: h5py.Group, name: str) -> int:
    return int(_array(group, name, (1,), "iu")[0])


def _array(group: h5py.Group, name: str, shape: tuple[int, ...], kinds: str) -> NDArray[Any]:
    dataset = group.get(name)
    if not is_dataset(dataset):
        raise ContentError(f"{group.name}/{name}: missing")
    if dataset.shape != shape or dataset.dtype.kind not in kinds:
        raise ContentError(
            f"{dataset.name}: {dataset.dtype} of shape {dataset.shape}, expected shape {shape}"
        )
    return _values(dataset)


def _values(dataset: h5py.Dataset) -> NDArray[Any]:
    if dataset.dtype.kind not in "biuf":
        raise ContentError(f"{dataset.name}: not numbers")
    with reading(str(dataset.name)):
        return np.asarray(dataset[()])


def _group(root: h5py.Group, name: str) -> h5py.Group:
    group = root.get(name)
    if group is None or is_dataset(group):
        raise ContentError(f"/{name}: missing; the file is not a complete Breachflow result")
    return group
