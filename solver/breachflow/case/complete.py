"""A case written back as TOML, with every default and every unit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from breachflow.case.mesh_choice import KEYS
from breachflow.case.schema import Case
from breachflow.case.sweep.table import Sweep
from breachflow.document.fields import Quantity, QuantityPair
from breachflow.document.table import Table
from breachflow.document.toml_text import toml_key, toml_string, toml_value
from breachflow.units import Dimension, write_quantity


def completed(case: Case) -> str:
    """The text that reads back to the same case."""
    return "\n".join(_lines(case)) + "\n"


def _lines(case: Case) -> Iterator[str]:
    yield f"title = {toml_string(case.title)}"
    yield f"gas = {toml_string(case.gas) if isinstance(case.gas, str) else _inline(case.gas, case)}"
    if case.orifice is not None:
        yield from _section("orifice", case.orifice, case)
    yield from _section("mesh", case.mesh, case, only=KEYS[case.mesh.source])
    yield from _entries("boundary", {name: _inline(entry, case) for name, entry in case.boundary.items()})
    if case.exact is not None:
        yield from _section("exact", case.exact, case)
    yield from _section("numerics", case.numerics, case)
    yield from _section("run", case.run, case)
    if case.probes:
        yield from _entries(
            "probes", {name: _pair(point, Dimension.LENGTH) for name, point in case.probes.items()}
        )
    yield from _section("output", case.output, case)
    if case.sweep is not None:
        yield from _section("sweep", case.sweep, case)
        yield from _swept(case.sweep, case)


def _swept(sweep: Sweep, case: Case) -> Iterator[str]:
    """The values as given: what is written anew here might not read back to them."""
    for name, entry in sweep.entries.items():
        written = toml_value(entry) if isinstance(entry, list) else _inline(entry, case)
        yield f"{toml_string(name)} = {written}"


def _section(name: str, table: Table, case: Case, only: tuple[str, ...] = ()) -> Iterator[str]:
    yield f"\n[{name}]"
    yield from (f"{key} = {value}" for key, value in _values(table, case) if not only or key in only)


def _entries(name: str, entries: dict[str, str]) -> Iterator[str]:
    yield f"\n[{name}]"
    yield from (f"{toml_key(key)} = {value}" for key, value in entries.items())


def _inline(table: Table, case: Case) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in _values(table, case)) + " }"


def _values(table: Table, case: Case) -> Iterator[tuple[str, str]]:
    for name, field in type(table).model_fields.items():
        value = getattr(table, name)
        if value is not None:
            yield field.alias or name, _written(value, field.metadata, case)


def _written(value: object, metadata: list[object], case: Case) -> str:
    for item in metadata:
        if isinstance(item, Quantity) and isinstance(value, float):
            return toml_string(write_quantity(value, item.dimension))
        if isinstance(item, QuantityPair) and isinstance(value, tuple):
            return _pair(value, item.each.dimension)
    if isinstance(value, Path):
        return toml_string(Path(os.path.relpath(value, case.folder)).as_posix())
    if isinstance(value, Table):
        return _inline(value, case)
    if isinstance(value, bool | tuple):
        return repr(list(value)) if isinstance(value, tuple) else str(value).lower()
    return toml_string(value) if isinstance(value, str) else repr(value)


def _pair(point: tuple[float, float], dimension: Dimension) -> str:
    return f"[{', '.join(toml_string(write_quantity(value, dimension)) for value in point)}]"
