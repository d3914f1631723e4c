"""The risk of a fast leak: diameters and probabilities against numbers worked out elsewhere, and mistakes."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from breachflow.cli.commands.risk import risk as command
from breachflow.errors import CaseError
from breachflow.risk.answer import RiskAnswer
from breachflow.risk.compute import answer_of
from breachflow.risk.read import EXAMPLE, RISK
from breachflow.risk.schema import RiskCase
from breachflow.risk.sizes import listed_sizes

STATION = """
gas = "air"
[compartment.station]
volume = "1005 m3"
pressure = "760 mmHg"
temperature = "295 K"
[compartment.module]
volume = "75 m3"
pressure = "760 mmHg"
temperature = "295 K"
[hatch.a]
between = ["station", "module"]
state = "closed"
[limit]
evacuation = { pressure = "490 mmHg" }
[holes.far]
in = "station"
per_year = 0.01
pareto = { from = "1 mm", exponent = 2.5 }
discharge_coefficient = 0.83
[holes.near]
in = "module"
per_year = 0.01
pareto = { from = "1 mm", exponent = 2.5 }
discharge_coefficient = 0.83
[risk]
years = 10
times = ["1 h", "10 min", "3 min", "1 day"]
"""

PARETO = 'pareto = { from = "1 mm", exponent = 2.5 }'


def solved(text: str = STATION, *overrides: str, path: Path | None = None) -> RiskAnswer:
    return answer_of(parsed(text, *overrides, path=path))


def parsed(text: str, *overrides: str, path: Path | None = None) -> RiskCase:
    return RISK.parse(text, overrides=overrides, path=path)


def test_holes_that_empty_a_station_and_a_module_in_time() -> None:
    # d^2 = V ln(p0/p)/(C_d pi/4 G sqrt(R T) t), by hand.
    found = solved()
    far, near = (found.holes[name].isothermal for name in ("far", "near"))
    assert [1e3 * size for size in far.diameter] == pytest.approx(
        [30.7135, 75.2324, 137.355, 6.26936], rel=1e-5
    )
    assert [1e3 * size for size in near.diameter[1:3]] == pytest.approx([20.5519, 37.5225], rel=1e-5)


def test_probabilities_of_a_power_law() -> None:
    found = solved()
    far = found.holes["far"].isothermal.of_a_penetration
    assert (far[0], far[3]) == pytest.approx((1.91283e-4, 1.01611e-2), rel=1e-5)
    in_years = found.compartments["station"].isothermal
    assert (in_years[0], in_years[3]) == pytest.approx((1.91282e-5, 1.01560e-3), rel=1e-5)
    both = found.compartments["module"].isothermal[0]
    assert found.station.isothermal[0] == pytest.approx(1 - (1 - in_years[0]) * (1 - both), rel=1e-9)


def test_without_heat_smaller_holes_are_too_fast() -> None:
    # 5 (x^(1/7) - 1) over ln x of the mass at first, x = 760/490: 0.858576 of the diameter.
    ratio = math.sqrt(5.0 * ((760 / 490) ** (1 / 7) - 1.0) / math.log(760 / 490))
    cause = solved().holes["far"]
    for cold, warm in zip(cause.adiabatic.diameter, cause.isothermal.diameter, strict=True):
        assert cold / warm == pytest.approx(ratio, rel=1e-12)
    assert cause.adiabatic.of_a_penetration[0] == pytest.approx(1.91283e-4 * ratio**-2.5, rel=1e-5)


def test_open_hatches_make_one_volume() -> None:
    found = solved(STATION, "hatch.a.state=open", "compartment.station.volume=930 m3")
    assert found.holes["near"].empties == ("module", "station")
    assert found.holes["near"].volume == 1005.0
    assert 1e3 * found.holes["near"].isothermal.diameter[0] == pytest.approx(30.7135, rel=1e-5)
    assert found.compartments["module"] == found.compartments["station"]


def test_the_coefficient_is_the_best_estimate_where_none_is_given() -> None:
    text = STATION.replace("discharge_coefficient = 0.83\n", "")
    thin, given = solved(text).holes["far"].isothermal, solved().holes["far"].isothermal
    # 0.8305 of a thin hole into vacuum, docs/round_hole.md
    assert thin.diameter[0] / given.diameter[0] == pytest.approx(math.sqrt(0.83 / 0.8305), rel=1e-6)


def test_sizes_of_a_lognormal_distribution() -> None:
    text = STATION.replace(PARETO, 'lognormal = { median = "3 mm", sigma = 0.8 }')
    share = solved(text).holes["far"].isothermal.of_a_penetration[3]
    # ln(6.26936/3)/0.8 = 0.92132: 1 - Phi = 0.17844
    assert share == pytest.approx(0.17844, abs=2e-5)


def listed(folder: Path, content: str, *overrides: str) -> RiskAnswer:
    (folder / "holes.csv").write_text(content)
    text = STATION.replace(PARETO, 'file = "holes.csv"')
    return solved(text, *overrides, path=folder / "risk.toml")


def test_sizes_of_a_file(tmp_path: Path) -> None:
    content = "# a survey\ndiameter [mm], weight\n2, 1\n50, 2\n8, 5\n"
    found = listed(tmp_path, content)
    # Above 30.7, 75.2, 137 and 6.27 mm: 2/8, none, none, 7/8.
    assert found.holes["far"].isothermal.of_a_penetration == (0.25, 0.0, 0.0, 0.875)
    # (1 + 2 + 5)^2/(1 + 4 + 25) = 2.13 holes of one weight; 3/2.13 is more than 1.
    assert found.warnings[:2] == (
        "far: above 5.38 mm holes.csv has under 10 holes: a rough probability.",
        "far: above 64.6 mm holes.csv has no hole: there a 0 stands for 0 to 1 of a penetration"
        " (95 %, rule of three).",
    )


def test_many_holes_of_a_file_are_their_distribution(tmp_path: Path) -> None:
    """Quantiles of the power law: the same probabilities to one over their number."""
    count = 20_000
    rows = "\n".join(f"{1e-3 * ((i + 0.5) / count) ** -0.4:.9e}" for i in range(count))
    found = listed(tmp_path, f"diameter [m]\n{rows}\n", 'risk.times=["1 h", "1 day"]')
    shares = found.holes["far"].isothermal.of_a_penetration
    assert shares == pytest.approx([1.91283e-4, 1.01611e-2], abs=0.51 / count)


def test_a_hole_as_large_as_the_module_is_told() -> None:
    # 503 mm, against a tenth of the cube root of 75 m3, 422 mm.
    warnings = solved(STATION, 'risk.times=["1 s"]').warnings
    assert any(
        "a hole of 503 mm is not small to module, whose gas is taken to be at rest" in text
        for text in warnings
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; write a line diameter [mm], weight"),
        ("size [mm]\n2\n", 'holes.csv:1: "size [mm]": write diameter [mm], weight'),
        ("diameter\n2\n", 'holes.csv:1: "diameter": write diameter [mm], weight'),
        ("diameter [inch]\n2\n", 'the unit "inch" is not accepted; write "1 in"'),
        ("diameter [mm], gewicht\n2, 1\n", "the second column is weight"),
        ("diameter [mm]\n2\n\nx\n", 'holes.csv:4: "x" is not a finite number'),
        ("diameter [mm]\nnan\n", 'holes.csv:2: "nan" is not a finite number'),
        ("diameter [mm], weight\n2\n", "holes.csv:2: has 1 cells, not a diameter and a weight"),
        ("diameter [mm], weight\n2, -1\n", 'holes.csv:2: weight "-1" must not be below 0'),
        ("diameter [mm]\n0\n", 'holes.csv:2: diameter "0" must be above 0'),
        ("diameter [mm], weight\n2, 0\n", "has no hole with a weight above 0"),
    ],
)
def test_mistakes_in_a_file(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "holes.csv").write_text(content)
    with pytest.raises(CaseError) as caught:
        listed_sizes(tmp_path / "holes.csv")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('in = "module"', 'in = "modules"', 'holes.near.in = "modules": no compartment "modules"'),
        ('in = "module"', 'in = "modules"', 'did you mean "module"?'),
        ("per_year", "peryear", 'did you mean "per_year"?'),
        ("per_year = 0.01", "per_year = 0", "per_year = 0"),
        ('from = "1 mm"', 'from = "1 kg/s"', "is a mass flow, not a length"),
        ("years = 10", "years = -1", "risk.years = -1"),
        ('times = ["1 h"', 'times = ["1 mmHg"', "is a pressure, not a time"),
        ("exponent = 2.5", "exponent = nan", "exponent"),
        ('pressure = "490 mmHg"', 'pressure = "760 mmHg"', "must be below the 760 mmHg of station"),
        ('times = ["1 h"', 'times = ["60 min", "1 h"', 'times = "1 h": is the same as "60 min"; remove one'),
        ('times = ["1 h"', 'times = ["1 h", "1 h"', 'risk.times = "1 h": is given twice; remove one'),
        ('between = ["station", "module"]', 'between = ["station", "station"]', "must name two compartments"),
        ("[limit]", '[limit]\nother = { pressure = "500 mmHg" }', "must have one limit"),
        ('pareto = { from = "1 mm", exponent = 2.5 }\n', "", "has no sizes; give one of pareto = {"),
        ("discharge_coefficient = 0.83", 'file = "holes.csv"', "the sizes are given by pareto already"),
        ('gas = "air"', 'gas = "airr"', 'did you mean "air"?'),
        ('gas = "air"', 'gas = "air"\nthermal = "adiabatic"', "both are printed"),
    ],
)  # fmt: skip
def test_mistakes_in_a_case(old: str, new: str, message: str) -> None:
    assert old in STATION
    with pytest.raises(CaseError) as caught:
        parsed(STATION.replace(old, new, 1))
    assert message in str(caught.value)


def test_an_open_hatch_between_two_pressures_is_refused() -> None:
    text = STATION.replace('state = "closed"', 'state = "open"').replace("760 mmHg", "750 mmHg", 1)
    with pytest.raises(CaseError, match="station and module have different pressures"):
        parsed(text)


def test_a_liquid_is_refused() -> None:
    text = STATION.replace('"air"', '"steam"').replace("discharge_coefficient = 0.83\n", "")
    with pytest.raises(CaseError, match=r'case:2: gas = "steam": steam at .* is a liquid'):
        solved(text)


def test_the_command(tmp_path: Path) -> None:
    def invoke(*options: str) -> Any:
        return CliRunner().invoke(command, [*options])

    example = invoke("--example").output
    assert example == EXAMPLE
    path = tmp_path / "risk.toml"
    path.write_text(example)
    text = invoke(str(path)).output
    assert (
        "  walls keep the temperature: holes above        137 mm    75.2 mm    30.7 mm    6.27 mm\n" in text
    )
    assert (
        "  module: no heat from the walls               6.63e-07   2.98e-06    2.8e-05    0.00149\n" in text
    )
    found = json.loads(invoke(str(path), "--json").output)
    assert found == json.loads(json.dumps(asdict(solved(example))))
    assert json.loads(invoke(str(path), "--json", "--set", "risk.years=1").output)["penetrations"] == 0.01
    missing = invoke(str(tmp_path / "none.toml"))
    assert isinstance(missing.exception, CaseError)
    assert "no such file; `breachflow risk --example` prints a case to start from" in str(missing.exception)
