"""The HDF5 image of the table of a sweep, in the layout of netCDF-4.

A netCDF-4 file is HDF5 whose dimensions are datasets of their own (dimension scales), with a number each.
Text is stored as characters along one more dimension, as netCDF does: checksums do not cover text of variable
length. Every program that knows netCDF gives names, units, text and flags back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from breachflow.results.files.layout import TABLE_ATTRIBUTE
from breachflow.results.table import SweepTable, TableAxis

if TYPE_CHECKING:
    import h5py

TABLE_VERSION: Final = 1

LAW_GROUP: Final = "law"
TEXTS_GROUP: Final = "texts"
"""The group of texts that are too long for an attribute."""
NO_VARIABLE: Final = "This is a netCDF dimension but not a netCDF variable."
DIMENSION_NUMBER: Final = "_Netcdf4Dimid"

_LONGEST_ATTRIBUTE: Final = 16000
"""Bytes; HDF5 has no room for more than 64 kB of attributes in one place."""
_FILTERS: Final[Mapping[str, Any]] = {"compression": "gzip", "shuffle": True, "fletcher32": True}


def table_image(table: SweepTable) -> memoryview:
    """The image of a table; equal tables have equal images."""
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
            _write_law(file.create_group(LAW_GROUP, track_order=True), table.law, dimensions)
    return image.getbuffer()


class _Dimensions:
    """The dimensions of a file that is being written, by name; each gets the next number."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._scales: dict[str, h5py.Dataset] = {}

    def add(self, name: str, scale: h5py.Dataset, label: str) -> None:
        """Make a dataset of the root group the dimension `name`."""
        scale.make_scale(label)
        scale.attrs[DIMENSION_NUMBER] = np.int32(len(self._scales))
        self._scales[name] = scale

    def bare(self, name: str, length: int) -> h5py.Dataset:
        """A dimension without a coordinate, made when it is first used."""
        if name not in self._scales:
            scale = _create(self._file, name, np.zeros(length, dtype=np.int8))
            self.add(name, scale, f"{NO_VARIABLE}{length:10d}")
        return self._scales[name]

    def of_text(self, dataset: h5py.Dataset) -> h5py.Dataset:
        """The dimension of the characters of a text."""
        return self.bare(f"string{dataset.shape[-1]}", dataset.shape[-1])


def _write_axis(file: h5py.File, axis: TableAxis, dimensions: _Dimensions) -> h5py.Dataset:
    scale = _create(file, axis.name, axis.values)
    dimensions.add(axis.name, scale, axis.name)
    if _is_text(axis.values):  # a scale cannot have scales: it names its dimensions by their numbers
        numbers = [item.attrs[DIMENSION_NUMBER] for item in (scale, dimensions.of_text(scale))]
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
            group = file.require_group(TEXTS_GROUP)
            _write_array(group, name, np.array(value), (), dimensions)
            value = f"{value[: _LONGEST_ATTRIBUTE // 4]} ... (the whole text is /{TEXTS_GROUP}/{name})"
        _write_attribute(file, name, value)


def _write_law(group: h5py.Group, law: Mapping[str, Any], dimensions: _Dimensions) -> None:
    """Write arrays as variables, numbers and texts as attributes, mappings as groups."""
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
    """The values as they are stored, and the attributes that tell their type."""
    if _is_text(values):
        return _characters(values), {"_Encoding": "utf-8"}
    if values.dtype.kind == "b":
        return values.astype(np.int8), {"dtype": "bool"}
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64, copy=False), {}


def _is_text(values: NDArray[Any]) -> bool:
    return np.asarray(values).dtype.kind in "UO"


def _characters(texts: NDArray[Any]) -> NDArray[Any]:
    """Texts as single bytes along one more axis."""
    encoded = [_encoded(str(text)) for text in texts.ravel().tolist()]
    width = max(map(len, encoded), default=0) or 1
    return np.array(encoded, dtype=f"S{width}").view("S1").reshape(*texts.shape, width)


def _describe(dataset: h5py.Dataset, unit: str, description: str) -> None:
    _write_attribute(dataset, "units", unit)
    _write_attribute(dataset, "long_name", description)


def _write_attribute(target: h5py.HLObject, name: str, value: str | int | float) -> None:
    """Write an attribute; a text takes two bytes or more, because h5netcdf reads one byte as bytes."""
    import h5py

    if isinstance(value, str):
        encoded = _encoded(value)
        kind = h5py.string_dtype("utf-8", max(2, len(encoded)))
        target.attrs.create(name, np.bytes_(encoded), dtype=kind)
    else:
        target.attrs[name] = value


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
