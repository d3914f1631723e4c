"""`breachflow estimate`: numbers, warnings, errors and imports."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from breachflow.cli.commands.estimate import estimate
from breachflow.cli.main import main
from breachflow.leak.fitted.law import FlowSample, HoleShape, fit_law
from breachflow.leak.laws import LAWS, NAMES
from breachflow.results.files.tables import write_table
from breachflow.results.table import SweepTable, TableAxis
from breachflow.theory.holes.orifice import expected_slit

CABIN = ("--pressure", "1 atm", "--temperature", "295 K")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(estimate, [*arguments])


def answer(*arguments: str) -> dict[str, Any]:
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def test_two_millimeters_of_a_station() -> None:
    # Worked by hand: 0.8305 x 0.68473 x 101325 Pa x 3.14159 mm2/sqrt(287.06 x 295) = 53.75 kg/day.
    found = answer("--diameter", "2 mm", *CABIN, "--volume", "1005 m3")
    assert found["mass_flow"] * 86400 == pytest.approx(53.75, abs=0.01)
    assert found["discharge_coefficient"] == pytest.approx(0.8305, abs=1e-12)
    assert found["thrust"] == pytest.approx(1.0832 * 101325 * 3.14159e-6, rel=1e-5)
    assert found["pressure_rate"] * 3600 / 133.322 == pytest.approx(-1.415, abs=0.005)
    assert found["time_constant"] == pytest.approx(101325 / -found["pressure_rate"], rel=1e-12)
    assert found["regime"] == "continuum"
    assert found["warnings"] == []


def test_text_names_units_outside_law_and_warns_of_nothing() -> None:
    lines = invoke("--diameter", "2 mm", *CABIN).output.splitlines()
    assert lines[0].startswith(
        "  leak rate              53.7 ± 0.5 kg/day (0.622 ± 0.006 g/s, 118.5 ± 1.2 lb/day"
    )
    assert lines[0].endswith("52.7 ± 0.5 Pa m3/s at 295 K, 28900 ± 300 sccm at 273.15 K)")
    assert lines[1] == "  discharge coefficient  0.831 ± 0.008"
    assert lines[3] == "  flow with pressure     grows as p^1 about this pressure"
    assert lines[4] == "  uncertainty            ± 1 % of the law within its range and of a real edge"
    assert "  hole     thin round hole, area 3.142 mm2" in lines
    assert "  gas      air (gamma = 1.4, 28.9644 g/mol) at 101325 Pa, 295 K" in lines
    assert "  outside  vacuum (p_outside/p0 = 0, choked)" in lines
    assert "  holds for              depth <= 0.02 diameters, p_outside/p0 <= 0.05, Kn <= 0.01" in lines
    assert "  ideal        1.204            ideal nozzle (upper bound)" in lines
    assert "  thin-vacuum  1 ± 0.036 %      thin round hole into vacuum" in lines
    assert "  perry               p_outside/p0 0 is below 0.05" in lines
    assert not any("cautions" in line for line in lines)


def test_perry_with_back_pressure_and_given_coefficient() -> None:
    # Perry 1949 at r = 0.5: 0.7491 (worked by hand from the six coefficients).
    expected = answer("--diameter", "2 mm", *CABIN, "--outside", "0.5 atm")
    assert expected["discharge_coefficient"] == pytest.approx(0.7491, abs=5e-5)
    assert expected["discharge_coefficient_uncertainty"] == pytest.approx(0.015, abs=1e-3)
    given = answer("--diameter", "2 mm", *CABIN, "--outside", "0.5 atm", "--cd", "0.6")
    assert given["discharge_coefficient_uncertainty"] is None
    assert given["mass_flow"] / expected["mass_flow"] == pytest.approx(
        0.6 / expected["discharge_coefficient"]
    )


def test_slit_uses_slit_theory() -> None:
    # Chaplygin 1904 at r = 0.6, gamma = 5/3: 0.6962677.
    arguments = ("--width", "1 mm", "--length", "30 mm", *CABIN, "--outside", "0.6 atm", "--gas", "helium")
    assert answer(*arguments)["discharge_coefficient"] == pytest.approx(0.6962677, abs=1e-7)


def test_one_micrometer_lies_between_the_two_limits() -> None:
    found = answer("--diameter", "1 um", *CABIN)
    # At the throat of air, 53.53 kPa and 245.8 K: mu = 1.576e-5 Pa s, so the path is 0.0981 um.
    assert found["knudsen"] == pytest.approx(0.0981, abs=0.0005)
    assert (found["regime"], found["inviscid_holds"]) == ("slip", False)
    # Free-molecular flow, 0.58263 of the ideal one, is a lower bound. Sharipov's W = 1.418 at delta = 6.75 is
    # 0.80 of the way from 1 to 1.5224, that of air 1 + 0.80 (1.4246 - 1).
    assert found["discharge_coefficient"] == pytest.approx(0.58263 * 1.339, rel=2e-3)
    assert found["law"] == "sharipov"
    assert found["warnings"] == []


def test_a_given_coefficient_is_loud_where_it_means_nothing() -> None:
    output = invoke("--diameter", "1 um", *CABIN, "--cd", "0.83").output
    assert "  cautions               - slip flow: Gas slips at the wall and friction matters" in output


def test_a_wide_band_is_flagged() -> None:
    found = answer("--diameter", "1 um", *CABIN, "--outside", "0.5 atm")
    spread = found["mass_flow_uncertainty"] / found["mass_flow"]
    assert found["warnings"] == [f"the laws for this regime are known to {spread:.0%} only."]
    assert 0.1 < spread < 0.2


def test_low_reynolds_number_is_flagged_where_no_law_knows_of_friction() -> None:
    found = answer("--diameter", "0.5 mm", *CABIN)
    assert found["inviscid_holds"] is True
    assert found["warnings"][0].startswith("Reynolds number below 10 000")
    # Sharipov's simulations know it, and so does the friction in a bore.
    assert answer("--diameter", "0.1 mm", *CABIN)["warnings"] == []
    assert answer("--diameter", "0.5 mm", "--wall-thickness", "1 mm", *CABIN)["warnings"] == []


@pytest.mark.parametrize(("diameter", "low"), [("0.7 mm", True), ("0.9 mm", False)])
def test_reynolds_number_is_taken_at_the_throat(diameter: str, low: bool) -> None:
    # By hand: 0.83 x 238.4 kg/(m2 s) d/1.576e-5 Pa s is 10 000 at 0.797 mm (0.92 mm with the gas at rest).
    found = answer("--diameter", diameter, *CABIN)
    assert found["reynolds"] == pytest.approx(12.54e6 * float(diameter.split()[0]) * 1e-3, rel=2e-3)
    assert bool(found["warnings"]) is low


COLD_HELIUM = ("--gas", "helium", "--pressure", "100 Pa")


def test_cold_helium_through_a_pinhole_effuses() -> None:
    # A p0/sqrt(2 pi R T0) = 7.854e-13 m2 x 100 Pa/sqrt(2 pi x 2077.3 x 77) m/s = 7.834e-14 kg/s.
    found = answer(*COLD_HELIUM, "--diameter", "1 um", "--temperature", "77 K")
    assert found["mass_flow"] == pytest.approx(7.834e-14, rel=5e-3)
    assert found["regime"] == "free-molecular"
    assert found["warnings"] == []
    # Helium at 77 K: 8.29e-6 Pa s (Arp, McCarty and Friend 1998).
    assert found["viscosity"] == pytest.approx(8.29e-6, rel=0.015)


def test_beyond_the_viscosity_law_the_uncertainty_spans_what_the_gas_may_do() -> None:
    """Helium at 15 K: below the law's 20 K the viscosity is bounded, and with it the Knudsen number."""
    at_15 = {
        size: answer(*COLD_HELIUM, "--diameter", size, "--temperature", "15 K")
        for size in ("0.1 um", "0.1 mm", "100 mm")
    }
    effusion, choked = 0.54937, 0.8216  # C_d of the two limits at gamma = 5/3
    assert at_15["0.1 um"]["discharge_coefficient"] == pytest.approx(effusion, rel=0.02)
    assert at_15["100 mm"]["discharge_coefficient"] == pytest.approx(choked, rel=0.02)
    assert (at_15["0.1 um"]["regime"], at_15["100 mm"]["regime"]) == ("free-molecular", "continuum")
    # Between them the answer holds the flow for any viscosity between T^1.5 and T^0.5 from 20 K on.
    middle = at_15["0.1 mm"]["knudsen_bounds"]
    assert middle[1] / middle[0] == pytest.approx(20.0 / (15.0 * 0.75), rel=1e-9)


def test_a_gas_without_viscosity_is_bounded_too() -> None:
    swamp = '{ gamma = 1.3, molar_mass = "16 g/mol", name = "swamp gas" }'
    large, small = (answer("--gas", swamp, "--diameter", size, *CABIN) for size in ("2 mm", "5 um"))
    assert (large["gas"], large["regime"], large["knudsen"]) == ("swamp gas", "continuum", None)
    low, high = small["knudsen_bounds"]
    assert (small["regime"], low < 0.01 < high) == ("unknown", True)
    # A gas between all of them, with methane's viscosity: 1.11e-5 Pa s at 300 K.
    known = answer("--gas", swamp[:-1] + ', viscosity = "11.1 uPa s" }', "--diameter", "5 um", *CABIN)
    assert abs(small["mass_flow"] - known["mass_flow"]) < small["mass_flow_uncertainty"]
    assert small["warnings"][0].startswith("unknown regime: whether the gas is a continuum is not known")


@pytest.mark.parametrize(
    ("gas", "pressure", "temperature", "real"),
    [
        # Real over perfect ideal mass flow, by reference equations of state (CoolProp 8.0): Leachman et al.
        # 2009, Span et al. 2000, Schmidt and Wagner 1985, Lemmon and Span 2006, Span and Wagner 1996.
        ("hydrogen", "700 bar", "288.15 K", 0.9208),
        ("nitrogen", "300 bar", "295 K", 1.0654),
        ("oxygen", "150 bar", "295 K", 1.0811),
        ("xenon", "50 bar", "300 K", 1.1625),
        ("carbon_dioxide", "50 bar", "300 K", 1.1683),
        ("hydrogen", "1 bar", "77 K", 1.0576),
        ("air", "1 bar", "1000 K", 0.9856),
    ],
)
def test_the_uncertainty_covers_what_a_real_gas_does(
    gas: str, pressure: str, temperature: str, real: float
) -> None:
    arguments = ("--gas", gas, "--pressure", pressure, "--temperature", temperature, "--diameter", "1 mm")
    found = answer(*arguments)
    relative = found["mass_flow_uncertainty"] / found["mass_flow"]
    assert abs(real - 1.0) <= relative < 4.0 * abs(real - 1.0) + 0.01
    sense = "more" if real > 1.0 else "less"
    if abs(real - 1.0) > 0.02:
        assert "is no perfect gas here" in found["warnings"][0]
        assert f"% {sense}, which ±" in found["warnings"][0]


def test_a_mixture_in_a_cabin() -> None:
    """5 % of carbon dioxide in air: M = 0.95 x 28.9644 + 0.05 x 44.0095 = 29.7167 g/mol."""
    found = answer("--gas", "{ air = 0.95, carbon_dioxide = 0.05 }", "--diameter", "2 mm", *CABIN)
    assert found["gas"] == "0.95 air + 0.05 carbon_dioxide"
    assert found["molar_mass"] == pytest.approx(29.716655e-3, rel=1e-9)
    # c_p/R = 0.95 x 3.5 + 0.05 x 1.289/0.289 = 3.54801.
    assert found["heat_capacity_ratio"] == pytest.approx(3.5480104 / 2.5480104, rel=1e-6)


def test_the_chain_of_formulas() -> None:
    arguments = ("--diameter", "2 mm", *CABIN, "--wall-thickness", "1 mm", "--volume", "7 m3")
    found, lines = answer(*arguments), invoke(*arguments, "--explain").output.splitlines()
    assert lines[0].startswith("  leak rate              ")
    assert "   A = pi d^2/4 = 3.14159 x (0.002 m)^2/4 = 3.14159e-06 m2" in lines
    assert " 7 Mass flow" in lines
    flow = f"= {found['mass_flow']:.4g} kg/s = {found['mass_flow'] * 86400:.4g} kg/day"
    assert any(line.endswith(flow) for line in lines)
    assert lines[-1].endswith(f"= {found['pressure_rate']:.4g} Pa/s")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--diameter", "2mm", *CABIN), '--diameter "2mm" needs a space'),
        (("--diameter", "2 s", *CABIN), '"2 s" is a time, not a length'),
        (("--diameter", "0 mm", *CABIN), '--diameter "0 mm": must be above 0'),
        (("--diameter", "-2 mm", *CABIN), '--diameter "-2 mm": must be above 0'),
        (
            ("--diameter", "2 mm", *CABIN, "--outside", "2 atm"),
            '--outside "2 atm": must not be above --pressure "1 atm"',
        ),
        (("--diameter", "2 mm", *CABIN, "--outside", "-1 Pa"), '--outside "-1 Pa": must not be below 0'),
        (
            ("--diameter", "2 mm", "--pressure", "vacuum", "--temperature", "295 K"),
            '--pressure "vacuum" does not begin with a number',
        ),
        (
            ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "-300 degC"),
            '--temperature "-300 degC": must be above 0 K',
        ),
        (("--diameter", "2 mm", *CABIN, "--width", "1 mm"), "--diameter (round), or --width and --length"),
        (CABIN, "say how large the hole is"),
        (("--diameter", "2 mm", *CABIN, "--cd", "1.2"), "is not in the range 0.0<x<=1.0"),
        (("--diameter", "2 mm", *CABIN, "--volume", "0 m3"), '--volume "0 m3": must be above 0'),
        (("--diameter", "2 mm", *CABIN, "--gas", "helum"), '--gas "helum": allowed: air, nitrogen'),
        (("--diameter", "2 mm", *CABIN, "--gas", "SF6"), 'did you mean "sulfur_hexafluoride"?'),
        (("--diameter", "2 mm", *CABIN, "--gas", "{ air = 0.9 }"), "the mole fractions add up to 0.9, not 1"),
        (("--diameter", "2 mm", *CABIN, "--gas", "{ air = "), "is no table; write e.g. { gamma = 1.4"),
        (
            ("--diameter", "2 mm", *CABIN, "--gas", "{ air = 0.9, carbondioxide = 0.1 }"),
            'unknown gas "carbondioxide"; allowed: air, nitrogen',
        ),
        (
            ("--diameter", "2 mm", *CABIN, "--gas", "steam"),
            "steam at 101.3 kPa and 295 K is a liquid: it boils at about 4 kPa; the laws are for gases",
        ),
        (
            ("--diameter", "2 mm", *CABIN, "--gas", "{ air = 0.5, steam = 0.5 }"),
            "steam at 50.66 kPa and 295 K is a liquid",
        ),
        (
            ("--diameter", "2 mm", *CABIN, "--law", "pery"),
            '--law "pery": no law of --list and no file; the table.h5 of a sweep may be given; '
            'did you mean "perry"?',
        ),
        (
            ("--diameter", "2 mm", *CABIN, "--law", "."),
            '--law ".": no law of --list and no file; the table.h5 of a sweep may be given\n',
        ),
        (
            ("--diameter", "2 mm", *CABIN, "--law", "perry"),
            "the law perry holds for depth <= 0.02 diameters, p_outside/p0 >= 0.05, Kn <= 0.01; here: "
            "p_outside/p0 0 is below 0.05",
        ),
        (("--diameter", "2 mm", *CABIN, "--law", "ideal", "--cd", "0.6"), "--law and --cd both say how much"),
        (("--diameter", "2 mm", *CABIN, "--until", "490 mmHg"), "--until needs --volume"),
        (
            ("--diameter", "2 mm", *CABIN, "--volume", "1 m3", "--until", "2 atm"),
            '--until "2 atm": must be above --outside and not above --pressure "1 atm"',
        ),
        (
            ("--diameter", "2 mm", *CABIN, "--volume", "1 m3", "--outside", "50 kPa", "--until", "40 kPa"),
            '--until "40 kPa": must be above --outside',
        ),
        (("--diameter", "2 mm", *CABIN, "--edge-radius", "1 mm"), "an edge radius of 1 mm needs a wall"),
        (("--diameter", "2 mm", *CABIN, "--depth", "-1 mm"), '"-1 mm": must not be below 0'),
        (("--width", "2 mm", "--length", "3 mm", *CABIN), "at least 2 times as long as it is wide"),
    ],
)
def test_mistakes_give_one_clear_message(arguments: tuple[str, ...], message: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


# A bore by Fanno's tables with K = 0.5 and 4 f L/D = 0.02 and 3.2; the crack by the linearized BGK equation,
# less 9 % for inertia and ends; effusion over the choked flow.
@pytest.mark.parametrize(
    ("arguments", "shape", "law", "coefficient", "tolerance"),
    [
        (("--diameter", "2 mm", "--wall-thickness", "1.6 mm"), "thick round hole", "fanno", 0.833, 0.01),
        (("--diameter", "1 mm", "--depth", "100 mm"), "tube", "fanno", 0.54, 0.03),
        (("--opening", "17 um", "--length", "30 mm", "--depth", "2.5 mm"), "crack", "fanno", 0.135, 0.06),
        (("--width", "1 mm", "--length", "30 mm"), "slit in a thin wall", "slit", 0.84926, 4e-4),
        (("--diameter", "0.1 mm"), "thin round hole", "thin-vacuum", 0.83, 0.01),
        (("--diameter", "0.001 um"), "thin round hole", "sharipov", 0.58263, 2e-3),
    ],
)
def test_every_shape(
    arguments: tuple[str, ...], shape: str, law: str, coefficient: float, tolerance: float
) -> None:
    found = answer(*arguments, *CABIN)
    assert (found["shape"], found["law"]) == (shape, law)
    assert found["discharge_coefficient"] == pytest.approx(coefficient, rel=tolerance)
    assert 0.0 < found["discharge_coefficient_uncertainty"] < 0.1 * coefficient
    assert sum(found["basis"].values()) == pytest.approx(1.0, abs=0.02)


def test_a_law_can_be_asked_for() -> None:
    # Bragg's theory is not Kirchhoff's limit of constant density; by hand at r = 0.5: within 2 % of Perry's.
    arguments = ("--diameter", "2 mm", *CABIN, "--outside", "0.5 atm")
    bragg, best = answer(*arguments, "--law", "bragg"), answer(*arguments)
    assert (bragg["law"], bragg["basis"]) == ("bragg", {"bragg": 1.0})
    assert bragg["mass_flow"] / best["mass_flow"] == pytest.approx(
        next(law["ratio"] for law in best["laws"] if law["name"] == "bragg"), rel=1e-12
    )


def test_a_bound_states_no_uncertainty_of_its_own() -> None:
    lines = invoke("--diameter", "2 mm", *CABIN, "--law", "ideal").output.splitlines()
    assert "  uncertainty            the law states none" in lines


def test_list_names_every_law_with_its_range() -> None:
    result = invoke("--list")
    assert result.exit_code == 0
    for law in LAWS:
        assert f"{law.name}: {law.title}" in result.output
        assert law.range in result.output
        assert law.source in result.output


def test_json_says_of_every_law_whether_it_holds() -> None:
    found = {law["name"]: law for law in answer("--diameter", "2 mm", *CABIN)["laws"]}
    assert tuple(found) == NAMES
    assert found["ideal"]["ratio"] == pytest.approx(1 / 0.8305, rel=1e-12)
    assert (found["perry"]["mass_flow"], found["perry"]["ratio"]) == (None, None)
    assert found["perry"]["why_not"] == "p_outside/p0 0 is below 0.05"


def test_time_to_a_pressure_of_a_station() -> None:
    # tau = 537.3 h (worked example of `blowdown`): tau ln(760/490), 5 tau ((760/490)^(1/7) - 1).
    found = answer("--diameter", "2 mm", *CABIN, "--volume", "1005 m3", "--until", "490 mmHg")
    assert found["isothermal_time"] / 3600 == pytest.approx(235.8 * 0.83 / 0.8305, abs=0.1)
    assert found["adiabatic_time"] / 3600 == pytest.approx(173.84 * 0.83 / 0.8305, abs=0.05)
    output = invoke("--diameter", "2 mm", *CABIN, "--volume", "1005 m3", "--until", "490 mmHg").output
    assert "  time to 490 mmHg       848000 ± 9000 s = 236 ± 2 h = 9.82 ± 0.10 days (isothermal" in output


def test_time_of_a_crack_is_longer_than_its_first_rate_says() -> None:
    # Flow as p^2: (p0/p - 1)/ln(p0/p) times the time of a hole with the same initial rate, less for slip.
    crack = ("--opening", "17 um", "--length", "30 mm", "--depth", "2.5 mm", *CABIN)
    found = answer(*crack, "--volume", "7 m3", "--until", "380 mmHg")
    as_a_hole = found["time_constant"] * math.log(2.0)
    assert 0.85 / math.log(2.0) < found["isothermal_time"] / as_a_hole < 1.0 / math.log(2.0)


def test_no_difference_of_pressures_no_flow() -> None:
    found = answer("--diameter", "2 mm", *CABIN, "--outside", "1 atm")
    assert (found["mass_flow"], found["discharge_coefficient"]) == (0.0, None)
    output = invoke("--diameter", "2 mm", *CABIN, "--outside", "1 atm").output
    assert "none: no flow" in output
    # The estimate uses no law, and no law is compared with it.
    assert "laws that" not in output
    assert "perry" not in output


def test_process_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from breachflow.cli.commands.estimate import estimate\n"
        "estimate(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'numpy', 'numba', 'h5py', 'pydantic', 'rich', 'scipy', 'meshio'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    crack = ("--width", "0.02 mm", "--length", "9 mm", "--depth", "0.1 mm", "--outside", "0.1 atm")
    command = [sys.executable, "-c", code, *crack, *CABIN, "--volume", "1 m3", "--until", "0.5 atm"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# ---------------------------------------------------------------- with the law of a sweep


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A table with a law fitted to coefficients of the exact slit, with an uncertainty of 0.2 %."""
    samples = [
        FlowSample(float(ratio), 0.0, 1.4, exact, 0.002 * exact)
        for ratio in np.linspace(0.0, 0.8, 17)
        for exact in [expected_slit(float(ratio), 1.4).value]
    ]
    axis = TableAxis("point", np.arange(17), "1", "number")
    attributes = {"title": "Slits of a station", "program": "breachflow 0"}
    monkeypatch.chdir(tmp_path)
    write_table(
        "table.h5", SweepTable((axis,), {}, attributes, fit_law(samples, HoleShape("slit")).to_mapping())
    )
    write_table("bare.h5", SweepTable((axis,), {}, attributes))
    return "table.h5"


SLIT = ("--width", "2 mm", "--length", "60 mm", *CABIN)


def test_a_law_fitted_to_a_sweep(table: str) -> None:
    # Chaplygin 1904 at r = 0.7, gamma = 1.4: 0.6789118.
    found = answer(*SLIT, "--outside", "0.7 atm", "--law", table)
    assert found["discharge_coefficient"] == pytest.approx(0.6789118, abs=2e-4)
    assert 0.002 < found["discharge_coefficient_uncertainty"] / 0.6789 < 0.004
    assert (found["law"], found["basis"]) == ("table.h5", {"table.h5": 1.0})
    assert found["discharge_coefficient_source"] == "Slits of a station, breachflow 0"
    own, *others = found["laws"]
    assert (own["name"], own["ratio"], own["why_not"]) == ("table.h5", 1.0, "")
    assert tuple(law["name"] for law in others) == NAMES
    assert next(law["ratio"] for law in others if law["name"] == "slit") == pytest.approx(1.0, abs=4e-4)


def test_text_names_file_range_and_source_of_the_law(table: str) -> None:
    lines = invoke(*SLIT, "--outside", "0.7 atm", "--law", table).output.splitlines()
    law = next(line for line in lines if line.startswith("  rests on  "))
    assert law.startswith(
        "  rests on               table.h5: fitted to 17 computed flows, leave-one-out error "
    )
    assert law.endswith(" (Slits of a station, breachflow 0)")
    assert (
        "  holds for              slit with a sharp edge, p_outside/p0 0 to 0.8, depth/size 0, "
        "heat-capacity ratio 1.4, Kn <= 0.01" in lines
    )
    assert not any("cautions" in line for line in lines)


def test_friction_is_flagged_where_the_law_of_a_sweep_knows_none(table: str) -> None:
    found = answer("--width", "0.2 mm", "--length", "6 mm", *CABIN, "--law", table)
    assert found["warnings"][0].startswith("Reynolds number below 10 000")


def test_times_follow_the_law_of_a_sweep(table: str) -> None:
    drain = ("--outside", "0.3 atm", "--volume", "1 m3", "--until", "0.4 atm")
    found, exact = answer(*SLIT, *drain, "--law", table), answer(*SLIT, *drain, "--law", "slit")
    for time in ("isothermal_time", "adiabatic_time"):
        assert found[time] == pytest.approx(exact[time], rel=3e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--outside", "0.9 atm"), "here: p_outside/p0 = 0.9 is outside the sweep's 0 to 0.8"),
        (("--depth", "1 mm"), "here: depth/size = 0.5 is outside the sweep's 0"),
        (("--gas", "helium"), "here: heat-capacity ratio = 1.66667 is outside the sweep's 1.4"),
        (
            ("--outside", "0.5 atm", "--volume", "1 m3", "--until", "0.6 atm"),
            "on the way to 60795 Pa, at 61967.7 Pa: the law table.h5 holds for slit with a sharp edge,",
        ),
    ],
)
def test_outside_the_points_of_a_sweep(arguments: tuple[str, ...], message: str, table: str) -> None:
    result = invoke(*SLIT, *arguments, "--law", table)
    assert result.exit_code == 2
    assert message in result.output


def test_rarefied_gas_is_outside_the_law_of_a_sweep(table: str) -> None:
    result = invoke("--width", "2 um", "--length", "9 mm", *CABIN, "--law", table)
    assert result.exit_code == 2
    assert "Kn <= 0.01; here: rarefied gas: Kn 0.049 above 0.01" in result.output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "bare.h5",
            None,
            "bare.h5: this table has no law (/law): that takes 6 different converged flows or more",
        ),
        ("law.toml", "[law]", "law.toml: a case and no result: "),
    ],
)
def test_a_file_without_a_law(
    name: str, content: str | None, message: str, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        Path(name).write_text(content)
    assert main(["estimate", *SLIT, "--law", name]) == 8
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
