"""`breachflow compare`: a result against another one."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from breachflow.cli.options import ALL, FILE, JSON
from breachflow.cli.printing.lines import print_json, print_line
from breachflow.cli.sections import HelpSection, ListedCommand

if TYPE_CHECKING:
    from breachflow.document.complete import KeyDifference
    from breachflow.results.against.compare import FieldChange, NumberChange, ResultChange


@click.command(
    cls=ListedCommand,
    section=HelpSection.RESULTS,
    example="breachflow compare before.vtkhdf after.vtkhdf",
)
@click.argument("before", metavar="BEFORE", type=FILE)
@click.argument("after", metavar="AFTER", type=FILE)
@ALL
@JSON
def compare(before: Path, after: Path, everything: bool, as_json: bool) -> None:
    """Compare two results of runs: inputs, numbers, fields.

    A number is compared with the uncertainties of both. Fields are compared where both have one mesh. The
    exit code is 0 whatever differs.
    """
    from breachflow.results import read_result
    from breachflow.results.against.compare import compare_results

    found = compare_results(read_result(before), read_result(after))
    if as_json:
        print_json(_as_json(found))
        return
    print_line(f"{before.name} -> {after.name}")
    for label, text in _lines(found, everything):
        print_line(f"  {label:<32}{text}")


def _lines(found: ResultChange, everything: bool) -> Iterator[tuple[str, str]]:
    """Label and text of each line."""
    from breachflow.results.quantities import PrintingPlace, quantity_named

    for one in found.inputs:
        yield "input", f"{one.key}: {_change(one)}"
    if not found.inputs:
        yield "inputs", "the same"
    if not found.has_same_sources:
        yield "program", "other sources of Breachflow"
    for one in found.words:
        yield one.key.replace("_", " "), _change(one)
    for number in found.numbers:
        named = quantity_named(number.name)
        if everything or (named.place < PrintingPlace.DETAIL and named.unit):
            yield named.label or number.name.replace("_", " "), _number_text(number)
    if not found.has_same_mesh:
        yield "fields", "not compared: the meshes differ"
    for field in found.fields:
        yield field.name, _field_text(field)


def _change(one: KeyDifference) -> str:
    return f"{one.before or 'none'} -> {one.after or 'none'}"


def _number_text(number: NumberChange) -> str:
    from breachflow.words import percent

    unit = "" if number.unit in ("", "1") else f" {number.unit}"
    if number.is_same:
        return f"{number.after:.6g}{unit}: the same"
    change = number.relative
    words = "" if isnan(change) else f": {percent(abs(change))} {'more' if change > 0.0 else 'less'}"
    if not isnan(number.bands):
        words += f", {number.bands:.2g} times the uncertainty of both"
    return f"{number.before:.6g} -> {number.after:.6g}{unit}{words}"


def _field_text(field: FieldChange) -> str:
    from breachflow.words import percent

    if not field.largest:
        return "the same"
    x, y = field.place
    return (
        f"differs by {percent(field.largest)} of its largest value at most, at x = {x:.4g} m, y = {y:.4g} m; "
        f"{percent(field.typical)} root mean square"
    )


def _as_json(found: ResultChange) -> dict[str, Any]:
    return {
        "inputs": [one._asdict() for one in found.inputs],
        "same_sources": found.has_same_sources,
        "same_mesh": found.has_same_mesh,
        "numbers": {
            one.name: {
                "before": one.before, "after": one.after, "unit": one.unit, "relative_change": one.relative,
                "uncertainty_before": one.band_before, "uncertainty_after": one.band_after,
            }
            for one in found.numbers
        },
        "words": [one._asdict() for one in found.words],
        "fields": {
            one.name: {"largest": one.largest, "root_mean_square": one.typical, "place": list(one.place)}
            for one in found.fields
        },
    }  # fmt: skip
