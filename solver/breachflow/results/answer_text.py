"""The answer of a run as an engineer writes it: leak rate, coefficient, thrust, what the closed forms say."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from breachflow.results.agreement import ASSUMED_SPREAD, CONTRADICTION, Agreement
from breachflow.results.cautions import listed
from breachflow.results.data import Summary
from breachflow.results.quantities import EXPECTED, UNCERTAINTY
from breachflow.units import SHOWN_UNITS, leak_rate_text
from breachflow.words import Row, percent, plus_minus, printable, significant

COEFFICIENT: Final = "discharge_coefficient"

MOVING: Final = 0.01
"""Relative change in the last tenth of a transient run above which it has no coefficient yet."""


def has_answer(summary: Summary) -> bool:
    """Whether a summary is that of a flow through a hole."""
    return COEFFICIENT in summary and "mass_flow" in summary


def told_in_answer(summary: Summary) -> set[str]:
    """Names of the quantities that `answer_rows` tells."""
    told = {"converged", "stopped", "caution", "flow_model", "regime", "time"}
    if has_answer(summary):
        told |= {unit.quantity for unit in SHOWN_UNITS} | {COEFFICIENT, "thrust", EXPECTED}
    return told


def answer_rows(summary: Summary) -> list[Row]:
    """The rows of the answer, as far as the summary has them; the cautions have a row each.

    A contradiction to the closed forms is told where these are, and not among the cautions again.
    """
    rows = [(label, text(summary)) for label, text in _ROWS.items()] if has_answer(summary) else []
    doubts = [text for text in listed(summary) if not text.startswith(CONTRADICTION)]
    cautions = [("cautions" if number == 0 else "", f"- {text}") for number, text in enumerate(doubts)]
    rows = [row for row in rows if row[1]]
    return [*rows, *((label, printable(text)) for label, text in cautions), *_word_rows(summary)]


def agreement(summary: Summary) -> Agreement | None:
    """The computed coefficient beside the best estimate of the closed forms; None where one is not known."""
    computed, spread = _number(summary, COEFFICIENT), _number(summary, COEFFICIENT + UNCERTAINTY)
    expected, uncertainty = _number(summary, EXPECTED), _number(summary, EXPECTED + UNCERTAINTY)
    is_known = math.isfinite(computed) and expected > 0.0 and uncertainty >= 0.0
    if not is_known or _is_moving(summary):
        return None
    return Agreement(computed, spread, expected, uncertainty)


def _is_moving(summary: Summary) -> bool:
    """Whether the flow of a transient run still changes at its end."""
    return "time" in summary and not _number(summary, "mass_flow_fluctuation") <= MOVING


def _leak_rate(summary: Summary) -> str:
    """The flow in all units, as far as the summary has what they count."""
    if not math.isfinite(_number(summary, COEFFICIENT)):
        return printable(summary[COEFFICIENT].description) or "not known"
    flow, uncertainty = _number(summary, "mass_flow"), _number(summary, f"mass_flow{UNCERTAINTY}")
    shown = {unit.quantity: summary[unit.quantity] for unit in SHOWN_UNITS if unit.quantity in summary}
    _, per, _ = summary["mass_flow"].unit.partition(" per m")
    return leak_rate_text(
        {name: float(quantity.value) for name, quantity in shown.items()},
        abs(uncertainty / flow) if flow else math.nan,
        {
            name: printable(quantity.description).partition("volume flow")[2]
            for name, quantity in shown.items()
        },
        per,
    )


def _coefficient(summary: Summary) -> str:
    value, spread = _number(summary, COEFFICIENT), _number(summary, COEFFICIENT + UNCERTAINTY)
    if not math.isfinite(value):
        return ""
    if _is_moving(summary):
        change = _number(summary, "mass_flow_fluctuation")
        if math.isnan(change):
            return "not settled: the run was stopped too early to tell"
        return f"not settled: the flow changes by {percent(change)} in the last tenth of the time"
    unknown = (
        f" (the mesh error is not known: {percent(ASSUMED_SPREAD)} assumed)" if math.isnan(spread) else ""
    )
    return plus_minus(value, spread) + unknown


def _thrust(summary: Summary) -> str:
    """The thrust; nothing while the flow is not settled."""
    if "thrust" not in summary or not math.isfinite(_number(summary, COEFFICIENT)):
        return ""
    thrust = summary["thrust"]
    if math.isnan(float(thrust.value)):
        return printable(thrust.description)
    return f"{significant(float(thrust.value), 3)} {printable(thrust.unit)}"


def _expected(summary: Summary) -> str:
    if EXPECTED not in summary:
        return ""
    expected = plus_minus(_number(summary, EXPECTED), _number(summary, EXPECTED + UNCERTAINTY))
    found = agreement(summary)
    judged = f": computed is {found.words}" if found else ""
    basis = printable(summary[EXPECTED].description).removeprefix("best estimate: ")
    return f"{expected}{judged}" + (f" ({basis})" if basis else "")


def _word_rows(summary: Summary) -> Iterator[Row]:
    """The model of the flow and the regime of the gas, each with what it means."""
    for name, label in (("flow_model", "model"), ("regime", "regime")):
        if name in summary and summary[name].value:
            found = summary[name]
            meaning = f": {printable(found.description)}" if found.description else ""
            yield label, printable(found.value) + meaning


def _number(summary: Summary, name: str) -> float:
    """A number of the summary; nan where it has none."""
    value = summary[name].value if name in summary else math.nan
    return math.nan if isinstance(value, str) else float(value)


_ROWS: Final[dict[str, Callable[[Summary], str]]] = {
    "leak rate": _leak_rate,
    "discharge coefficient": _coefficient,
    "thrust": _thrust,
    "closed forms expect": _expected,
}
