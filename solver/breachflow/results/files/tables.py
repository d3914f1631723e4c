"""The table of a sweep as a file: HDF5 that netCDF programs read, and CSV."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import ResultError
from breachflow.files import write_atomically
from breachflow.results.data import Column
from breachflow.results.files.check import is_dataset, open_checked, read_attribute, require_format
from breachflow.results.files.csv_write import csv_bytes
from breachflow.results.files.layout import (
    CABIN_ATTRIBUTE,
    LAYOUT_ATTRIBUTE,
    TABLE_ATTRIBUTE,
    ContentError,
    not_ours,
    reading,
)
from breachflow.results.files.netcdf import DIMENSION_NUMBER, NO_VARIABLE, TEXTS_GROUP
from breachflow.results.files.seal import image_digest, seal
from breachflow.results.files.table_image import LAW_GROUP, TABLE_VERSION, table_image
from breachflow.results.table import SweepTable, TableAxis, Variable

if TYPE_CHECKING:
    import h5py


def write_table(path: str | os.PathLike[str], table: SweepTable) -> None:
    """Write `table` as the file `path`, whole or not at all; equal tables give equal bytes.

    Raises ResultError where the file cannot be written; a previous file is then unchanged.
    """
    image = table_image(table)
    write_atomically(Path(path), (image, seal(image_digest(image))))


def read_table(path: str | os.PathLike[str]) -> SweepTable:
    """Check and load a table. Raises ResultError where the file is damaged, unsafe or no such table."""
    with open_checked(Path(path)) as (root, _):
        _require_table(root)
        axes = tuple(scales_of(root))
        variables = {name: _read_variable(item) for name, item in _arrays(root)}
        _require_shapes(variables, tuple(len(axis.values) for axis in axes))
        return SweepTable(
            axes=axes,
            variables=variables,
            attributes=read_attributes(root),
            law=_read_law(root[LAW_GROUP]) if LAW_GROUP in root else None,
            path=Path(path),
        )


def is_table(path: str | os.PathLike[str]) -> bool:
    """Whether a file is the table of a sweep; False also where it cannot be read."""
    try:
        with open_checked(Path(path)) as (root, _):
            return TABLE_ATTRIBUTE in root.attrs
    except ResultError:
        return False


def write_csv(path: str | os.PathLike[str], table: SweepTable) -> None:
    """Write a row for each point of a table: its place on the axes (the last varies fastest), its variables.

    Numbers have all their digits; nan is an empty cell. Raises ResultError where the file cannot be written.
    """
    columns = {name: Column(table.column(name), unit, "") for name, unit in table.units.items()}
    write_atomically(Path(path), [csv_bytes(columns)])


def _require_table(root: h5py.File) -> None:
    if CABIN_ATTRIBUTE in root.attrs:
        raise ContentError("the result of a cabin, not the table of a sweep")
    if LAYOUT_ATTRIBUTE in root.attrs:
        raise ContentError(
            "the result of one run, not the table of a sweep; give the table.h5 that `breachflow sweep` wrote"
        )
    if TABLE_ATTRIBUTE not in root.attrs:
        raise not_ours(TABLE_ATTRIBUTE)
    require_format(root, TABLE_ATTRIBUTE, TABLE_VERSION, "the table of a sweep")


def _require_shapes(variables: Mapping[str, Variable], shape: tuple[int, ...]) -> None:
    """Raise ContentError where a variable does not have a value for each point."""
    for name, variable in variables.items():
        if variable.values.shape != shape:
            raise ContentError(f"/{name}: has the shape {variable.values.shape}, not {shape}")


def scales_of(root: h5py.File) -> list[TableAxis]:
    """The axes of a file in the order of their numbers."""
    return [_read_axis(scale) for scale in _axis_scales(root)]


def _axis_scales(root: h5py.File) -> list[h5py.Dataset]:
    """The axes in the order of their numbers, which is the order of the dimensions of each variable."""
    scales = [item for item in root.values() if is_dataset(item) and _is_axis(item)]
    if not scales:
        raise ContentError("/: a table without axes")
    return sorted(scales, key=lambda scale: int(read_attribute(scale, DIMENSION_NUMBER)))


def _arrays(group: h5py.Group) -> list[tuple[str, h5py.Dataset]]:
    """The datasets that are not dimensions."""
    return [(name, item) for name, item in group.items() if is_dataset(item) and not _is_scale(item)]


def _is_scale(dataset: h5py.Dataset) -> bool:
    return "CLASS" in dataset.attrs


def _is_axis(dataset: h5py.Dataset) -> bool:
    return _is_scale(dataset) and not str(read_attribute(dataset, "NAME")).startswith(NO_VARIABLE)


def _read_axis(scale: h5py.Dataset) -> TableAxis:
    values = read_array(scale)
    if values.ndim != 1:
        raise ContentError(f"{scale.name}: an axis of shape {values.shape}")
    return TableAxis(scale.name[1:], values, *_description(scale), key=str(read_attribute(scale, "key")))


def _read_variable(dataset: h5py.Dataset) -> Variable:
    return Variable(read_array(dataset), *_description(dataset))


def _description(dataset: h5py.Dataset) -> tuple[str, str]:
    return str(read_attribute(dataset, "units")), str(read_attribute(dataset, "long_name"))


def read_attributes(root: h5py.File) -> dict[str, str | int | float]:
    """The attributes of a file, with its long texts, but for the mark of a table."""
    attributes = _scalars(root)
    attributes.pop(TABLE_ATTRIBUTE, None)
    long_texts = _arrays(root[TEXTS_GROUP]) if TEXTS_GROUP in root else []
    return attributes | {name: str(read_array(item)) for name, item in long_texts}


def _read_law(group: h5py.Group) -> dict[str, Any]:
    law: dict[str, Any] = {**_scalars(group), **{name: read_array(item) for name, item in _arrays(group)}}
    return law | {name: _read_law(item) for name, item in group.items() if not is_dataset(item)}


def _scalars(group: h5py.Group) -> dict[str, Any]:
    scalars = {name: read_attribute(group, name) for name in group.attrs}
    for name, value in scalars.items():
        if np.ndim(value):
            raise ContentError(f"{group.name}: attribute {name!r} is not a single value")
    return scalars


def read_array(dataset: h5py.Dataset) -> NDArray[Any]:
    """The values of a dataset in its shape; texts and flags as such."""
    with reading(str(dataset.name)):
        values = np.asarray(dataset[()])
        if values.dtype.kind == "S":
            return _texts(values)
    if "dtype" in dataset.attrs and read_attribute(dataset, "dtype") == "bool":
        return values.astype(np.bool_)
    return values


def _texts(characters: NDArray[Any]) -> NDArray[Any]:
    """The inverse of `table_image._characters`: an array of str without padding."""
    if characters.dtype.itemsize != 1 or not characters.ndim:
        raise ValueError("text that is not stored as characters")
    width = characters.shape[-1]
    encoded = np.ascontiguousarray(characters).view(f"S{width}").ravel().tolist()
    decoded = np.array([text.decode("utf-8", "replace") for text in encoded], dtype=np.object_)
    return decoded.reshape(characters.shape[:-1])
