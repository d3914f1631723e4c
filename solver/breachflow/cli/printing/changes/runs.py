"""What differs between two results of runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from breachflow.cli.printing.changes.words import change_text, input_lines, number_json, number_text
from breachflow.words import percent

if TYPE_CHECKING:
    from pathlib import Path

    from breachflow.results.against.runs import FieldChange, ResultChange


def change_of(before: Path, after: Path) -> ResultChange:
    """What differs between the results in two files. Raises ResultError where one cannot be read."""
    from breachflow.results import read_result
    from breachflow.results.against.runs import compare_results

    return compare_results(read_result(before), read_result(after))


def lines(found: ResultChange, everything: bool) -> Iterator[tuple[str, str]]:
    """Label and text of each line."""
    from breachflow.results.quantities import PrintingPlace, quantity_named

    yield from input_lines(found.inputs)
    if not found.has_same_sources:
        yield "program", "other sources of Breachflow"
    for one in found.words:
        yield one.key.replace("_", " "), change_text(one)
    for number in found.numbers:
        named = quantity_named(number.name)
        if everything or (named.place < PrintingPlace.DETAIL and named.unit):
            yield named.label or number.name.replace("_", " "), number_text(number)
    if not found.has_same_mesh:
        yield "fields", "not compared: the meshes differ"
    for field in found.fields:
        yield field.name, _field_text(field)


def _field_text(field: FieldChange) -> str:
    if not field.largest:
        return "the same"
    place = ", ".join(f"{axis} = {at:.4g} m" for axis, at in zip("xyz", field.place, strict=False))
    return (
        f"differs by {percent(field.largest)} of its largest value at most, at {place}; "
        f"{percent(field.typical)} root mean square"
    )


def as_json(found: ResultChange) -> dict[str, Any]:
    """All of it, in SI units."""
    return {
        "inputs": [one._asdict() for one in found.inputs],
        "same_sources": found.has_same_sources,
        "same_mesh": found.has_same_mesh,
        "numbers": {one.name: number_json(one) for one in found.numbers},
        "words": [one._asdict() for one in found.words],
        "fields": {
            one.name: {"largest": one.largest, "root_mean_square": one.typical, "place": list(one.place)}
            for one in found.fields
        },
    }
