"""What to do after a run: commands that draw it, make it surer, or mend it."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from breachflow.cli.printing.lines import short_path
from breachflow.words import Row

if TYPE_CHECKING:
    from breachflow.case import Case
    from breachflow.results import Result

SURE: Final = 0.01
"""Relative uncertainty by the meshes up to which no finer mesh is offered."""

FINER: Final = {"coarse": "medium", "medium": "fine"}
"""The next finer resolution of a template."""

FALLING: Final = 0.5
"""Factor of the residual over the last third of the steps below which more iterations help."""

FEW: Final = 20
"""Steps on a mesh below which more of them help in any case."""


def next_steps(result: Result, case: Case | None) -> list[Row]:
    """Commands and what each is for, the most useful first."""
    summary = result.summary
    if "converged" in summary and not summary["converged"].value:
        return list(_helping(result, case))
    return list(_going_on(result, case))


def _going_on(result: Result, case: Case | None) -> Iterator[Row]:
    """After an answer."""
    from breachflow.results.answer_text import agreement

    found = agreement(result.summary)
    if found is not None and not found.holds:
        yield (
            f"breachflow check {_case_name(result)}",
            "area, Re, Kn and closed forms of the case: is it the one you mean?",
        )
    yield f"breachflow report {shlex.quote(short_path(result.path))}", "pictures, and one page for a browser"
    finer = _finer(case) if _is_unsure(result) else ""
    if finer:
        yield _again(result, f"mesh.resolution={finer}"), "a finer mesh, which makes the uncertainty smaller"
    if case is not None and case.orifice is not None and case.run.mode == "steady":
        if case.sweep is not None:
            yield f"breachflow sweep {_case_name(result)}", "all values of the table [sweep]"
        else:
            yield "breachflow init --from sweep/hole_size", "a case over many sizes, to start a sweep from"


def _helping(result: Result, case: Case | None) -> Iterator[Row]:
    """After a run that was stopped or did not converge."""
    summary = result.summary
    if "stopped" in summary and summary["stopped"].value:
        yield _again(result), "run it to its end"
        return
    value = summary["discharge_coefficient"].value if "discharge_coefficient" in summary else 0.0
    if isinstance(value, float) and not 0.0 <= value <= 1.0:
        yield (
            f"breachflow check {_case_name(result)}",
            "does the hole of the mesh have the size of the case, in its unit?",
        )
    if case is not None and _still_falls(result):
        more = 2 * case.run.max_iterations
        yield _again(result, f"run.max_iterations={more}"), "more iterations: the residual was still falling"
    elif case is not None:
        if getattr(case.mesh, "resolution", "coarse") != "coarse":
            yield _again(result, "mesh.resolution=coarse"), "a coarse mesh, which converges more easily"
        yield _again(result, "numerics.flux=hlle"), "a flux with more dissipation"
    yield (
        f"breachflow show {shlex.quote(short_path(result.path))} --all",
        "the end of the history: what does not settle?",
    )


def _still_falls(result: Result) -> bool:
    """Whether the residual fell over the last third of the steps on the last mesh, or had few steps there."""
    if "residual" not in result.history or "level" not in result.history:
        return False
    residual, level = result.history["residual"].values, result.history["level"].values
    last = residual[level == level[-1]] if len(level) else residual
    return len(last) < FEW or bool(last[-1] < FALLING * last[-1 - len(last) // 3])


def _is_unsure(result: Result) -> bool:
    """Whether the uncertainty of a flow through a hole is large by its mesh, or not known.

    What the numerical flux changes does not shrink with the cells.
    """
    summary = result.summary
    names = ("discharge_coefficient_uncertainty", "discharge_coefficient")
    if not all(name in summary for name in names):
        return False
    spread, value = (float(summary[name].value) for name in names)
    of_flux = float(summary["flux_difference"].value) if "flux_difference" in summary else 0.0
    return not spread <= math.hypot(SURE, of_flux) * abs(value)


def _finer(case: Case | None) -> str:
    """The next resolution of a template; empty where there is none."""
    resolution = getattr(case.mesh, "resolution", None) if case is not None else None
    return FINER.get(resolution, "") if isinstance(resolution, str) else ""


def _case_name(result: Result) -> str:
    """The case that the command of the run named."""
    words = _command(result)
    return shlex.quote(words[2]) if len(words) > 2 else "CASE"


def _again(result: Result, *overrides: str) -> str:
    """The command of the run once more, with further values, which replace its own for the same keys."""
    words = _command(result) or ["breachflow", "run", "CASE"]
    keys = [override.partition("=")[0] for override in overrides]
    pairs = list(zip(words, [*words[1:], ""], strict=True))
    replaced = {
        number + step
        for number, (word, value) in enumerate(pairs)
        for step in (0, 1)
        if word == "--set" and value.partition("=")[0] in keys
    }
    kept = [word for number, word in enumerate(words) if number not in replaced]
    return shlex.join([*kept, *(word for override in overrides for word in ("--set", override))])


def _command(result: Result) -> list[str]:
    """The command that made a result, in words; none of one that another program made."""
    words = shlex.split(str(result.provenance.get("command", "")))
    return (
        [word for word in words if word not in ("--quiet", "--json", "--all")]
        if words[1:2] == ["run"]
        else []
    )
