"""Parts of a result as columns of equal length: for CSV files and programs that know tables only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from breachflow.results.data import Column, Field
from breachflow.results.exchange import cell_centers

if TYPE_CHECKING:
    from breachflow.results.result import Result

PROBE: Final = "probe"
"""The column with the name of the probe."""

FIRST: Final = ("iteration", "time", "level")
"""Columns of a history that come first."""


def cell_columns(result: Result, fields: Mapping[str, Field]) -> dict[str, Column]:
    """The center of each cell and the fields in it, (n_cells,) each."""
    centers = cell_centers(result)
    columns = {axis: Column(centers[:, i], "m", f"{axis} of the center") for i, axis in enumerate("xy")}
    for name, field in fields.items():
        columns |= component_columns(name, field)
    return columns


def probe_columns(result: Result) -> dict[str, Column]:
    """The columns of all probes, one probe below the other, (n_rows,) each; empty without probes."""
    probes = list(result.probes.items())
    if not probes:
        return {}
    counts = [len(next(iter(columns.values())).values) for _, columns in probes]
    names = np.repeat(np.array([name for name, _ in probes], dtype=np.object_), counts)
    joined = {}
    for name, one in in_order(probes[0][1]).items():
        values = np.concatenate([columns[name].values for _, columns in probes])
        joined[name] = Column(values, one.unit, one.description)
    return {PROBE: Column(names, "", "name of the probe"), **joined}


def in_order(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Columns over the steps of a run: what counts the steps comes first."""
    return {name: columns[name] for name in (*FIRST, *columns) if name in columns}


def component_columns(name: str, field: Field) -> dict[str, Column]:
    """A field as columns, (n,) each: a vector by its components, without a third one that is 0 everywhere."""
    if field.values.ndim == 1:
        return {name: Column(field.values, field.unit, field.description)}
    axes = "xyz" if np.nan_to_num(field.values[:, 2:]).any() else "xy"
    return {
        f"{name}_{axis}": Column(field.values[:, i], field.unit, field.description)
        for i, axis in enumerate(axes)
    }
