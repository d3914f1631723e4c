"""The points of a sweep: its combinations of values, and the document of each."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from breachflow.document.explain import TEXTS, faults_of
from breachflow.document.faults import Fault
from breachflow.document.read import DocumentType
from breachflow.document.source import replaced, shown
from breachflow.document.sweep.keys import SweptKey, swept_keys
from breachflow.document.sweep.rules import SweptDocument, rules_of, type_of
from breachflow.document.sweep.table import LatinHypercube, Range, Sweep, Value
from breachflow.document.sweep.values import base_data, coordinate, values_at, values_of
from breachflow.document.unread import known_faults
from breachflow.errors import CaseError
from breachflow.units import si_unit
from breachflow.words import single_line

Model = TypeVar("Model", bound=SweptDocument)


class SweepPoint(NamedTuple, Generic[Model]):
    """One combination of values."""

    number: int
    values: tuple[Value, ...]
    """One value for each key, as it is written in a document."""
    case: Model | None
    """The document with these values, without [sweep]; its text is that of the swept one. None if invalid."""
    error: str
    """Why there is no document; empty if there is one."""


class SweepAxis(NamedTuple):
    """A swept key with its values: in a grid each value once, otherwise the value of every point."""

    key: str
    values: tuple[float | int | str, ...]
    """Numbers in SI units, names, and short labels of tables."""
    unit: str
    """The SI unit; "1" for plain numbers, empty for texts."""
    description: str


def sweep_axes(case: SweptDocument) -> list[SweepAxis]:
    """The swept keys, in the order of the case. Raises CaseError where the case has no [sweep]."""
    columns = _columns(case, _swept(case))
    return [_axis(swept, values) for swept, values in zip(swept_keys(case), columns, strict=True)]


def sweep_points(case: Model) -> list[SweepPoint[Model]]:
    """Every point of the sweep; in a grid the last key varies fastest.

    Raises CaseError where the case has no [sweep].
    """
    sweep = _swept(case)
    columns = _columns(case, sweep)
    rows = product(*columns) if sweep.mode == "grid" else zip(*columns, strict=True)
    base = _Base(case, swept_keys(case), base_data(case))
    return [_point(number, values, base) for number, values in enumerate(rows)]


class _Base(NamedTuple, Generic[Model]):
    """The common part of the points of a sweep."""

    case: Model
    keys: list[SweptKey]
    data: dict[str, Any]


def _swept(case: SweptDocument) -> Sweep:
    if case.sweep is None:
        example = rules_of(case).example
        raise CaseError(f"{case.label}: has no table [sweep], the keys to sweep; write e.g. {example} in it")
    return case.sweep


def _point(number: int, values: tuple[Value, ...], base: _Base[Model]) -> SweepPoint[Model]:
    data = replaced(base.data, {swept.key: value for swept, value in zip(base.keys, values, strict=True)})
    found = _checked(data, base.case)
    if isinstance(found, SweptDocument):
        return SweepPoint(number, values, _derived(base, found, data), "")
    return SweepPoint(number, values, None, _told(found, base.keys, data))


def _checked(data: dict[str, Any], case: Model) -> Model | list[Fault]:
    reader: DocumentType[Model] = type_of(case)
    try:
        found = reader.model.model_validate(data, context=case.origin.place)
    except ValidationError as error:
        return faults_of(error, reader.model, {**TEXTS, **reader.texts})
    derived = reader.derive(found)
    return list(known_faults(reader.checks, derived)) or derived


def _derived(base: _Base[Model], found: Model, data: dict[str, Any]) -> Model:
    """The document of a point; it shares with the base what stays: 100 000 of them fit in memory.

    Tables that hold no swept key may differ too: their defaults follow from what is swept.
    """
    changed = {name: value for name, value in found if value != getattr(base.case, name)}
    origin = base.case.origin
    source = replace(origin.source, data=data)
    return base.case.read_from(origin._replace(source=source), **{**changed, "sweep": None})


def _told(faults: list[Fault], keys: list[SweptKey], data: dict[str, Any]) -> str:
    """All faults in one line, those of swept keys first."""
    swept = {key.key for key in keys}
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: fault.key not in swept)
    return "; ".join(single_line(f"{shown(fault, data)}: {fault.text}") for fault in ordered)


def _axis(swept: SweptKey, values: Sequence[Value]) -> SweepAxis:
    coordinates = tuple(coordinate(swept, value) for value in values)
    is_text = any(isinstance(found, str) for found in coordinates)
    unit = "" if is_text else "1" if swept.dimension is None else si_unit(swept.dimension)
    return SweepAxis(swept.name, coordinates, unit, swept.field.description or "")


def _columns(case: SweptDocument, sweep: Sweep) -> list[list[Value]]:
    """The values of each key: in a grid each once, otherwise one for each point."""
    entries = list(zip(swept_keys(case), sweep.entries.values(), strict=True))
    if isinstance(sweep.mode, LatinHypercube):
        fractions = _random_fractions(sweep.mode, len(entries))
        return [
            _along(swept, entry, column) for (swept, entry), column in zip(entries, fractions, strict=True)
        ]
    return [values_of(swept, entry) for swept, entry in entries]


def _along(swept: SweptKey, entry: list[Any] | Range, fractions: list[Fraction]) -> list[Value]:
    assert isinstance(entry, Range)
    return values_at(swept, entry, fractions)


def _random_fractions(mode: LatinHypercube, dimensions: int) -> Iterator[list[Fraction]]:
    from scipy.stats import qmc

    seed = "rng" if "rng" in inspect.signature(qmc.LatinHypercube).parameters else "seed"
    sampler = qmc.LatinHypercube(dimensions, **{seed: mode.seed})
    for column in sampler.random(mode.latin_hypercube).T:
        yield [Fraction(fraction) for fraction in column.tolist()]
