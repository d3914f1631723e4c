"""The result of a cabin as a file: quantities over time, compartment, leak, hatch and gas, as netCDF-4."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import ResultError
from breachflow.files import write_atomically
from breachflow.results.files.cabin.contents import SeriesArray, require_answer
from breachflow.results.files.check import is_dataset, open_checked, read_attribute, require_format
from breachflow.results.files.layout import CABIN_ATTRIBUTE, ContentError, reading
from breachflow.results.files.netcdf import Dimensions, describe, write_array, write_attributes, write_axis
from breachflow.results.files.seal import image_digest, seal
from breachflow.results.files.tables import read_array, read_attributes, scales_of
from breachflow.results.table import TableAxis

if TYPE_CHECKING:
    import h5py
    from xarray import Dataset

CABIN_VERSION: Final = 1


@dataclass(frozen=True)
class SeriesVariable:
    """One quantity over some of the axes."""

    axes: tuple[str, ...]
    values: NDArray[Any]
    """Numbers, flags or texts, shape (length of each of its axes)."""
    unit: str
    """"1" for a number without a dimension, empty for texts and flags."""
    description: str


@dataclass(frozen=True)
class CabinSeries:
    """All quantities of a cabin over time."""

    axes: Mapping[str, TableAxis]
    variables: Mapping[str, SeriesVariable]
    attributes: Mapping[str, str | int | float]
    """Title, case, summary and what made the file."""
    path: Path | None = field(default=None, compare=False)
    """Where it was read; None of one that was not."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        return str(self.attributes["text"])

    def __repr__(self) -> str:
        """The title, and the names of the variables with their units and axes."""
        named = (f"{name} ({', '.join(one.axes)})" for name, one in self.variables.items())
        return f"<CabinSeries {self.attributes['title']!r}: {', '.join(named)}>"

    def _repr_html_(self) -> str:
        """The answer for notebooks."""
        return f"<pre>{escape(str(self))}</pre>"

    def names_on(self, axis: str) -> list[Any]:
        """The values along an axis: names, or times in s; none of an axis that there is not."""
        return self.axes[axis].values.tolist() if axis in self.axes else []

    def to_xarray(self) -> Dataset:
        """The variables with their axes, each with the attributes `units` and `long_name`.

        Raises UsageError where xarray is not installed.
        """
        from breachflow.results.exchange import series_dataset

        return series_dataset(self)


def write_series(path: str | os.PathLike[str], series: CabinSeries) -> None:
    """Write a result as the file `path`, whole or not at all; equal results give equal bytes.

    Raises ResultError where the file cannot be written; a previous file is then unchanged.
    """
    write_atomically(Path(path), [series_bytes(series)])


def series_bytes(series: CabinSeries) -> bytes:
    """The content of the file that `write_series` would write."""
    image = series_image(series)
    return b"".join((image, seal(image_digest(image))))


def series_image(series: CabinSeries) -> memoryview:
    """The HDF5 image of a result; equal results have equal images."""
    import h5py

    image = BytesIO()
    with h5py.File(image, "w", track_order=True) as file:
        file.attrs[CABIN_ATTRIBUTE] = CABIN_VERSION
        dimensions = Dimensions(file)
        scales = {name: write_axis(file, axis, dimensions) for name, axis in series.axes.items()}
        for name, variable in series.variables.items():
            over = [scales[axis] for axis in variable.axes]
            dataset = write_array(file, name, variable.values, over, dimensions)
            describe(dataset, variable.unit, variable.description)
        write_attributes(file, series.attributes, dimensions)
    return image.getbuffer()


def read_series(path: str | os.PathLike[str]) -> CabinSeries:
    """The result of a cabin in a file. Raises ResultError where it is damaged or something else."""
    with open_checked(Path(path)) as (root, _):
        if CABIN_ATTRIBUTE not in root.attrs:
            raise ContentError("not the result of a cabin; give the file that `breachflow cabin` wrote")
        require_format(root, CABIN_ATTRIBUTE, CABIN_VERSION, "the result of a cabin")
        attributes = read_attributes(root)
        attributes.pop(CABIN_ATTRIBUTE, None)
        axes, variables = scales_of(root), _variables(root)
        require_answer(
            {axis.name: axis.values for axis in axes},
            {name: SeriesArray(one.axes, one.values) for name, one in variables.items()},
            attributes,
        )
    return CabinSeries({axis.name: axis for axis in axes}, variables, attributes, Path(path))


def is_series(path: str | os.PathLike[str]) -> bool:
    """Whether a file is the result of a cabin; False also where it cannot be read."""
    try:
        with open_checked(Path(path)) as (root, _):
            return CABIN_ATTRIBUTE in root.attrs
    except ResultError:
        return False


def _variables(root: h5py.File) -> dict[str, SeriesVariable]:
    return {
        name: SeriesVariable(_axes_of(root, item), read_array(item), *_words(item))
        for name, item in root.items()
        if is_dataset(item) and "CLASS" not in item.attrs
    }


def _axes_of(root: h5py.File, dataset: h5py.Dataset) -> tuple[str, ...]:
    """Names of the axes, without that of the characters of a text. Raises ContentError where one is not told.

    The list is read as any attribute: the function of HDF5 for it has ended the process on a forged one.
    """
    count = dataset.ndim - (dataset.dtype.kind == "S")
    with reading(str(dataset.name)):
        return _named_axes(root, dataset, count)


def _named_axes(root: h5py.File, dataset: h5py.Dataset, count: int) -> tuple[str, ...]:
    listed = [] if not count else list(np.atleast_1d(dataset.attrs.get("DIMENSION_LIST", [])))[:count]
    if len(listed) < count or not all(map(np.size, listed)):
        raise ContentError(f"{dataset.name}: does not name its axes")
    return tuple(str(root[np.ravel(entry)[0]].name)[1:] for entry in listed)


def _words(dataset: h5py.Dataset) -> tuple[str, str]:
    return str(read_attribute(dataset, "units")), str(read_attribute(dataset, "long_name"))


def text_array(texts: list[str]) -> NDArray[Any]:
    """Texts as an array, shape (n,)."""
    return np.array(texts, dtype=np.object_)
