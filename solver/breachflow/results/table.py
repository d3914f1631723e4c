"""The table of a sweep: every quantity over the swept axes, in HDF5 that netCDF programs read, and as CSV.

A netCDF-4 file is HDF5 whose dimensions are datasets of their own (dimension scales) with a number
each. Text is stored as characters along one dimension more, as netCDF does: checksums reach no
text of variable length. Every program that knows netCDF gives names, units, text and flags back.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import ResultError
from breachflow.files import write_atomically
from breachflow.results.check import open_checked, read_attribute
from breachflow.results.layout import LAYOUT_ATTRIBUTE, TABLE_ATTRIBUTE, ContentError
from breachflow.results.seal import image_digest, seal
from breachflow.words import nearest

if TYPE_CHECKING:
    import h5py

TABLE_VERSION: Final = 1

_LAW: Final = "law"
_TEXTS: Final = "texts"
"""The group of those global attributes that are too long for one."""
_LONGEST_ATTRIBUTE: Final = 16000
"""Bytes; HDF5 has no room for more than 64 kB."""
_NO_VARIABLE: Final = "This is a netCDF dimension but not a netCDF variable."
_NUMBER: Final = "_Netcdf4Dimid"
_FILTERS: Final[Mapping[str, Any]] = {"compression": "gzip", "shuffle": True, "fletcher32": True}


@dataclass(frozen=True)
class TableAxis:
    """A dimension of the table with its coordinate."""

    name: str
    values: NDArray[Any]
    """(n,) numbers, or text (dtype "U" or object of str)."""
    unit: str
    description: str
    key: str = ""
    """The key of the case that it stands for; empty for the axis `point`."""


@dataclass(frozen=True)
class Variable:
    """One quantity at every point of the table."""

    values: NDArray[Any]
    """The lengths of all axes in order; numbers, flags or text."""
    unit: str
    """"1" for a pure number, empty for text and flags."""
    description: str


@dataclass(frozen=True)
class SweepTable:
    """A grid has an axis for each swept key; any other sweep has the axis `point` alone."""

    axes: tuple[TableAxis, ...]
    variables: Mapping[str, Variable]
    attributes: Mapping[str, str | int | float]
    law: Mapping[str, Any] | None = None
    """Arrays, numbers and texts of a law fitted to the table, and such mappings of them."""

    def __post_init__(self) -> None:
        for name, variable in self.variables.items():
            if np.shape(variable.values) != self.shape:
                raise ValueError(f"{name!r} has the shape {np.shape(variable.values)}, not {self.shape}")

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def units(self) -> dict[str, str]:
        """The unit of every column: the axes, then the variables."""
        axes = {axis.name: axis.unit for axis in self.axes}
        return axes | {name: variable.unit for name, variable in self.variables.items()}

    def column(self, name: str) -> NDArray[Any]:
        """The values of a variable, or of an axis, at every point of the table."""
        for i, axis in enumerate(self.axes):
            if axis.name == name:
                others = [k for k in range(len(self.axes)) if k != i]
                return np.broadcast_to(np.expand_dims(axis.values, others), self.shape)
        if name not in self.variables:
            near = nearest(name, self.units)
            raise KeyError(f"no column {name!r} in the table; there is {near or ', '.join(self.units)}")
        return self.variables[name].values


def write_table(path: str | os.PathLike[str], table: SweepTable) -> None:
    """Write `table` as the file `path`, whole or not at all; the same table gives the same bytes.

    Raises ResultError if the file cannot be written; a previous file is then untouched.
    """
    image = _table_image(table)
    write_atomically(Path(path), (image, seal(image_digest(image))))


def read_table(path: str | os.PathLike[str]) -> SweepTable:
    """Check and load a table. Raises ResultError if it is damaged, hostile or no table of ours."""
    with open_checked(Path(path)) as (root, _):
        _require_table(root)
        return SweepTable(
            axes=tuple(_read_axis(scale) for scale in _axis_scales(root)),
            variables={name: _read_variable(item) for name, item in _arrays(root)},
            attributes=_read_attributes(root),
            law=_read_law(root[_LAW]) if _LAW in root else None,
        )


def is_table(path: str | os.PathLike[str]) -> bool:
    """Whether a file is the table of a sweep; False also for what cannot be read at all."""
    try:
        with open_checked(Path(path)) as (root, _):
            return TABLE_ATTRIBUTE in root.attrs
    except ResultError:
        return False


def write_csv(path: str | os.PathLike[str], table: SweepTable) -> None:
    """Write `table` as a row for each point: the axes (the last one fastest), then the variables.

    Numbers have all their digits; what is not a number is an empty cell.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(name if unit in ("", "1") else f"{name} [{unit}]" for name, unit in table.units.items())
    writer.writerows(zip(*(_cells(table.column(name)) for name in table.units), strict=True))
    write_atomically(Path(path), [text.getvalue().encode("utf-8", "backslashreplace")])


def _cells(values: NDArray[Any]) -> Iterable[str]:
    return [_cell(value) for value in values.ravel().tolist()]


def _cell(value: float | int | bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")  # a lone carriage return is not quoted
    return repr(value) if value == value else ""


# ---- writing ----


class _Dimensions:
    """The dimensions of a file that is being written, by name, in the order of their numbers."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._scales: dict[str, h5py.Dataset] = {}

    def add(self, name: str, scale: h5py.Dataset, label: str) -> None:
        """Make a dataset of the root group the dimension `name`."""
        scale.make_scale(label)
        scale.attrs[_NUMBER] = np.int32(len(self._scales))
        self._scales[name] = scale

    def bare(self, name: str, length: int) -> h5py.Dataset:
        """A dimension without a coordinate, made when it is first asked for."""
        if name not in self._scales:
            scale = _create(self._file, name, np.zeros(length, dtype=np.int8))
            self.add(name, scale, f"{_NO_VARIABLE}{length:10d}")
        return self._scales[name]

    def of_text(self, dataset: h5py.Dataset) -> h5py.Dataset:
        """The last dimension of characters."""
        return self.bare(f"string{dataset.shape[-1]}", dataset.shape[-1])


def _table_image(table: SweepTable) -> memoryview:
    import h5py

    image = BytesIO()
    with h5py.File(image, "w", track_order=True) as file:
        file.attrs[TABLE_ATTRIBUTE] = TABLE_VERSION
        dimensions = _Dimensions(file)
        scales = [_write_axis(file, axis, dimensions) for axis in table.axes]
        for name, variable in table.variables.items():
            dataset = _write_array(file, name, variable.values, scales, dimensions)
            _describe(dataset, variable.unit, variable.description)
        _write_attributes(file, table.attributes, dimensions)
        if table.law is not None:
            _write_law(file.create_group(_LAW, track_order=True), table.law, dimensions)
    return image.getbuffer()


def _write_axis(file: h5py.File, axis: TableAxis, dimensions: _Dimensions) -> h5py.Dataset:
    scale = _create(file, axis.name, axis.values)
    dimensions.add(axis.name, scale, axis.name)
    if _is_text(axis.values):  # a scale cannot have scales: it names its dimensions by their numbers
        numbers = [item.attrs[_NUMBER] for item in (scale, dimensions.of_text(scale))]
        scale.attrs["_Netcdf4Coordinates"] = np.array(numbers, dtype=np.int32)
    _describe(scale, axis.unit, axis.description)
    _write_attribute(scale, "key", axis.key)
    return scale


def _write_array(
    group: h5py.Group,
    name: str,
    values: NDArray[Any],
    scales: Iterable[h5py.Dataset],
    dimensions: _Dimensions,
) -> h5py.Dataset:
    dataset = _create(group, name, values)
    for i, scale in enumerate(scales):
        dataset.dims[i].attach_scale(scale)
    if _is_text(values):
        dataset.dims[dataset.ndim - 1].attach_scale(dimensions.of_text(dataset))
    return dataset


def _write_attributes(
    file: h5py.File, attributes: Mapping[str, str | int | float], dimensions: _Dimensions
) -> None:
    for name, value in attributes.items():
        if isinstance(value, str) and len(_encoded(value)) > _LONGEST_ATTRIBUTE:
            group = file.require_group(_TEXTS)
            _write_array(group, name, np.array(value), (), dimensions)
            value = f"{value[: _LONGEST_ATTRIBUTE // 4]} ... (the whole text is /{_TEXTS}/{name})"
        _write_attribute(file, name, value)


def _write_law(group: h5py.Group, law: Mapping[str, Any], dimensions: _Dimensions) -> None:
    """Arrays as variables, numbers and texts as attributes, mappings as groups."""
    for name, value in law.items():
        if isinstance(value, Mapping):
            _write_law(group.create_group(name, track_order=True), value, dimensions)
        elif np.ndim(value) == 0:
            _write_attribute(group, name, value)
        else:
            values = np.asarray(value)
            scales = [dimensions.bare(f"length{i}_{n}", n) for i, n in enumerate(values.shape)]
            _write_array(group, name, values, scales, dimensions)


def _create(group: h5py.Group, name: str, values: NDArray[Any]) -> h5py.Dataset:
    stored, form = _stored(np.asarray(values))
    dataset = group.create_dataset(name, data=stored, **(_FILTERS if stored.ndim and stored.size else {}))
    for key, text in form.items():
        _write_attribute(dataset, key, text)
    return dataset


def _stored(values: NDArray[Any]) -> tuple[NDArray[Any], dict[str, str]]:
    """The values as they are stored, and the attributes that say what they were."""
    if _is_text(values):
        return _characters(values), {"_Encoding": "utf-8"}
    if values.dtype.kind == "b":
        return values.astype(np.int8), {"dtype": "bool"}
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64, copy=False), {}


def _is_text(values: NDArray[Any]) -> bool:
    return np.asarray(values).dtype.kind in "UO"


def _characters(texts: NDArray[Any]) -> NDArray[Any]:
    """Texts as bytes along one axis more."""
    encoded = [_encoded(str(text)) for text in texts.ravel().tolist()]
    width = max(map(len, encoded), default=0) or 1
    return np.array(encoded, dtype=f"S{width}").view("S1").reshape(*texts.shape, width)


def _describe(dataset: h5py.Dataset, unit: str, description: str) -> None:
    _write_attribute(dataset, "units", unit)
    _write_attribute(dataset, "long_name", description)


def _write_attribute(target: h5py.HLObject, name: str, value: str | int | float) -> None:
    """Text has two bytes or more: h5netcdf gives that of one byte back as bytes."""
    import h5py

    if isinstance(value, str):
        encoded = _encoded(value)
        kind = h5py.string_dtype("utf-8", max(2, len(encoded)))
        target.attrs.create(name, np.bytes_(encoded), dtype=kind)
    else:
        target.attrs[name] = value


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


# ---- reading ----


def _require_table(root: h5py.File) -> None:
    if LAYOUT_ATTRIBUTE in root.attrs:
        raise ContentError(
            "the result of one run, not the table of a sweep; give the table.h5 that `breachflow sweep` wrote"
        )
    if TABLE_ATTRIBUTE not in root.attrs:
        raise ContentError("an HDF5 file, but not one that Breachflow wrote")
    version = read_attribute(root, TABLE_ATTRIBUTE)
    if version != TABLE_VERSION:
        raise ContentError(
            f"a table of version {version}; this Breachflow reads version {TABLE_VERSION}: update it, "
            "or write the table again with `breachflow sweep`"
        )


def _axis_scales(root: h5py.File) -> list[h5py.Dataset]:
    """The axes in the order of their numbers, which is that of every variable's dimensions."""
    scales = [item for item in root.values() if _is_dataset(item) and _is_axis(item)]
    if not scales:
        raise ContentError("a table without axes")
    return sorted(scales, key=lambda scale: int(read_attribute(scale, _NUMBER)))


def _arrays(group: h5py.Group) -> list[tuple[str, h5py.Dataset]]:
    """The datasets that are not dimensions."""
    return [(name, item) for name, item in group.items() if _is_dataset(item) and not _is_scale(item)]


def _is_dataset(item: Any) -> bool:
    import h5py

    return isinstance(item, h5py.Dataset)


def _is_scale(dataset: h5py.Dataset) -> bool:
    return "CLASS" in dataset.attrs


def _is_axis(dataset: h5py.Dataset) -> bool:
    return _is_scale(dataset) and not str(read_attribute(dataset, "NAME")).startswith(_NO_VARIABLE)


def _read_axis(scale: h5py.Dataset) -> TableAxis:
    values = _read_array(scale)
    if values.ndim != 1:
        raise ContentError(f"{scale.name}: an axis of shape {values.shape}")
    return TableAxis(scale.name[1:], values, *_description(scale), key=str(read_attribute(scale, "key")))


def _read_variable(dataset: h5py.Dataset) -> Variable:
    return Variable(_read_array(dataset), *_description(dataset))


def _description(dataset: h5py.Dataset) -> tuple[str, str]:
    return str(read_attribute(dataset, "units")), str(read_attribute(dataset, "long_name"))


def _read_attributes(root: h5py.File) -> dict[str, str | int | float]:
    attributes = _scalars(root)
    del attributes[TABLE_ATTRIBUTE]
    long_texts = _arrays(root[_TEXTS]) if _TEXTS in root else []
    return attributes | {name: str(_read_array(item)) for name, item in long_texts}


def _read_law(group: h5py.Group) -> dict[str, Any]:
    law: dict[str, Any] = {**_scalars(group), **{name: _read_array(item) for name, item in _arrays(group)}}
    return law | {name: _read_law(item) for name, item in group.items() if not _is_dataset(item)}


def _scalars(group: h5py.Group) -> dict[str, Any]:
    scalars = {name: read_attribute(group, name) for name in group.attrs}
    for name, value in scalars.items():
        if np.ndim(value):
            raise ContentError(f"{group.name}: attribute {name!r} is not a single value")
    return scalars


def _read_array(dataset: h5py.Dataset) -> NDArray[Any]:
    values = np.asarray(dataset[()])
    if values.dtype.kind == "S":
        return _texts(values)
    if "dtype" in dataset.attrs and read_attribute(dataset, "dtype") == "bool":
        return values.astype(np.bool_)
    return values


def _texts(characters: NDArray[Any]) -> NDArray[Any]:
    """The inverse of `_characters`: an array of str, each as long as it is."""
    if characters.dtype.itemsize != 1 or not characters.ndim:
        raise ContentError("text that is not stored as characters")
    width = characters.shape[-1]
    encoded = np.ascontiguousarray(characters).view(f"S{width}").ravel().tolist()
    decoded = np.array([text.decode("utf-8", "replace") for text in encoded], dtype=np.object_)
    return decoded.reshape(characters.shape[:-1])
