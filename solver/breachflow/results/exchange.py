"""Results and tables as datasets of xarray and frames of pandas."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from breachflow.errors import UsageError
from breachflow.results.data import Column, Field

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame
    from xarray import Dataset

    from breachflow.arrays import Floats
    from breachflow.results.files.cabin.series import CabinSeries
    from breachflow.results.result import Result
    from breachflow.results.table import SweepTable

DataVariable: TypeAlias = "tuple[tuple[str, ...], NDArray[Any], dict[str, str]]"
"""Dimensions, values and attributes of a variable, as xarray takes them."""


def result_dataset(result: Result) -> Dataset:
    """The fields and the history of a result, with the centers of cells as coordinates.

    Dimensions: `cell`, `component` (x, y, z) of vectors, `row` of the history and, where the result has
    snapshots, `time`. Raises UsageError where xarray is not installed.
    """
    xarray = _package("xarray", "to_xarray()")
    centers = cell_centers(result)
    coordinates: dict[str, DataVariable] = {
        axis: (("cell",), centers[:, i], _described("m", f"{axis} of the center of the cell"))
        for i, axis in enumerate("xyz")
    }
    if len(result.times):
        coordinates["time"] = (("time",), result.times, _described("s", "time"))
    variables = _field_variables(result) | _history_variables(result.history)
    coordinates["component"] = (("component",), np.array(list("xyz")), _described("", "of a vector"))
    dataset: Dataset = xarray.Dataset(variables, coordinates, _attributes(result))
    return dataset


def table_dataset(table: SweepTable) -> Dataset:
    """The variables of a table over its axes. Raises UsageError where xarray is not installed."""
    xarray = _package("xarray", "to_xarray()")
    names = tuple(axis.name for axis in table.axes)
    axes = {
        axis.name: ((axis.name,), axis.values, {**_described(axis.unit, axis.description), "key": axis.key})
        for axis in table.axes
    }
    variables = {
        name: (names, variable.values, _described(variable.unit, variable.description))
        for name, variable in table.variables.items()
    }
    dataset: Dataset = xarray.Dataset(variables, axes, dict(table.attributes))
    return dataset


def series_dataset(series: CabinSeries) -> Dataset:
    """The quantities of a cabin over time. Raises UsageError where xarray is not installed."""
    xarray = _package("xarray", "to_xarray()")
    axes = {
        name: ((name,), axis.values, _described(axis.unit, axis.description))
        for name, axis in series.axes.items()
    }
    variables = {
        name: (variable.axes, variable.values, _described(variable.unit, variable.description))
        for name, variable in series.variables.items()
    }
    dataset: Dataset = xarray.Dataset(variables, axes, dict(series.attributes))
    return dataset


def table_frame(table: SweepTable) -> DataFrame:
    """A row for each point of a table: its place on the axes, then its variables.

    The units are in `frame.attrs["units"]`, by column. Raises UsageError where pandas is not installed.
    """
    pandas = _package("pandas", "to_pandas()")
    frame: DataFrame = pandas.DataFrame({name: table.column(name).ravel() for name in table.units})
    frame.attrs["units"] = dict(table.units)
    return frame


def cell_centers(result: Result) -> Floats:
    """(n_cells, 3) means of the corners of each cell, m."""
    corners = result.points[result.cells.points]
    count = np.diff(result.cells.offsets)[:, np.newaxis]
    sums: Floats = np.add.reduceat(corners, result.cells.offsets[:-1], axis=0)
    return sums / count


def _field_variables(result: Result) -> dict[str, DataVariable]:
    """Each field over cells, and over time where there are snapshots."""
    if not result.snapshots:
        return {name: _field_variable(field) for name, field in result.fields.items()}
    fields = [snapshot.fields for snapshot in result.snapshots]
    return {name: _field_series([at[name] for at in fields]) for name in fields[0]}


def _field_variable(field: Field) -> DataVariable:
    dimensions = ("cell", "component")[: field.values.ndim]
    return dimensions, field.values, _described(field.unit, field.description)


def _field_series(series: list[Field]) -> DataVariable:
    dimensions, _, described = _field_variable(series[0])
    return ("time", *dimensions), np.stack([field.values for field in series]), described


def _history_variables(history: Mapping[str, Column]) -> dict[str, DataVariable]:
    return {
        f"history_{name}": (("row",), column.values, _described(column.unit, column.description))
        for name, column in history.items()
    }


def _attributes(result: Result) -> dict[str, str | int | float]:
    """The title and the values of the summary; flags as 0 and 1, for netCDF has none."""
    values = {name: quantity.value for name, quantity in result.summary.items()}
    plain = {name: int(value) if isinstance(value, bool) else value for name, value in values.items()}
    return {"title": str(result.provenance.get("title", "")), **plain}


def _described(unit: str, description: str) -> dict[str, str]:
    return {"units": unit, "long_name": description}


def _package(name: str, function: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError:
        raise UsageError(f"{function} needs {name}: pip install {name}") from None
