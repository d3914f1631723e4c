"""`breachflow sweep`: compute a case over lists and ranges of its values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from breachflow.cli.options import JSON, QUIET, CaseArgument, count, output, with_case
from breachflow.cli.printing.lines import print_json, print_line, print_rows, short_path
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.cli.stop import StopRequests
from breachflow.document.toml_text import toml_value
from breachflow.errors import NotConverged, PointsFailed, Stopped
from breachflow.sweeps.progress import others_text
from breachflow.words import byte_count, duration

if TYPE_CHECKING:
    from breachflow.document.sweep.rules import SweptDocument
    from breachflow.document.sweep.table import Range
    from breachflow.sweeps.driver import SweepResources
    from breachflow.sweeps.kind import SweepKind
    from breachflow.sweeps.plan import SweepPlan
    from breachflow.sweeps.progress import SweepWatcher
    from breachflow.sweeps.result import SweepResult
    from breachflow.words import Row

MOST_NAMED: Final = 10
"""Failed points that are listed; the table has all."""

MOST_SHOWN: Final = 8
"""Values of a list that are shown; of a longer one the ends."""


@click.command(
    cls=ListedCommand, section=HelpSection.COMPUTE, example="breachflow sweep sizes.toml --dry-run"
)
@with_case
@output("FOLDER", "Folder of ledger, table and solutions, instead of NAME.sweep beside the case.")
@count("--workers", "Processes; as many as there are cores for if absent.")
@count("--threads", "Threads of each worker.", default=1)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Use the workers of a dask scheduler, e.g. tcp://host:8786."
)
@click.option(
    "--dry-run", is_flag=True, help="Print the plan, with estimates of time and memory; nothing is run."
)
@QUIET
@JSON
def sweep(
    case: CaseArgument,
    output: Path | None,
    workers: int | None,
    threads: int,
    scheduler: str | None,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Compute a case over lists and ranges of its values.

    The lists and ranges are in the table [sweep] of the case of a flow or of a cabin. Points that are the
    same flow in other units are solved once. Runs start from solved neighbors. A ledger keeps all answers:
    after Ctrl-C, a kill or new values the same command goes on. A point that fails is a row of the table with
    its error; the exit code is then 12, or 7 where a point did not converge.
    """
    from breachflow.sweeps.driver import SweepResources, default_workers, sweep_folder

    loaded = case.load_any()
    folder = output or sweep_folder(loaded)
    resources = SweepResources(workers or default_workers(threads), threads, scheduler)
    if dry_run:
        _print_plan(loaded, folder, resources, as_json)
        return
    result = _run(loaded, folder, resources, silent=quiet or as_json)
    print_json(_json(result)) if as_json else _print_result(result)
    _judge(result)


def _print_plan(case: SweptDocument, folder: Path, resources: SweepResources, as_json: bool) -> None:
    from breachflow.sweeps.plan import make_plan

    plan = make_plan(case)
    bad = _bad_points(plan)
    facts = {**_plan_facts(plan, folder, resources), "bad_points": len(bad)}
    if as_json:
        print_json(facts)
        return
    for key, lines in _axis_rows(plan):
        print_line(f"{key}: {lines}")
    print_rows(_plan_rows(facts, folder, plan.kind))
    for number, reason in sorted(bad.items())[:MOST_NAMED]:
        print_line(f"point {number}: {reason}")
    if len(bad) > MOST_NAMED:
        print_line(f"and {len(bad) - MOST_NAMED} more invalid points")


def _bad_points(plan: SweepPlan) -> dict[int, str]:
    """Numbers of the points that make no case or cannot be run, with the reason."""
    invalid = {point.number: point.point.error for point in plan.invalid}
    return invalid | {number: reason for flow, reason in plan.refused() for number in flow.points}


def _plan_facts(plan: SweepPlan, folder: Path, resources: SweepResources) -> dict[str, Any]:
    """The plan in numbers, in SI units."""
    word = plan.kind.name
    known, others = _known(plan, folder)
    left = [solution for name, solution in plan.solutions.items() if name not in known]
    return {
        "points": len(plan.points),
        f"{word}s": len(plan.solutions),
        f"{word}s_done": len(plan.solutions) - len(left),
        f"{word}s_of_other_cases_or_versions": others,
        f"{word}s_from_neighbors": sum(bool(solution.parents) for solution in left),
        "workers": resources.workers,
        "seconds": sum(one.cost for one in left) / resources.workers if plan.kind.knows_seconds else None,
        "memory_bytes": plan.memory(resources.workers) if left else 0.0,
    }


def _known(plan: SweepPlan, folder: Path) -> tuple[set[str], int]:
    """The solutions of the plan that the ledger has, and how many others it has."""
    from breachflow.sweeps.driver import LEDGER
    from breachflow.sweeps.ledger import Ledger

    if not (folder / LEDGER).is_file():
        return set(), 0
    with Ledger(folder / LEDGER) as ledger:
        return set(ledger.entries(plan.solutions)), ledger.others(plan.solutions)


def _axis_rows(plan: SweepPlan) -> Iterator[tuple[str, str]]:
    """Each swept key, with its values as the case writes them."""
    assert plan.case.sweep is not None
    for key, entry in plan.case.sweep.entries.items():
        yield key, _entry_words(entry)


def _entry_words(entry: list[Any] | Range) -> str:
    if not isinstance(entry, list):
        values = "" if entry.points is None else f", {entry.points} values"
        steps = "equal ratios" if entry.spacing == "log" else "equal steps"
        return f"{entry.first} to {entry.last}{values} in {steps}"
    shown = [value if isinstance(value, str) else toml_value(value) for value in entry]
    words = ", ".join(shown if len(shown) <= MOST_SHOWN else [*shown[:3], "...", *shown[-2:]])
    return f"{words} ({len(shown)})"


def _plan_rows(facts: dict[str, Any], folder: Path, kind: SweepKind) -> list[Row]:
    bad, word = facts["bad_points"], kind.name
    left = facts[f"{word}s"] - facts[f"{word}s_done"]
    others = others_text(facts[f"{word}s_of_other_cases_or_versions"], word) if left else ""
    near = facts[f"{word}s_from_neighbors"]
    return [
        ("points", f"{facts['points']}" + (f" ({bad} of them invalid)" if bad else "")),
        (f"{word}s", f"{facts[f'{word}s']}{kind.shared}"),
        ("to solve", f"{left}{kind.started.format(near)}" if left else f"0: the ledger has every {word}"),
        *([("", others)] if others else []),
        *(_cost_rows(facts) if left else []),
        ("folder", short_path(folder)),
    ]


def _cost_rows(facts: dict[str, Any]) -> list[Row]:
    from breachflow.runs.setup.cost.steady import HOW_SURE

    seconds, memory = facts["seconds"], facts["memory_bytes"]
    known = f"about {duration(seconds)}, {HOW_SURE}" if seconds else ""
    rows = [("workers", str(facts["workers"]))]
    if seconds is not None:
        rows.append(("time", known or "not known for this mesh"))
    return [*rows, ("memory", f"about {byte_count(memory)}")] if memory else rows


def _run(case: SweptDocument, folder: Path, resources: SweepResources, silent: bool) -> SweepResult:
    from breachflow.cli.printing.progress import announce_compilation
    from breachflow.sweeps.driver import sweep as compute
    from breachflow.sweeps.kind import kind_of

    if not silent and kind_of(case).compiles:
        announce_compilation()
    with StopRequests(folder.parent / "STOP") as stop, _watch(silent) as watch:
        return compute(
            case,
            workers=resources.workers,
            threads=resources.threads,
            scheduler=resources.scheduler,
            output=folder,
            watch=watch,
            stop=stop,
        )


@contextmanager
def _watch(silent: bool) -> Iterator[SweepWatcher | None]:
    if silent:
        yield None
        return
    from breachflow.cli.printing.progress import sweep_watcher

    with sweep_watcher() as watch:
        yield watch


def _json(result: SweepResult) -> dict[str, Any]:
    law = (
        None
        if result.law is None
        else {"range": result.law.description, "leave_one_out": result.law.leave_one_out}
    )
    return {
        "table": str(result.path),
        "points": sum(result.counts.values()),
        "counts": dict(result.counts),
        f"{result.kind}s": result.solved,
        "failures": {str(number): error for number, error in result.failures.items()},
        "law": law,
        "stopped": result.stopped,
    }


def _print_result(result: SweepResult) -> None:
    counts = ", ".join(f"{count} {status}" for status, count in sorted(result.counts.items()))
    print_rows(
        [
            ("points", f"{sum(result.counts.values())}: {counts}"),
            (f"{result.kind}s", str(result.solved)),
            *([("law", _law_text(result))] if result.law or result.why_no_law else []),
            ("table", short_path(result.path)),
            ("", short_path(result.path.with_suffix(".csv"))),
        ]
    )
    for number, error in list(result.failures.items())[:MOST_NAMED]:
        print_line(f"point {number} failed: {error}")
    if len(result.failures) > MOST_NAMED:
        print_line(f"and {len(result.failures) - MOST_NAMED} more, in the table")
    print_line(f"`breachflow report {short_path(result.path)}` draws it")


def _law_text(result: SweepResult) -> str:
    if result.law is None:
        return f"none: {result.why_no_law}"
    bound = f"Cd of points left out met within {result.law.leave_one_out:.2g}"
    return f"{result.law.description}; {bound}; `breachflow estimate --law {short_path(result.path)}`"


def _judge(result: SweepResult) -> None:
    """Raise the error whose exit code the command ends with, where not every point has converged."""
    if result.stopped:
        left = result.counts.get("not computed", 0)
        raise Stopped(f"stopped ({result.stopped}) with {left} points to go; the same command goes on")
    if result.failures:
        raise PointsFailed(
            f"{len(result.failures)} of {sum(result.counts.values())} points failed; "
            f"their errors are in {short_path(result.path)}"
        )
    if open_points := result.counts.get("not converged", 0):
        raise NotConverged(
            f"{open_points} of {sum(result.counts.values())} points did NOT CONVERGE: do not trust their "
            "numbers; raise run.max_iterations or try another numerics.limiter"
        )
