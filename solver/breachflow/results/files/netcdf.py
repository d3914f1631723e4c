"""The layout of netCDF-4 in HDF5: dimensions, variables and attributes that programs of netCDF read.

A netCDF-4 file is HDF5 whose dimensions are datasets of their own (dimension scales), with a number each.
Text is stored as characters along one more dimension, as netCDF does: checksums do not cover text of variable
length. Every program that knows netCDF gives names, units, text and flags back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from breachflow.results.table import TableAxis

if TYPE_CHECKING:
    import h5py

TEXTS_GROUP: Final = "texts"
"""The group of texts that are too long for an attribute."""
NO_VARIABLE: Final = "This is a netCDF dimension but not a netCDF variable."
DIMENSION_NUMBER: Final = "_Netcdf4Dimid"

_LONGEST_ATTRIBUTE: Final = 16000
"""Bytes; HDF5 has no room for more than 64 kB of attributes in one place."""
_FILTERS: Final[Mapping[str, Any]] = {"compression": "gzip", "shuffle": True, "fletcher32": True}


class Dimensions:
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


def write_axis(file: h5py.File, axis: TableAxis, dimensions: Dimensions) -> h5py.Dataset:
    """Write an axis as a dimension with its values."""
    scale = _create(file, axis.name, axis.values)
    dimensions.add(axis.name, scale, axis.name)
    if _is_text(axis.values):  # a scale cannot have scales: it names its dimensions by their numbers
        numbers = [item.attrs[DIMENSION_NUMBER] for item in (scale, dimensions.of_text(scale))]
        scale.attrs["_Netcdf4Coordinates"] = np.array(numbers, dtype=np.int32)
    describe(scale, axis.unit, axis.description)
    write_attribute(scale, "key", axis.key)
    return scale


def write_array(
    group: h5py.Group,
    name: str,
    values: NDArray[Any],
    scales: Iterable[h5py.Dataset],
    dimensions: Dimensions,
) -> h5py.Dataset:
    """Write a variable over dimensions, in a group."""
    dataset = _create(group, name, values)
    for i, scale in enumerate(scales):
        dataset.dims[i].attach_scale(scale)
    if _is_text(values):
        dataset.dims[dataset.ndim - 1].attach_scale(dimensions.of_text(dataset))
    return dataset


def write_attributes(
    file: h5py.File, attributes: Mapping[str, str | int | float], dimensions: Dimensions
) -> None:
    """Write the attributes of a file; long texts go into a group of their own."""
    for name, value in attributes.items():
        if isinstance(value, str) and len(_encoded(value)) > _LONGEST_ATTRIBUTE:
            group = file.require_group(TEXTS_GROUP)
            write_array(group, name, np.array(value), (), dimensions)
            value = f"{value[: _LONGEST_ATTRIBUTE // 4]} ... (the whole text is /{TEXTS_GROUP}/{name})"
        write_attribute(file, name, value)


def _create(group: h5py.Group, name: str, values: NDArray[Any]) -> h5py.Dataset:
    stored, form = _stored(np.asarray(values))
    dataset = group.create_dataset(name, data=stored, **(_FILTERS if stored.ndim and stored.size else {}))
    for key, text in form.items():
        write_attribute(dataset, key, text)
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


def describe(dataset: h5py.Dataset, unit: str, description: str) -> None:
    """Give a variable its unit and its meaning."""
    write_attribute(dataset, "units", unit)
    write_attribute(dataset, "long_name", description)


def write_attribute(target: h5py.HLObject, name: str, value: str | int | float) -> None:
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
