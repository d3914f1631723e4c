"""Errors of pydantic in the words of the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from breachflow.document.faults import Fault, Key
from breachflow.document.fields import LimitError, Missing, QuantityArray, QuantityField
from breachflow.document.places.annotations import Spot, bare, is_table, keys_of, spot_at, tagged, values_of
from breachflow.document.table import Table
from breachflow.document.toml_text import dotted, shortened, toml_string
from breachflow.words import allowed, counted, nearest, suggested

_LIMITS: Final = {
    "gt": "more than", "ge": "at least", "lt": "less than", "le": "at most", "multiple_of": "a multiple of",
}  # fmt: skip

TEXTS: Final = {
    "string_type": "must be text in quotes",
    "string_too_short": "is empty",
    "string_unicode": "is not valid text (UTF-8)",
    "string_too_long": "is too long; at most {max_length} characters are allowed",
    "float_type": "must be a number, without quotes or unit",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "list_type": "must be an array",
    "too_short": "is empty",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "dict_type": "must be a table",
    "greater_than": "is out of range{range}",
    "greater_than_equal": "is out of range{range}",
    "less_than": "is out of range{range}",
    "less_than_equal": "is out of range{range}",
    "multiple_of": "is out of range{range}",
    "extra_forbidden": "unknown key {key}",
}
"""Texts of messages by kind of a pydantic error; a document may have other texts for some."""

_OUT_OF_RANGE: Final = {kind for kind, text in TEXTS.items() if "{range}" in text}


def faults_of(
    error: ValidationError, model: type[Table], texts: Mapping[str, str] = TEXTS, *, limits: bool = True
) -> list[Fault]:
    """Every fault that pydantic found in a document of a model.

    A missing key is left out where an unknown one looks like its misspelling; with `limits` false, so are
    values of the right kind that lie out of the range of their keys.
    """
    details = [item for item in error.errors(include_url=False) if limits or not _is_limit(item)]
    met = [(detail, spot_at(model, detail["loc"])) for detail in details]
    misspelled = {meant_key(spot) for detail, spot in met if detail["type"] == "extra_forbidden"}
    return [
        _fault(detail, spot, texts)
        for detail, spot in met
        if not (detail["type"] == "missing" and spot.key in misspelled)
    ]


def _is_limit(detail: ErrorDetails) -> bool:
    error = detail.get("ctx", {}).get("error")
    return detail["type"] in _OUT_OF_RANGE or isinstance(error, LimitError)


def _fault(detail: ErrorDetails, spot: Spot, texts: Mapping[str, str]) -> Fault:
    key, context, given = spot.key, detail.get("ctx", {}), detail["input"]
    match detail["type"]:
        case "missing":
            return Fault(key, _why_missing(spot))
        case "extra_forbidden":
            return Fault(key, _why_unknown(spot, texts["extra_forbidden"]))
        case "value_error":
            return Fault(key, str(context["error"]))
        case "literal_error":
            return Fault(key, _why_not_choice(given, context["expected"]))
        case "union_tag_invalid":
            tag = context["discriminator"].strip("'")
            why = _why_not_choice(given[tag], context["expected_tags"])
            place = spot.table.elsewhere.get(str(given[tag]).lower())
            return Fault((*key, tag), f"{why}; {place}" if place else why)
        case "union_tag_not_found":
            return _without_tag(spot, context["discriminator"].strip("'"))
        case "at_key":
            return Fault((*key, *context["inner"]), context["text"])
        case "too_short" if context["actual_length"]:
            return Fault(
                key, f"has {counted(context['actual_length'], 'value')}; needs {context['min_length']}"
            )
        case "too_long":
            return Fault(key, f"has {context['actual_length']} values; at most {context['max_length']}")
        case "unquoted":
            return _unquoted((*key, *context["inner"]))
        case "list_type" if isinstance(given, dict) and is_table(bare(values_of(spot.annotation))):
            return Fault(key, f"must be an array of tables: write [[{key[-1]}]]")
    text = texts.get(detail["type"], detail["msg"].replace("{", "{{").replace("}", "}}"))
    return Fault(key, text.format_map({**context, "range": _range(spot.field)}))


def _without_tag(spot: Spot, tag: str) -> Fault:
    choices = map(toml_string, tagged(spot.annotation, tag))
    return Fault((*spot.key, tag), f"is missing; {allowed(choices)}")


def _unquoted(key: Key) -> Fault:
    whole = next((str(part) for part in key[2:] if "." in str(part)), None)
    if whole is not None:
        return Fault(key, f"write the key in [{dotted(key[:1])}] itself: {toml_string(whole)}")
    return Fault(key, f"write the key in quotes: {toml_string(dotted(key[1:]))}")


def _why_unknown(spot: Spot, text: str) -> str:
    name, names = str(spot.key[-1]), keys_of(spot.table)
    if name in spot.table.misplaced:
        return spot.table.misplaced[name].advice
    known = text.format(key=toml_string(shortened(name)))
    return f"{known}; {allowed(names)}{suggested(name, names)}"


def meant_key(spot: Spot) -> Key:
    """The key that an unknown one stands for, as it seems."""
    name = str(spot.key[-1])
    misplaced = spot.table.misplaced.get(name)
    meant = misplaced.instead if misplaced else nearest(name, keys_of(spot.table))
    return (*spot.key[:-1], meant or "")


def _why_not_choice(given: object, expected: str) -> str:
    words = re.findall(r"'([^']*)'", expected)
    if not words:
        return f"unknown choice; allowed: {expected}"
    if not isinstance(given, str):
        return f"must be text in quotes; {allowed(map(toml_string, words))}"
    return f"unknown choice; {allowed(map(toml_string, words))}{suggested(given, words)}"


def _why_missing(spot: Spot) -> str:
    metadata = spot.field.metadata if spot.field else []
    texts = [item.text for item in metadata if isinstance(item, Missing)]
    return texts[-1] if texts else f"is missing: {_purpose(spot)}"


def _purpose(spot: Spot) -> str:
    """Purpose of a key: its description, and an example of a quantity."""
    assert spot.field is not None
    description = (spot.field.description or "").removesuffix(".")
    words = description[:1].lower() + description[1:]
    for item in spot.field.metadata:
        if isinstance(item, QuantityField):
            return f'{words}; write e.g. "{item.example}"'
        if isinstance(item, QuantityArray):
            return f"{words}; write {item.example}"
    return words


def _range(field: FieldInfo | None) -> str:
    metadata: list[Any] = field.metadata if field else []
    limits = {name: getattr(item, name) for item in metadata for name in _LIMITS if hasattr(item, name)}
    told = [f"{_LIMITS[name]} {limits[name]:g}" for name in _LIMITS if name in limits]
    return f"; allowed: {', '.join(told)}" if told else ""
