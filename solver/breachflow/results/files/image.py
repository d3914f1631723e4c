"""HDF5 images in memory: of a result, of the index of a transient result, of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from breachflow.results.data import (
    Column,
    Field,
    Patch,
    Quantity,
    ResultData,
    Snapshot,
    Summary,
    are_faces,
)
from breachflow.results.files.layout import (
    LAYOUT_ATTRIBUTE,
    LAYOUT_VERSION,
    SNAPSHOT_FIELDS,
    VTK_TYPE,
    VTK_VERSION,
    VTK_VERSION_OF_STEPS,
    SnapshotStep,
    encode_name,
    steps_folder,
)
from breachflow.results.quantities import main_numbers

if TYPE_CHECKING:
    import h5py

_CHUNK_ROWS: Final = 65536
_LONGEST_ATTRIBUTE: Final = 16000
"""Bytes; HDF5 takes 64 kB of attributes on one object."""


def result_image(data: ResultData) -> memoryview:
    """The image of a result that holds its fields. Raises ValueError where sizes do not match the mesh."""
    import h5py

    image = BytesIO()
    with h5py.File(image, "w") as file:
        vtk = _write_mesh(file, data)
        _write_fields(vtk.create_group("CellData"), data.fields, data.n_cells)
        _write_records(file, data)
    return image.getbuffer()


def index_image(
    data: ResultData, path: Path, steps: Sequence[SnapshotStep], fields: Mapping[str, Field]
) -> memoryview:
    """The image of a transient result: it holds the mesh and the records, and links the fields of snapshots.

    `path` is the file of the result, beside which its snapshots lie. `fields` are those of any one snapshot;
    all have the same names and shapes. Raises ValueError where sizes do not match the mesh.
    """
    import h5py

    image = BytesIO()
    with h5py.File(image, "w") as file:
        vtk = _write_mesh(file, data)
        _write_time_steps(vtk.create_group("Steps"), steps, fields, data.n_cells)
        links = [f"{steps_folder(path).name}/{step.file}" for step in steps]
        _link_fields(vtk.create_group("CellData"), links, fields, data.n_cells)
        _write_step_files(file.create_group("steps"), steps)
        _write_records(file, data)
    return image.getbuffer()


def snapshot_image(snapshot: Snapshot) -> memoryview:
    """The image of a snapshot: the fields at one time."""
    import h5py

    image = BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs[LAYOUT_ATTRIBUTE] = LAYOUT_VERSION
        file.attrs["time"] = float(snapshot.time)
        _write_fields(file.create_group(SNAPSHOT_FIELDS), snapshot.fields, None)
    return image.getbuffer()


def _write_mesh(file: h5py.File, data: ResultData) -> h5py.Group:
    vtk = file.create_group("VTKHDF")
    vtk.attrs["Version"] = np.array(VTK_VERSION, dtype=np.int64)
    vtk.attrs["Type"] = np.bytes_(VTK_TYPE)  # variable-length text fails up to VTK 9.4
    _write_count(vtk, "NumberOfPoints", len(data.points))
    _write_count(vtk, "NumberOfCells", data.n_cells)
    _write_count(vtk, "NumberOfConnectivityIds", len(data.cell_points))
    points = _three_components(np.asarray(data.points, dtype=np.float64))
    _write_array(vtk, "Points", points, "m", "corner coordinates")
    _write_array(vtk, "Offsets", np.asarray(data.cell_offsets, dtype=np.int64))
    _write_array(vtk, "Connectivity", np.asarray(data.cell_points, dtype=np.int64))
    _write_array(vtk, "Types", np.asarray(data.cell_types, dtype=np.uint8))
    _write_field_data(vtk.create_group("FieldData"), data.summary)
    return vtk


def _write_field_data(group: h5py.Group, summary: Summary) -> None:
    """The main numbers as arrays of one value, which ParaView shows beside the fields."""
    for name, quantity in main_numbers(summary).items():
        _write_array(group, name, np.array([quantity.value]), quantity.unit, quantity.description)


def _write_records(file: h5py.File, data: ResultData) -> None:
    """Write the case, summary, history, probes, patches and provenance."""
    file.attrs[LAYOUT_ATTRIBUTE] = LAYOUT_VERSION
    case = file.create_group("case")
    _write_text(case, "given", data.case_text)
    _write_text(case, "completed", data.case_completed)
    summary = file.create_group("summary")
    for name, quantity in data.summary.items():
        _write_quantity(summary, name, quantity)
    _write_columns(file.create_group("history"), data.history)
    probes = file.create_group("probes")
    for name, columns in data.probes.items():
        _write_columns(probes.create_group(encode_name(name)), columns)
    _write_patches(file.create_group("patches"), data.patches, len(data.points))
    provenance = file.create_group("provenance")
    for name, value in data.provenance.items():
        _write_attribute(provenance, encode_name(name), value)


def _write_patches(group: h5py.Group, patches: Mapping[str, Patch], n_points: int) -> None:
    """The faces of each patch by their points. VTKHDF has no place for them; its readers ignore the group."""
    for name, patch in patches.items():
        faces = np.asarray(patch.faces, dtype=np.int64)
        faces = faces.reshape(-1, 2) if faces.ndim < 2 else faces
        if not are_faces(faces, n_points):
            raise ValueError(f"patch {name!r} has a face with a point that is not one of {n_points}")
        _write_array(group, name, faces, "", "boundary faces by the numbers of their points")
        _write_attribute(group[encode_name(name)], "kind", patch.kind)


def _write_fields(group: h5py.Group, fields: Mapping[str, Field], n_cells: int | None) -> None:
    for name, field in fields.items():
        values = field_values(field)
        if n_cells is not None and len(values) != n_cells:
            raise ValueError(f"field {name!r} has {len(values)} values for {n_cells} cells")
        _write_array(group, name, values, field.unit, field.description)


def field_values(field: Field) -> NDArray[Any]:
    """The values of a field as they are stored: (n_cells,) or (n_cells, 3)."""
    values = _numbers(field.values)
    return _three_components(values) if values.ndim == 2 else values


def _write_columns(group: h5py.Group, columns: Mapping[str, Column]) -> None:
    for name, column in columns.items():
        _write_array(group, name, _numbers(column.values), column.unit, column.description)


def _write_time_steps(
    group: h5py.Group, steps: Sequence[SnapshotStep], fields: Mapping[str, Field], n_cells: int
) -> None:
    """Write the times. The mesh is the same at all of them; the values at time i begin at i * n_cells."""
    n_steps = len(steps)
    zeros = np.zeros(n_steps, dtype=np.int64)
    group.parent.attrs["Version"] = np.array(VTK_VERSION_OF_STEPS, dtype=np.int64)
    group.attrs["NSteps"] = n_steps  # VTK aborts if Values has another length
    _write_array(group, "Values", np.array([step.time for step in steps]), "s", "time")
    for name in ("PartOffsets", "PointOffsets"):
        _write_array(group, name, zeros)
    for name in ("CellOffsets", "ConnectivityIdOffsets"):
        _write_array(group, name, zeros[:, np.newaxis])
    _write_array(group, "NumberOfParts", zeros + 1)
    offsets = group.create_group("CellDataOffsets")
    for name in fields:
        _write_array(offsets, name, np.arange(n_steps, dtype=np.int64) * n_cells)
    of_numbers = group.create_group("FieldDataOffsets")
    for name in group.parent["FieldData"]:  # one value each, the same at all times
        of_numbers.create_dataset(name, data=zeros)


def _link_fields(group: h5py.Group, links: Sequence[str], fields: Mapping[str, Field], n_cells: int) -> None:
    """Write each field as a virtual dataset over the snapshots; a missing snapshot reads as NaN."""
    import h5py

    for name, field in fields.items():
        values = field_values(field)
        shape, stored = values.shape, encode_name(name)
        if shape[0] != n_cells:
            raise ValueError(f"field {name!r} has {shape[0]} values for {n_cells} cells")
        layout = h5py.VirtualLayout((len(links) * n_cells, *shape[1:]), dtype=values.dtype)
        for i, link in enumerate(links):
            # HDF5 expands %b in both names, so a plain % is doubled
            source = f"{SNAPSHOT_FIELDS}/{stored}".replace("%", "%%")
            layout[i * n_cells : (i + 1) * n_cells] = h5py.VirtualSource(
                link.replace("%", "%%"), source, shape, values.dtype
            )
        missing = np.nan if values.dtype.kind == "f" else -1
        dataset = group.create_virtual_dataset(stored, layout, fillvalue=missing)
        _describe(dataset, field.unit, field.description)


def _write_step_files(group: h5py.Group, steps: Sequence[SnapshotStep]) -> None:
    _write_array(group, "times", np.array([step.time for step in steps]), "s", "time")
    _write_text(group, "files", "\n".join(step.file for step in steps))
    _write_text(group, "digests", "\n".join(step.digest for step in steps))


def _write_array(
    group: h5py.Group, name: str, values: NDArray[Any], unit: str | None = None, description: str = ""
) -> None:
    options: dict[str, Any] = {}
    if values.size:
        chunks = (min(len(values), _CHUNK_ROWS), *values.shape[1:])
        options = {"chunks": chunks, "compression": "gzip", "shuffle": True, "fletcher32": True}
    dataset = group.create_dataset(encode_name(name), data=np.ascontiguousarray(values), **options)
    if unit is not None:
        _describe(dataset, unit, description)


def _write_count(group: h5py.Group, name: str, value: int) -> None:
    _write_array(group, name, np.array([value], dtype=np.int64))


def _write_text(group: h5py.Group, name: str, text: str) -> None:
    """Write a text of a fixed length: filters, and so checksums, apply to no other kind of text."""
    encoded, kind = _fixed_text(text)
    group.create_dataset(
        name, data=[encoded], dtype=kind, chunks=(1,), compression="gzip", shuffle=True, fletcher32=True
    )


def _write_quantity(group: h5py.Group, name: str, quantity: Quantity) -> None:
    """Write a scalar dataset. Filters do not apply to it: only the seal of the file covers it."""
    if isinstance(quantity.value, str):
        encoded, kind = _fixed_text(quantity.value)
        dataset = group.create_dataset(encode_name(name), data=encoded, dtype=kind)
    else:
        dataset = group.create_dataset(encode_name(name), data=quantity.value)
    _describe(dataset, quantity.unit, quantity.description)


def _describe(dataset: h5py.Dataset, unit: str, description: str) -> None:
    _write_attribute(dataset, "units", unit)
    _write_attribute(dataset, "description", description)


def _write_attribute(target: h5py.HLObject, name: str, value: str | int | float | bool) -> None:
    if isinstance(value, str):
        encoded, kind = _fixed_text(_shorten(value))
        target.attrs.create(name, encoded, dtype=kind)
    else:
        target.attrs[name] = value


def _fixed_text(text: str) -> tuple[np.bytes_, Any]:
    import h5py

    encoded = text.encode("utf-8", "backslashreplace")
    return np.bytes_(encoded), h5py.string_dtype("utf-8", max(1, len(encoded)))


def _shorten(text: str) -> str:
    encoded = text.encode("utf-8", "backslashreplace")
    if len(encoded) <= _LONGEST_ATTRIBUTE:
        return text
    return encoded[:_LONGEST_ATTRIBUTE].decode("utf-8", "ignore") + " ... (shortened)"


def _three_components(values: NDArray[Any]) -> NDArray[Any]:
    """(n, 3) vectors: VTK requires three components, and the third of a plane vector is 0."""
    missing = 3 - values.shape[1]
    return np.pad(values, ((0, 0), (0, missing))) if missing else values


def _numbers(values: NDArray[Any]) -> NDArray[Any]:
    """The values in the only types that are stored, float64 and int64."""
    values = np.asarray(values)
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64, copy=False)
