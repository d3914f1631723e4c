"""What pydantic found wrong with a case, said in the words of the case file."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from breachflow.case import exact, mesh_choice, schema
from breachflow.case.sweep import table as sweep
from breachflow.document.faults import Fault, Key
from breachflow.document.fields import LimitError, Quantity, QuantityPair
from breachflow.document.table import Table
from breachflow.document.toml_text import dotted, shortened, toml_string
from breachflow.words import allowed, nearest, suggested

Location: TypeAlias = tuple[int | str, ...]
"""Where pydantic met an error: the key with the names of the union members it went through."""


def _members(union: Any, tag: str) -> dict[str, type[Table]]:
    models = get_args(get_args(union)[0])
    return {get_args(model.model_fields[tag].annotation)[0]: model for model in models}


CHOICES: Final = {
    "shape": _members(schema.Orifice, "shape"),
    "kind": _members(schema.Boundary, "kind"),
    "solution": _members(exact.Exact, "solution"),
}
"""By the key that tells which of several tables is meant, what it may be."""

_TABLES: Final[dict[Location, type[BaseModel]]] = {
    (): schema.Case,
    ("gas", "table"): schema.CustomGas,
    ("mesh",): mesh_choice.MeshChoice,
    ("mesh", "resolution", "table"): mesh_choice.Resolution,
    ("numerics",): schema.Numerics,
    ("run",): schema.Run,
    ("output",): schema.Output,
    ("sweep",): sweep.Sweep,
    **{("orifice", shape): model for shape, model in CHOICES["shape"].items()},
    **{("exact", solution): model for solution, model in CHOICES["solution"].items()},
    ("exact", "riemann", "left"): exact.GasState,
    ("exact", "riemann", "right"): exact.GasState,
}

# Keys at home in another table, by the table that met them.
_MISPLACED: Final[dict[tuple[type[BaseModel], str], str]] = {
    (schema.SlitOrifice, "diameter"): "a slit has `width`, not `diameter`",
    (schema.RoundOrifice, "width"): "a round hole has `diameter`, not `width`",
    (schema.RoundOrifice, "length"): "a round hole has no `length`; only a slit has one",
    (schema.Vacuum, "pressure"): 'a vacuum has no pressure; write kind = "outlet" to give one',
}
_OTHER_SIZE: Final = {"diameter": "width", "width": "diameter"}

_LIMITS: Final = {"gt": "more than", "ge": "at least", "le": "at most", "multiple_of": "a multiple of"}

_PLAIN: Final = {
    "string_type": "must be text in quotes",
    "float_type": "must be a number, without quotes or unit",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a finite number",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "dict_type": "must be a table",
    "list_type": 'must be a list such as ["1 mm", "2 mm"] or a range { from = "1 mm", to = "2 mm" }',
    "too_short": "is empty; give at least one value",
    "greater_than": "is out of range",
    "greater_than_equal": "is out of range",
    "less_than": "is out of range",
    "less_than_equal": "is out of range",
    "multiple_of": "is out of range",
    "string_too_long": "is too long; at most 200 characters are allowed",
}


_OUT_OF_RANGE: Final = {kind for kind, text in _PLAIN.items() if text == "is out of range"}


def faults_of(error: ValidationError) -> list[Fault]:
    """Every fault; a missing key is left out where an unknown one looks like its misspelling."""
    return _faults(error.errors(include_url=False))


def faults_of_form(error: ValidationError) -> list[Fault]:
    """The faults of values that are no values of their keys, not those of values out of range."""
    return _faults([detail for detail in error.errors(include_url=False) if not _is_limit(detail)])


def misplaced(model: type[BaseModel], name: str) -> str:
    """Where a key is at home that a table does not have; empty where nothing is known of it."""
    return _MISPLACED.get((model, name), "")


def _is_limit(detail: ErrorDetails) -> bool:
    error = detail.get("ctx", {}).get("error")
    return detail["type"] in _OUT_OF_RANGE or isinstance(error, LimitError)


def _faults(details: list[ErrorDetails]) -> list[Fault]:
    misspelled = {_meant(detail["loc"]) for detail in details if detail["type"] == "extra_forbidden"}
    return [
        _fault(detail)
        for detail in details
        if not (detail["type"] == "missing" and _key(detail["loc"]) in misspelled)
    ]


def _fault(detail: ErrorDetails) -> Fault:
    location, kind, given = detail["loc"], detail["type"], detail["input"]
    key, context = _key(location), detail.get("ctx", {})
    match kind:
        case "missing":
            return Fault(key, f"is missing: {_purpose(_field_at(location))}")
        case "extra_forbidden":
            return Fault(key, _why_unknown(_model_at(location[:-1]), str(location[-1])))
        case "value_error":
            return Fault(key, str(context["error"]))
        case "literal_error":
            return Fault(key, _why_not_choice(given, context["expected"]))
        case "union_tag_invalid":
            tag = context["discriminator"].strip("'")
            return Fault((*key, tag), _why_not_choice(given[tag], context["expected_tags"]))
        case "union_tag_not_found":
            return _without_tag(key, context["discriminator"].strip("'"))
        case "unquoted":
            return _unquoted((*key, *context["inner"]))
    plain = _PLAIN.get(kind, detail["msg"])
    return Fault(key, plain + (_range(_field_at(location)) if plain == "is out of range" else ""))


def _without_tag(key: Key, tag: str) -> Fault:
    return Fault((*key, tag), f"is missing; {allowed(map(toml_string, CHOICES[tag]))}")


def _unquoted(key: Key) -> Fault:
    return Fault(key, f"write the key in quotes: {toml_string(dotted(key[1:]))}")


def _why_unknown(model: type[BaseModel], name: str) -> str:
    if home := misplaced(model, name):
        return home
    names = _names(model)
    known = f"unknown key {toml_string(shortened(name))}; {allowed(names)}"
    return known + suggested(name, names)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _meant(location: Location) -> Key:
    names, name = _names(_model_at(location[:-1])), str(location[-1])
    other_size = _OTHER_SIZE.get(name, "")
    meant = other_size if other_size in names else nearest(name, names)
    return (*_key(location)[:-1], meant or "")


def _why_not_choice(given: object, expected: str) -> str:
    words = re.findall(r"'([^']*)'", expected)
    if not words:
        return f"unknown choice; allowed: {expected}"
    if not isinstance(given, str):
        return f"must be text in quotes; {allowed(map(toml_string, words))}"
    return f"unknown choice; {allowed(map(toml_string, words))}{suggested(given, words)}"


def _purpose(field: FieldInfo) -> str:
    description = (field.description or "").removesuffix(".")
    words = description[:1].lower() + description[1:]
    for item in field.metadata:
        if isinstance(item, Quantity):
            return f'{words}; write e.g. "{item.example}"'
        if isinstance(item, QuantityPair):
            return f"{words}; write {item.example}"
    return words


def _range(field: FieldInfo) -> str:
    limits = {name: getattr(item, name) for item in field.metadata for name in _LIMITS if hasattr(item, name)}
    return "; allowed: " + ", ".join(
        f"{_LIMITS[name]} {limits[name]:g}" for name in _LIMITS if name in limits
    )


def _field_at(location: Location) -> FieldInfo:
    fields, name = _model_at(location[:-1]).model_fields, str(location[-1])
    return fields.get(name) or next(field for field in fields.values() if field.alias == name)


def _model_at(location: Location) -> type[BaseModel]:
    if location[:1] == ("boundary",):
        return CHOICES["kind"][str(location[2])]
    if location[:1] == ("sweep",) and len(location) > 1:
        return sweep.LatinHypercube if location[1] == "mode" else sweep.Range
    return _TABLES[location]


def _key(location: Location) -> Key:
    """The location without the union members' names."""
    for table, at in (("orifice", 1), ("exact", 1), ("gas", 1), ("boundary", 2), ("sweep", 2)):
        if location[:1] == (table,):
            return _words(location[:at] + location[at + 1 :])
    is_resolution = location[:2] == ("mesh", "resolution")
    return _words(location[:2] + location[3:] if is_resolution else location)


def _words(location: Location) -> Key:
    return tuple(str(part) for part in location)
