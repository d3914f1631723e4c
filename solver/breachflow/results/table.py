"""The table of a sweep: every quantity at every point of the swept axes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from breachflow.errors import CaseError, MissingColumn, ResultError
from breachflow.toml_gate.parse import parse_toml
from breachflow.words import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame
    from xarray import Dataset

    from breachflow.case.schema import Case


_EVENT: Final = re.compile(r"event\.(\d+)\.(.+)")


def axis_name(key: str) -> str:
    """Name of a swept key in the table.

    >>> axis_name("orifice.diameter"), axis_name("boundary.cabin.pressure"), axis_name("run.max_iterations")
    ('diameter', 'cabin_pressure', 'run_max_iterations')
    """
    return key.removeprefix("orifice.").removeprefix("boundary.").replace(".", "_")


@dataclass(frozen=True)
class TableAxis:
    """A swept quantity: a dimension of the table and the values along it."""

    name: str
    values: NDArray[Any]
    """(n,) numbers or texts (dtype "U", or objects of type str)."""
    unit: str
    description: str
    key: str = ""
    """The key of the case, such as orifice.diameter; empty for the axis `point`."""


@dataclass(frozen=True)
class Variable:
    """One quantity at every point of the table."""

    values: NDArray[Any]
    """Numbers, flags or texts in the shape of the table: (length of the first axis, of the second, ...)."""
    unit: str
    """"1" for a number without a dimension, empty for texts and flags."""
    description: str


@dataclass(frozen=True)
class SweepTable:
    """Every quantity of a sweep at every point.

    A grid has an axis for each swept key; any other sweep has the axis `point` alone. A notebook shows the
    main columns.
    """

    axes: tuple[TableAxis, ...]
    variables: Mapping[str, Variable]
    attributes: Mapping[str, str | int | float]
    """The title, the completed case and what made the table."""
    law: Mapping[str, Any] | None = None
    """The law fitted to the table: arrays, numbers, texts, and mappings of these."""
    path: Path | None = field(default=None, compare=False)
    """Where it was read; None of one that was not."""

    def __post_init__(self) -> None:
        for name, variable in self.variables.items():
            if np.shape(variable.values) != self.shape:
                raise ValueError(f"{name!r} has the shape {np.shape(variable.values)}, not {self.shape}")

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values on each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def units(self) -> dict[str, str]:
        """The unit of every column: the axes, then the variables."""
        axes = {axis.name: axis.unit for axis in self.axes}
        return axes | {name: variable.unit for name, variable in self.variables.items()}

    @cached_property
    def case(self) -> Case:
        """The case whose table [sweep] was computed; paths in it are relative to the working directory.

        Raises ResultError where this version of the program cannot read the case, and of a sweep of cabins:
        the text of their case is the attribute "case".
        """
        from breachflow.case.read import parse_case

        if "compartment" in self._case_data:
            raise ResultError('the table is of cabins; the text of their case is attributes["case"]')
        try:
            return parse_case(str(self.attributes.get("case", "")), allow_outside=True)
        except CaseError as error:
            raise ResultError(f"the case of the table cannot be read by this version: {error}") from error

    @cached_property
    def first_written(self) -> dict[str, object]:
        """The first value of each swept key as the case writes it; empty where its case cannot be read."""
        from pydantic import ValidationError

        from breachflow.document.sweep.table import Sweep

        try:
            entries = Sweep.model_validate(self._case_data.get("sweep", {})).entries
        except ValidationError:
            return {}
        return {key: entry[0] if isinstance(entry, list) else entry.first for key, entry in entries.items()}

    def label_of(self, column: str) -> str:
        """A column in words; of a swept key of an event with what the event does."""
        key = next((axis.key for axis in self.axes if axis.name == column), "") or self._keys.get(column, "")
        event = _EVENT.fullmatch(key)
        data = self._case_data.get("event", [])
        if event is None or not 1 <= int(event[1]) <= len(data):
            return column.replace("_", " ")
        acts = ((act, what) for act, what in data[int(event[1]) - 1].items() if isinstance(what, str))
        act = next((f"{act} {what}" for act, what in acts if act not in ("at", "to", "after")), "event")
        return f"{act} {event[2].replace('_', ' ')}"

    @property
    def is_of_cabins(self) -> bool:
        """Whether the points are cabins; otherwise they are flows."""
        return "reserve_limit" in self.variables

    @property
    def swept(self) -> list[str]:
        """The columns of the swept keys; empty where the case of a table without a grid cannot be read."""
        names = [axis.name for axis in self.axes if axis.key]
        return names or [name for name in self._keys if name in self.variables]

    @property
    def _keys(self) -> dict[str, str]:
        """Swept keys by the names of their columns."""
        return {axis_name(key): key for key in self.first_written}

    @cached_property
    def _case_data(self) -> dict[str, Any]:
        """What the text of the case says; empty where it is no TOML."""
        try:
            return parse_toml(str(self.attributes.get("case", "")))
        except (ValueError, RecursionError):
            return {}

    def column(self, name: str) -> NDArray[Any]:
        """The values of a variable, or of an axis, at every point of the table, in the table's shape.

        Raises MissingColumn, which is a KeyError, where there is no such column.
        """
        for i, axis in enumerate(self.axes):
            if axis.name == name:
                others = [k for k in range(len(self.axes)) if k != i]
                return np.broadcast_to(np.expand_dims(axis.values, others), self.shape)
        if name not in self.variables:
            near = nearest(name, self.units)
            place = "the table" if self.path is None else f"{self.path}: the table"
            raise MissingColumn(f"{place} has no column {name!r}; it has {near or ', '.join(self.units)}")
        return self.variables[name].values

    def to_xarray(self) -> Dataset:
        """The variables over the axes, each with the attributes `units` and `long_name`.

        Raises UsageError where xarray is not installed.
        """
        from breachflow.results.exchange import table_dataset

        return table_dataset(self)

    def to_pandas(self) -> DataFrame:
        """A row for each point: its place on the axes, then the variables; units in `attrs["units"]`.

        Raises UsageError where pandas is not installed.
        """
        from breachflow.results.exchange import table_frame

        return table_frame(self)

    def _repr_html_(self) -> str:
        from breachflow.results.html import table_html

        return table_html(self)
