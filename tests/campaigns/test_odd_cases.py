"""Odd but legal cases: a converged run agrees with the estimate within both bands, or has a caution."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import breachflow
from breachflow.case import parse_case
from breachflow.constants import SPECIES
from breachflow.errors import BreachflowError, CaseError
from breachflow.results.cautions import listed
from campaigns.campaign import rounds
from tally import tally

SEED: Final = 20261130

CASES: Final = 300
"""Of a full campaign."""

ROUNDING: Final = 2e-3
"""Relative: a run that ends at its tolerances, and an estimate, may differ by so much beyond their bands."""

LONGEST: Final = "30 s"
"""A run that takes longer, as one whose flow swings, has no answer here."""

BANDS: Final = 2.0
"""Standard deviations of both, within which 95 % of normal numbers are."""


class OddCase(NamedTuple):
    """A hole between two pressures."""

    text: str
    arguments: dict[str, str]
    """The same for `breachflow.estimate`."""


def odd_case(chance: random.Random) -> OddCase:
    """A case with sizes, gas, state and numerics at random over all that is usual and not."""
    size = 10.0 ** chance.uniform(-5.5, -0.5)
    depth = size * chance.choice([0.0, 0.0, 0.01, 0.1, 0.5, 1.0, 2.0, 6.0])
    gas = chance.choice(sorted(SPECIES))
    pressure, temperature = 10.0 ** chance.uniform(3.0, 6.5), chance.uniform(150.0, 900.0)
    ratio = chance.choice([0.0, 0.0, 0.02, 0.2, 0.5, 0.7, 0.9, 0.97])
    is_slit = chance.random() < 0.3
    hole = {"shape": '"slit"' if is_slit else '"round"', "width" if is_slit else "diameter": f'"{size!r} m"'}
    hole["wall_thickness"] = f'"{depth!r} m"'
    if is_slit:
        hole["length"] = f'"{size * chance.choice([0.5, 20.0, 1000.0])!r} m"'
    elif depth and chance.random() < 0.2:
        hole["rounding"] = f'"{0.5 * depth!r} m"'
    outside = (
        f'{{ kind = "outlet", pressure = "{ratio * pressure!r} Pa" }}' if ratio else '{ kind = "vacuum" }'
    )
    model = chance.choice(["", "", 'flow = { model = "inviscid" }'])
    text = f"""
gas = "{gas}"
{model}
orifice = {{ {", ".join(f"{key} = {value}" for key, value in hole.items())} }}
mesh = {{ resolution = {{ across = {chance.choice([8, 8, 12, 16])} }} }}
run = {{ wall_clock = "{LONGEST}" }}
numerics = {{ flux = "{chance.choice(["hllc", "hlle", "rusanov"])}", order = {chance.choice([1, 2, 2, 2])} }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "{pressure!r} Pa", temperature = "{temperature!r} K" }}
space = {outside}
"""
    given = {"pressure": f"{pressure!r} Pa", "temperature": f"{temperature!r} K", "gas": gas}
    given |= {key: hole[key].strip('"') for key in ("diameter", "width", "length") if key in hole}
    given |= {"edge_radius": hole["rounding"].strip('"')} if "rounding" in hole else {}
    given |= {"wall_thickness": f"{depth!r} m"} | ({"outside": f"{ratio * pressure!r} Pa"} if ratio else {})
    return OddCase(text, given)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_no_odd_case_is_silently_wrong(tmp_path: Path) -> None:
    chance, tried = random.Random(SEED), 0
    wrong: list[str] = []
    while tried < rounds(CASES):
        odd = odd_case(chance)
        try:
            parse_case(odd.text, path=tmp_path / "case.toml")
        except CaseError:
            continue  # not legal: said clearly
        tried += 1
        wrong += silently_wrong(odd, tmp_path)
    assert wrong == []


def silently_wrong(odd: OddCase, folder: Path) -> list[str]:
    """The case with what is wrong with it, counted and printed; none where nothing is."""
    fault = _silent_fault(odd, folder)
    tally(cases=1, wrong=bool(fault))
    if not fault:
        return []
    print(f"{fault}: {odd.text}", flush=True)
    return [f"{fault}: {odd.text}"]


def _silent_fault(odd: OddCase, folder: Path) -> str:
    """What is wrong and was not said; empty where the answer is right, has a caution, or is none."""
    try:
        result = breachflow.run(parse_case(odd.text, path=folder / "case.toml"), threads=1, fresh=True)
        known = breachflow.estimate(**odd.arguments)  # type: ignore[arg-type]
    except BreachflowError:
        return ""  # told, and no result
    values = {name: quantity.value for name, quantity in result.summary.items()}
    converged, cautioned = values.get("converged") is True, bool(listed(result.summary))
    tally(converged=converged, cautioned=converged and cautioned)
    if not converged or cautioned:
        return ""
    flow, band = float(values["mass_flow"]), float(values.get("mass_flow_uncertainty", 0.0))
    if not (math.isfinite(flow) and flow > 0.0):
        return f"a flow of {flow}"
    if known.mass_flow_uncertainty is None:
        return ""
    tally(compared=1)
    apart, allowed = (
        abs(flow - known.mass_flow),
        BANDS * math.hypot(band, known.mass_flow_uncertainty) + ROUNDING * flow,
    )
    return f"{flow} ± {band} against {known.mass_flow} ± {known.mass_flow_uncertainty}" * (apart > allowed)
