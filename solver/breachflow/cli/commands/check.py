"""`breachflow check`: the completed case, what to expect of it, its mesh, memory and time of its run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from breachflow.case_kinds import CaseKind
from breachflow.cli.options import JSON, CaseArgument, with_case
from breachflow.cli.printing.lines import print_json, print_line
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.words import byte_count, duration, single_line

if TYPE_CHECKING:
    from breachflow.case import Case
    from breachflow.mesh.quality import MeshQuality
    from breachflow.results.data import Summary
    from breachflow.runs.setup.meshes import RunPlan


@click.command(cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow check breach/case.toml")
@with_case
@JSON
def check(case: CaseArgument, as_json: bool) -> None:
    """Print the completed case, what to expect of it, its mesh and cost.

    No flow is solved. The output is a case file: all but the case stands in its comments. Of a cabin it says
    what happens when, which compartments nothing reaches, and what never acts.
    """
    from breachflow.cli.printing.expected import expected_lines
    from breachflow.runs.setup.meshes import plan
    from breachflow.runs.summary.expected import expected_summary

    kind = case.kind
    if kind is CaseKind.LOCATION:
        from breachflow.cli.printing.plans.locate import check_locate

        check_locate(case.load_locate(), as_json)
        return
    if kind is CaseKind.RECORD:
        from breachflow.cli.printing.plans.record import check_record

        check_record(case.load_record(), as_json)
        return
    if kind is CaseKind.CABIN:
        from breachflow.cli.printing.plans.cabin import check_cabin

        check_cabin(case.load_cabin(), as_json)
        return
    loaded = case.load()
    planned, expected = plan(loaded), expected_summary(loaded)
    if as_json:
        print_json(_plan_json(loaded, planned, expected))
        return
    print_line(loaded.completed_text)
    for line in (*expected_lines(expected), *_plan_lines(planned)):
        print_line(f"# {single_line(line)}")


def _plan_lines(planned: RunPlan) -> Iterator[str]:
    from breachflow.runs.setup.cost.steady import HOW_SURE

    yield f"cells of each level: {', '.join(str(count) for count in planned.cells)}"
    yield from planned.quality.describe()
    yield f"patches: {', '.join(f'{name} ({count} faces)' for name, count in planned.patches.items())}"
    yield f"memory: about {byte_count(planned.memory_bytes)}"
    if planned.seconds > 0.0:
        told = f"about {duration(planned.seconds)}, {HOW_SURE}"
        yield f"time: {told}; the first run compiles too: half a minute"
    yield from planned.notes


def _plan_json(case: Case, planned: RunPlan, expected: Summary) -> dict[str, Any]:
    return {
        "case": case.completed_text,
        "expected": {name: quantity.value for name, quantity in expected.items()},
        "cells": list(planned.cells),
        "memory_bytes": planned.memory_bytes,
        "seconds": planned.seconds if planned.seconds > 0.0 else None,
        "patches": dict(planned.patches),
        "quality": _quality_json(planned.quality),
        "notes": list(planned.notes),
    }


def _quality_json(quality: MeshQuality) -> dict[str, Any]:
    """The counts, and of each measure its worst value, with the number of its cell or face and its place."""
    values = {field.name: getattr(quality, field.name) for field in fields(quality)}
    return {name: value._asdict() if hasattr(value, "_asdict") else value for name, value in values.items()}
