"""Validation: the grammar of expected.toml, the plan of runs, and every status of a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.errors import CaseError, UsageError
from breachflow.shipped import cases, find_case, find_cases
from breachflow.theory.slit.free_streamline import discharge_coefficient
from breachflow.validation.expected import read_expectations
from breachflow.validation.export import report_json
from breachflow.validation.judge import Finding, Status
from breachflow.validation.plan import ValidationMode, make_plan
from breachflow.validation.validate import ValidationReport, validate

CASE = """
title = "Slit against back pressure, on a mesh as small as can be"
gas = { gamma = 1.4, molar_mass = "28.97 g/mol" }
orifice = { shape = "slit", width = "1 mm" }
mesh = { resolution = { across = 8 } }
probes = { upstream = ["-5 mm", "0.1 mm"] }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "50 kPa" }
"""

EXACT = discharge_coefficient(0.5, 1.4)

EXPECTED = f"""
x_label = "outside / cabin pressure"

[[expected]]
quantity = "discharge_coefficient"
value = {EXACT}
tolerance = 0.008
why = "1 % on 8 cells a half-width: 0.5 % on 20, at order 0.7"
source = "free-streamline theory"

[[expected]]
quantity = "discharge_coefficient"
value = {EXACT + 0.1}
tolerance = 0.008
why = "as above"
source = "a wrong reference"

[[expected]]
quantity = "discharge_coefficient"
value = {EXACT + 0.1}
tolerance = 0.008
why = "as above"
source = "a wrong reference"
miss = "the reference is wrong"

[[expected]]
quantity = "probes.upstream.pressure"
at_least = 99e3
at_most = 100e3
why = "the gas is nearly at rest there: M = 0.1 at most"
source = "isentropic relation"

[[expected]]
quantity = "mass_flow"
at_most = 0.1
why = "none"
source = "a wrong bound"

[[expected]]
quantity = "discharge_coeficient"
value = 0.8
tolerance = 0.1
why = "none"
source = "nobody"
miss = "there is no such quantity, which is no known miss"

[[expected]]
quantity = "regime"
value = 1.0
tolerance = 0.1
why = "none"
source = "nobody"

[[variant]]
name = "double"
x = 2.0
set = ["orifice.width=2 mm"]
[[variant.expected]]
quantity = "mass_flow"
like = ":"
times = 2.0
tolerance = 1e-6
why = "an inviscid gas has no scale: equal but for rounding"
source = "similarity"
[[variant.expected]]
quantity = "discharge_coefficient"
like = ":the same"
tolerance = 1e-6
why = "as above"
source = "similarity"

[[variant]]
name = "the same"
x = 1.0
set = ["orifice.width=1 mm"]
fast = false
[[variant.expected]]
quantity = "discharge_coefficient"
like = ":"
tolerance = 1e-9
why = "it is the same case"
source = "identity"

[[variant]]
name = "three steps"
set = ["run.max_iterations=3"]
[[variant.expected]]
quantity = "discharge_coefficient"
value = 0.75
tolerance = 1.0
why = "none"
source = "nobody"

[[variant]]
name = "slow"
full = true
set = ["mesh.resolution=fine"]
[[variant.expected]]
quantity = "discharge_coefficient"
value = {EXACT}
tolerance = 0.002
why = "a fine mesh"
source = "free-streamline theory"
"""


def write_case(folder: Path, expected: str = EXPECTED, case: str = CASE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "case.toml").write_text(case, encoding="utf-8")
    (folder / "expected.toml").write_text(expected, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ValidationReport:
    folder = write_case(tmp_path_factory.mktemp("own") / "mine")
    return validate(make_plan([str(folder)], ValidationMode.WRITTEN))


def finding(report: ValidationReport, variant: str | None, number: int) -> Finding:
    found = [f for f in report.findings if (f.trial.variant.name if f.trial.variant else None) == variant]
    return found[number]


# ---------------------------------------------------------------- status of numbers


def test_a_number_within_its_tolerance_passes(report: ValidationReport) -> None:
    one = finding(report, None, 0)
    assert (one.status, one.reason, one.unit) == (Status.PASS, "", "")
    assert one.error == pytest.approx((one.computed or 0.0) - EXACT)
    assert one.relative_error == pytest.approx((one.error or 0.0) / EXACT)
    assert one.uncertainty is not None  # three meshes: 8, 4 and 2 cells a half-width
    assert one.uncertainty > abs(one.error or 0.0)


def test_a_number_outside_fails_with_words(report: ValidationReport) -> None:
    one = finding(report, None, 1)
    off = EXACT + 0.1 - (one.computed or 0.0)
    assert (one.status, one.reason) == (Status.FAIL, f"off by {off:.3g}, 0.008 is allowed")


def test_a_stated_cause_makes_a_known_miss(report: ValidationReport) -> None:
    assert finding(report, None, 2).status is Status.MISS


def test_bounds(report: ValidationReport) -> None:
    within, above = finding(report, None, 3), finding(report, None, 4)
    assert (within.status, within.unit, within.reference, within.error) == (Status.PASS, "Pa", None, None)
    assert (within.least, within.most) == (99e3, 100e3)
    assert (above.status, above.reason, above.unit) == (Status.FAIL, "above 0.1", "kg/s per m")


def test_what_is_no_number_fails_whatever_is_known_of_it(report: ValidationReport) -> None:
    missing, word = finding(report, None, 5), finding(report, None, 6)
    reason = 'the result has no such number; did you mean "discharge_coefficient"?'
    assert (missing.status, missing.reason, missing.computed) == (Status.FAIL, reason, None)
    assert word.status is Status.FAIL
    assert word.reason.startswith("the run gives no number for it: ")


def test_like_compares_with_another_run(report: ValidationReport) -> None:
    base, double = finding(report, None, 4), finding(report, "double", 0)
    assert double.reference == 2.0 * (base.computed or 0.0)
    assert [finding(report, "double", number).status for number in (0, 1)] == [Status.PASS, Status.PASS]
    assert finding(report, "the same", 0).error == 0.0


def test_a_run_that_did_not_converge_fails_whatever_its_number(report: ValidationReport) -> None:
    one = finding(report, "three steps", 0)
    assert (one.status, one.reason) == (Status.FAIL, "the run did not converge")
    assert one.computed is None, "a state that still moves has no coefficient"


def test_each_run_is_done_once_and_the_slow_one_not_at_all(report: ValidationReport) -> None:
    assert report.planned == len(report.results) == 4
    assert [name.split(":")[1] for name in report.left_out] == ["slow"]
    assert len(report.findings) == 11
    assert [len(report.with_status(status)) for status in Status] == [5, 1, 5]


def test_nothing_is_written_beside_the_case(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "mine", EXPECTED.split("[[variant]]")[0])
    validate(make_plan([str(folder)], ValidationMode.WRITTEN))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["case.toml", "expected.toml", "mine"]


def test_json_has_every_field(report: ValidationReport) -> None:
    content = report_json(report)
    assert (content["mode"], content["passed"], content["runs"]) == ("as written", False, 4)
    one = content["numbers"][0]
    assert (one["variant"], one["quantity"], one["status"]) == (None, "discharge_coefficient", "pass")
    assert one["reference"] == EXACT
    assert one["why"] == "1 % on 8 cells a half-width: 0.5 % on 20, at order 0.7"
    assert [entry["status"] for entry in content["numbers"]].count("miss") == 1


def test_a_run_that_cannot_be_done_is_the_failure_of_its_own_case(tmp_path: Path) -> None:
    """The others go on."""
    bad = CASE.replace("{ resolution = { across = 8 } }", '{ file = "no.msh", geometry = "planar" }')
    names = [str(write_case(tmp_path / "a", ONE, bad)), str(write_case(tmp_path / "b", ONE))]
    found = validate(make_plan(names, ValidationMode.WRITTEN)).findings
    assert [one.status for one in found] == [Status.FAIL, Status.PASS]
    assert "no.msh" in found[0].reason
    assert found[0].computed is None


def test_stop_leaves_what_is_done(tmp_path: Path) -> None:
    names = [str(write_case(tmp_path / name, ONE)) for name in "ab"]
    begun: list[int] = []
    report = validate(
        make_plan(names, ValidationMode.WRITTEN),
        begin=lambda number, _: begun.append(number),
        stop=lambda: "enough" if len(begun) == 2 else None,
    )
    assert (report.stopped, len(report.results), report.planned) == ("enough", 1, 2)
    assert [one.trial.name for one in report.findings] == names[:1]


# ---------------------------------------------------------------- what is run

ONE = f"""
fast = ["mesh.resolution={{across=8}}"]
[[expected]]
quantity = "discharge_coefficient"
value = {EXACT}
tolerance = 0.008
fast_tolerance = 0.02
why = "mesh"
source = "theory"
"""


def names_of(plan_names: list[str], mode: ValidationMode) -> list[str]:
    return [trial.name.rpartition("/")[2] for trial in make_plan(plan_names, mode).trials]


def test_modes(tmp_path: Path) -> None:
    expected = EXPECTED.replace('like = ":the same"', 'like = ":"')
    own = str(
        write_case(tmp_path / "own", f'fast = ["run.cfl=0.5"]\n{expected}'.replace("run.cfl", "numerics.cfl"))
    )
    written = ["own", "own:double", "own:the same", "own:three steps"]
    assert names_of([own], ValidationMode.WRITTEN) == written
    assert names_of([own], ValidationMode.FULL) == [*written, "own:slow"]
    assert names_of([own], ValidationMode.FAST) == ["own", "own:double", "own:three steps"]
    double = make_plan([own], ValidationMode.FAST).trials[1]
    assert double.overrides == ("orifice.width=2 mm", "numerics.cfl=0.5")


def test_fast_has_its_own_tolerance(tmp_path: Path) -> None:
    own = str(write_case(tmp_path / "own", ONE))
    (one,) = validate(make_plan([own], ValidationMode.FAST)).findings
    assert one.tolerance == 0.02


def test_names_groups_and_folders(tmp_path: Path) -> None:
    own = write_case(tmp_path / "own", ONE)
    plan = make_plan(["orifice", "orifice/slit", "iss/soyuz_ms09/", str(own)], ValidationMode.FULL)
    names = list(dict.fromkeys(trial.case.name for trial in plan.trials))
    assert names == [*(case.name for case in find_cases("orifice")), "iss/soyuz_ms09", str(own)]
    everything = {trial.case.name for trial in make_plan([], ValidationMode.FULL).trials}
    assert everything == {case.name for case in cases()}


def test_like_of_a_shipped_case_runs_that_too(tmp_path: Path) -> None:
    like = ONE.replace(f"value = {EXACT}", 'like = "orifice/slit"')
    plan = make_plan([str(write_case(tmp_path / "own", like))], ValidationMode.FAST)
    assert [trial.name for trial in plan.trials] == [str(tmp_path / "own")]
    assert find_case("orifice/slit").folder in {folder for folder, _ in plan.runs}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("orifce", 'no shipped case "orifce"; did you mean "orifice"?'),
        ("orifice/slti", 'no shipped case "orifice/slti"; did you mean "orifice/slit"?'),
        ("quux", 'no shipped case "quux"; `breachflow init --list` lists them'),
        (".", ".: has no case.toml; give the folder of a case or the name of a shipped one"),
    ],
)
def test_unknown_names(name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        make_plan([name], ValidationMode.FAST)
    assert str(caught.value) == message


def test_nothing_to_run(tmp_path: Path) -> None:
    own = write_case(tmp_path / "own", ONE.replace('["mesh.resolution={across=8}"]', "false"))
    with pytest.raises(UsageError, match=r"^nothing to run; left out of --fast: .*own$"):
        make_plan([str(own)], ValidationMode.FAST)


LIKES = [
    ("orifice/slti", 'no shipped case "orifice/slti"; did you mean "orifice/slit"?'),
    ("orifice/slit:fast", 'the case has no variant "fast"'),
    (":left out", "that case is left out of --fast; let this one be so too"),
]


@pytest.mark.parametrize(("like", "message"), LIKES)
def test_likes_that_lead_nowhere(like: str, message: str, tmp_path: Path) -> None:
    variant = ONE.split("[[expected]]")[1].replace(f"value = {EXACT}", f'like = "{like}"')
    other = (
        f'[[variant]]\nname = "left out"\nfast = false\nset = ["gas=air"]\n[[variant.expected]]\n{variant}'
    )
    folder = write_case(tmp_path / "own", ONE.replace(f"value = {EXACT}", f'like = "{like}"') + other)
    with pytest.raises(CaseError) as caught:
        make_plan([str(folder)], ValidationMode.FAST)
    assert str(caught.value) == f'{folder / "expected.toml"}: like = "{like}": {message}'


def test_a_case_without_expectations(tmp_path: Path) -> None:
    write_case(tmp_path)
    (tmp_path / "expected.toml").unlink()
    with pytest.raises(CaseError, match=r"expected\.toml: no such file; it states what the case must give"):
        make_plan([str(tmp_path)], ValidationMode.FAST)


# ---------------------------------------------------------------- the grammar

GOOD = """\
fast = ["mesh.resolution=coarse"]
[[expected]]
quantity = "mass_flow"
value = 1
tolerance = 0.1
why = "w"
source = "s"
"""

ENTRY_KEYS = (
    "quantity, value, like, times, at_least, at_most, tolerance, fast_tolerance, fast_at_least, "
    "fast_at_most, why, source, miss"
)
ONE_KIND = "must have value, or like, or at_least and/or at_most, and one of these alone"

MISTAKES = [
    ("value", "valuex",
     f'4: expected[1].valuex = 1: unknown key; allowed: {ENTRY_KEYS}; did you mean "value"?'),
    ("fast", "fasst", '1: fasst = ["mesh.resolution=coarse"]: unknown key; allowed: fast, full, x_label, '
     'expected, variant; did you mean "fast"?'),
    ("value = 1", 'value = "1"', '4: expected[1].value = "1": must be a number, without quotes or unit'),
    ("value = 1", "value = true", "4: expected[1].value = true: must be a number, without quotes or unit"),
    ("value = 1", "value = nan", "4: expected[1].value = nan: must be a finite number"),
    ("tolerance = 0.1\n", "", "2: expected[1]: tolerance is missing: the largest error"),
    ("= 0.1", "= -0.1", "5: expected[1].tolerance = -0.1: must not be negative"),
    ("value = 1", "at_least = 1", "2: expected[1]: a bound has no tolerance"),
    ("value = 1\n", "", f"2: expected[1]: {ONE_KIND}"),
    ("value = 1", 'value = 1\nlike = "a"', f"2: expected[1]: {ONE_KIND}"),
    ("value = 1", "value = 1\ntimes = 2.0", "2: expected[1]: times says nothing without like"),
    ("value = 1", "value = 1\nfast_at_most = 2", "2: expected[1]: fast_at_most says nothing without at_most"),
    ('why = "w"\n', "", "2: expected[1].why: is missing: where the tolerance or the bound comes from"),
    ('"w"', '""', '6: expected[1].why = "": is empty'),
    ('"mass_flow"', "3", "3: expected[1].quantity = 3: must be text in quotes"),
    ('["mesh.resolution=coarse"]', '"coarse"', '1: fast = "coarse": must be overrides such as '
     '["mesh.resolution=coarse"], or false to leave the case out of --fast'),
    ("fast", "full = 1\nfast", "1: full = 1: must be true or false"),
    ("[[expected]]", "[expected]", "2: expected: must be an array of tables: write [[expected]]"),
    (GOOD, "fast = []", "1: states nothing; add an [[expected]] entry"),
    ("[[expected]]", '[[variant]]\nname = "a"\nset = ["a=b"]\n[[variant.expected]]\nvale = 2',
     f'6: variant[1].expected[1].vale = 2: unknown key; allowed: {ENTRY_KEYS}; did you mean "value"?'),
    ("[[expected]]", '[[variant]]\nname = "a"\n[[variant.expected]]',
     "2: variant[1].set: is missing: keys of the case to replace"),
    ("[[expected]]", '[[variant]]\nname = "a"\nset = ["b=1"]\nexpected = []\n[[expected]]',
     "5: variant[1].expected = []: is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES, ids=[message for _, _, message in MISTAKES])
def test_a_mistake_is_named_with_line_and_key(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_expectations(path)
    assert str(caught.value) == f"{path}:{message}"


def test_two_variants_of_one_name(tmp_path: Path) -> None:
    variant = GOOD.split("[[expected]]")[1]
    entry = f'[[variant]]\nname = "a"\nset = ["b=1"]\n[[variant.expected]]{variant}'
    (tmp_path / "expected.toml").write_text(entry + entry, encoding="utf-8")
    with pytest.raises(CaseError, match=r'1: two variants have the name "a"$'):
        read_expectations(tmp_path / "expected.toml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = = 1", r":1:5: not valid TOML: Invalid value$"),
        (b'a = "\xff"', "is not UTF-8 text; save the file as UTF-8$"),
        (b"#" * 1_000_001, "is larger than 1 MB; it has a few dozen lines$"),
    ],
)
def test_what_is_no_toml(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "expected.toml").write_bytes(content)
    with pytest.raises(CaseError, match=message):
        read_expectations(tmp_path / "expected.toml")
