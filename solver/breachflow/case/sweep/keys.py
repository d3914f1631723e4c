"""The keys of a case that may be swept, and the reason why another may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pydantic.fields import FieldInfo

from breachflow.case.schema import Case
from breachflow.document.faults import DottedKey
from breachflow.document.fields import dimension_of
from breachflow.document.places.annotations import table_among
from breachflow.document.source import key_in
from breachflow.document.table import Table
from breachflow.document.toml_text import toml_key
from breachflow.templates.registry import owners
from breachflow.units import Dimension
from breachflow.words import allowed, suggested

_NO_FLOW: Final = "it changes no flow"
_STEADY: Final = "a sweep is of steady runs"
_EACH_MESH: Final = "each mesh has keys of its own; write a case for each"

_REFUSED: Final[dict[DottedKey, str]] = {
    ("title",): _NO_FLOW,
    ("mesh", "template"): _EACH_MESH,
    ("mesh", "geometry"): _EACH_MESH,
    ("orifice", "shape"): "each shape has keys of its own; write a case for each",
    ("boundary", "*", "kind"): "each kind has keys of its own; write a case for each; "
    'an outlet at "0 Pa" is a vacuum',
    ("exact",): "it belongs to verification",
    ("run", "mode"): _STEADY,
    ("run", "end_time"): _STEADY,
    ("run", "wall_clock"): _NO_FLOW,
    ("probes",): _NO_FLOW,
    ("sweep",): "it is the sweep itself",
    ("output",): "it changes no flow; a sweep names its own files",
}


class SweptKey(NamedTuple):
    """A key of the case that takes several values."""

    key: DottedKey
    field: FieldInfo

    @property
    def name(self) -> str:
        """As a case writes it: "orifice.diameter"."""
        return _name(self.key)

    @property
    def dimension(self) -> Dimension | None:
        """The dimension of its values; None of plain numbers and words."""
        return dimension_of(self.field)

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.field.annotation is int

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, with others between any two."""
        return self.field.annotation in (int, float, float | None)

    def within(self, names: Iterable[str]) -> Iterator[tuple[str, SweptKey]]:
        """The keys of a table that stands as its value, by name."""
        table = table_among(self.field.annotation)
        assert table is not None
        return ((name, SweptKey((*self.key, name), table.model_fields[name])) for name in names)


def swept_keys(case: Case) -> list[SweptKey]:
    """The swept keys of a checked case, in the order of its table [sweep]."""
    return [swept_key(case, name) for name in case.sweep.entries] if case.sweep else []


def swept_key(case: Case, name: str) -> SweptKey:
    """The key that a text such as "orifice.diameter" names.

    Raises ValueError where the case has no such key or where it cannot be swept; the message says why.
    """
    key, fields = key_in(name), _sweepable(case)
    if key not in fields:
        raise ValueError(_why_not(case, key, fields))
    return SweptKey(key, fields[key])


def _sweepable(case: Case) -> dict[DottedKey, FieldInfo]:
    fields = dict(_fields(case, ()))
    return {key: field for key, field in fields.items() if not _refusal(key)}


def _fields(table: Table, above: DottedKey) -> Iterator[tuple[DottedKey, FieldInfo]]:
    """Every key of a table and of the tables in it that takes a value."""
    for name, field in type(table).model_fields.items():
        key, value = (*above, name), getattr(table, name)
        if table_among(field.annotation) or not isinstance(value, Table | dict):
            yield key, field
        if isinstance(value, Table):
            yield from _fields(value, key)
        for inner, entry in value.items() if isinstance(value, dict) else ():
            yield from _fields(entry, (*key, inner)) if isinstance(entry, Table) else ()


def _refusal(key: DottedKey) -> str:
    reasons = (reason for pattern, reason in _REFUSED.items() if _begins(key, pattern))
    return next(reasons, "")


def _begins(key: DottedKey, pattern: DottedKey) -> bool:
    beginning = key[: len(pattern)]
    fits = (part in ("*", mine) for part, mine in zip(pattern, beginning, strict=False))
    return len(beginning) == len(pattern) and all(fits)


def _owners(case: Case, key: DottedKey) -> str:
    """The meshes that a key of [mesh] belongs to, where it does not belong to the case's."""
    return owners(key[1], case.mesh.source) if len(key) > 1 and key[0] == "mesh" else ""


def _why_not(case: Case, key: DottedKey, fields: dict[DottedKey, FieldInfo]) -> str:
    if not key:
        return 'is no key of a case; write e.g. "orifice.diameter"'
    if reason := _refusal(key):
        return f"cannot be swept: {reason}"
    if foreign := _owners(case, key):
        return f"belongs to {foreign}"
    above = fields.get(key[:-1])
    table = table_among(above.annotation) if above else None
    if table and key[:-1] not in {known[:-1] for known in fields}:
        return f"{_name(key[:-1])} is a name in this case; write {table.example} to sweep a key of it"
    return _why_unknown(case, key, fields)


def _why_unknown(case: Case, key: DottedKey, fields: dict[DottedKey, FieldInfo]) -> str:
    near = [_name(known) for known in fields if known[0] == key[0]]
    names = near or [_name(known) for known in fields]
    table, found = _value_at(case, key[:-1]), _value_at(case, key)
    if isinstance(found, Table | dict):
        within = [_name(known) for known in fields if known[: len(key)] == key]
        return f"is a table; {allowed(within or names)}"
    if isinstance(table, Table) and key[-1] in table.misplaced:
        return table.misplaced[key[-1]].advice
    return f"unknown key; {allowed(names)}{suggested(_name(key), names)}"


def _value_at(case: Case, key: DottedKey) -> object:
    found: object = case
    for part in key:
        known = dict(found) if isinstance(found, Table | dict) else {}
        found = known.get(part)
    return found


def _name(key: DottedKey) -> str:
    return ".".join(map(toml_key, key))
