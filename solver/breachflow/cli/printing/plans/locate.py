"""What `check` says of a leak to be located: the completed case, and what its hatches divide, in comments."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.cli.printing.lines import print_json, print_line
from breachflow.inference.locate.compute import location_of
from breachflow.inference.locate.grammar.schema import LocateCase
from breachflow.inference.locate.sides import side_text, sides_of
from breachflow.words import counted, single_line


def check_locate(case: LocateCase, as_json: bool) -> None:
    """Print the completed case and what its hatches divide."""
    found = location_of(case)
    if as_json:
        sides = {name: sides_of(case.compartment, case.hatch, [name]) for name in case.hatch}
        numbers = {"sides": sides, "places": len(found.hypotheses), "warnings": found.warnings}
        print_json({"case": case.completed_text, **numbers})
        return
    print_line(case.completed_text)
    for line in _lines(case, len(found.hypotheses), found.warnings):
        print_line(f"# {single_line(line)}")


def _lines(case: LocateCase, places: int, warnings: tuple[str, ...]) -> Iterator[str]:
    yield f"{counted(places, 'place')} where the leak may be: one compartment, or two in three shares"
    for name in case.hatch:
        sides = sides_of(case.compartment, case.hatch, [name])
        texts = " | ".join(side_text(side) for side in sides)
        yield f"{name} shut: {texts if len(sides) > 1 else 'divides nothing'}"
    for i, test in enumerate(case.test, start=1):
        sides = sides_of(case.compartment, case.hatch, test.closed)
        read = (*test.slope, *test.record)
        unread = [side for side in sides if not any(name in side for name in read)]
        if unread:
            yield f"test {i}: no slope of {', '.join(map(side_text, unread))}"
    yield from (f"caution: {warning}" for warning in warnings)
