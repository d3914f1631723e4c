"""The commands `validate` and `init --from`: output, files and exit codes.

A function that writes a small result replaces the solver.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from solved_hole import CASE, RIGHT, runs_without_solver

from breachflow.cli.main import main
from breachflow.cli.printing.findings import HEADINGS, print_report
from breachflow.shipped import cases
from breachflow.validation.plan import ValidationMode, make_plan
from breachflow.validation.validate import validate

WRONG = RIGHT.replace("0.83", "0.9").replace('"me"', '"somebody else"')

VARIANTS = 'x_label = "diameter, mm"\n' + "".join(
    f"""
[[variant]]
name = "{size} mm"
x = {size}
set = ["orifice.diameter={size} mm"]
[[variant.expected]]
quantity = "discharge_coefficient"
value = 0.8{size}
tolerance = 0.02
why = "mesh"
source = "me, of $ and |"
"""
    for size in (1, 3, 6)
)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """Effects of the coming runs, one each; later runs only write their result."""
    acts: list[Callable[[], None]] = []

    monkeypatch.setitem(sys.modules, "breachflow.runs.run", runs_without_solver(acts))
    monkeypatch.setattr("breachflow.compiled.cache_is_cold", lambda: False)
    return acts


Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invoke(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    runs: list[Callable[[], None]],
) -> Invoke:
    """A function that runs a command in a folder with cases `right`, `wrong` and `varied`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("breachflow.cli.printing.progress.duration", lambda _: "1 s")
    monkeypatch.setattr("breachflow.cli.printing.findings.duration", lambda _: "2 s")
    for name, expected in {"right": RIGHT, "wrong": WRONG, "varied": VARIANTS}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "case.toml").write_text(CASE, encoding="utf-8")
        (tmp_path / name / "expected.toml").write_text(expected, encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


# ---------------------------------------------------------------- validate


def test_what_is_right_is_one_line_a_number(invoke: Invoke) -> None:
    code, out, err = invoke("validate", "right")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "[1 s] 1/1 right",
        "case   quantity               computed  reference    error  allowed     mesh",
        "right  discharge coefficient     0.832       0.83  +0.24 %    1.2 %  ±0.14 %  pass",
        "1 number of 1 run, as written: 1 pass; 2 s",
    ]


def test_what_is_wrong_is_said_in_full(invoke: Invoke) -> None:
    code, out, err = invoke("validate", "right", "wrong")
    assert code == 10
    assert out.splitlines()[-5:] == [
        "FAIL: wrong: discharge_coefficient",
        "  computed   0.832: off by 0.068, 0.01 is allowed",
        "  reference  0.9 (somebody else)",
        "  allowed    0.01 (mesh)",
        "2 numbers of 2 runs, as written: 1 pass, 1 FAIL; 2 s",
    ]
    message = "1 of 2 numbers missed (0 with a known cause): wrong discharge_coefficient"
    assert err == f"breachflow: error: {message}\n"


def test_a_known_miss_is_no_pass_and_no_failure(invoke: Invoke) -> None:
    with Path("wrong/expected.toml").open("a", encoding="utf-8") as file:
        file.write('miss = "somebody else is wrong"\n')
    code, out, err = invoke("validate", "wrong")
    assert (code, err) == (0, "")
    assert out.splitlines()[-2:] == [
        "  cause      somebody else is wrong",
        "1 number of 1 run, as written: 1 known miss; 2 s",
    ]


def test_a_miss_that_is_none_any_more_is_told(invoke: Invoke) -> None:
    with Path("right/expected.toml").open("a", encoding="utf-8") as file:
        file.write('miss = "it was wrong"\n')
    code, out, _ = invoke("validate", "right", "-v")
    assert code == 0
    assert "  cause      it was wrong; yet the number is right: remove `miss`" in out.splitlines()


def test_verbose_gives_every_source(invoke: Invoke) -> None:
    code, out, _ = invoke("validate", "right", "--verbose")
    assert code == 0
    assert "  reference  0.83 (me)" in out.splitlines()


def test_json_is_one_object(invoke: Invoke) -> None:
    code, out, err = invoke("validate", "right", "wrong", "--json")
    content = json.loads(out)
    assert code == 10
    assert err.count("\n") == 1
    assert content["passed"] is False
    assert [entry["status"] for entry in content["numbers"]] == ["pass", "fail"]
    assert content["numbers"][1] == {
        "case": "wrong", "variant": None, "quantity": "discharge_coefficient", "unit": "", "computed": 0.832,
        "reference": 0.9, "at_least": None, "at_most": None, "like": None, "error": pytest.approx(-0.068),
        "relative_error": pytest.approx(-0.068 / 0.9), "tolerance": 0.01, "uncertainty": 0.0012,
        "observed_order": 0.75, "why": "mesh", "source": "somebody else", "miss": None, "status": "fail",
        "reason": "off by 0.068, 0.01 is allowed", "seconds": 1.5,
    }  # fmt: skip


def test_ctrl_c_prints_what_is_done(invoke: Invoke, runs: list[Callable[[], None]]) -> None:
    runs += [lambda: None, lambda: os.kill(os.getpid(), signal.SIGINT)]
    code, out, err = invoke("validate", "right", "varied")
    assert code == 6
    assert "1 number of 1 run, as written: 1 pass; 2 s" in out.splitlines()
    assert err.splitlines()[-1] == "breachflow: error: stopped after 1 of 4 runs (SIGINT)"


def test_left_out_is_said(invoke: Invoke) -> None:
    with Path("right/expected.toml").open("a", encoding="utf-8") as file:
        file.write(
            VARIANTS.replace('x_label = "diameter, mm"\n', "").replace(
                "[[variant]]", "[[variant]]\nfull = true"
            )
        )
    code, out, _ = invoke("validate", "right")
    assert (code, out.splitlines()[-1]) == (0, "only run with --full: 3 runs")
    code, out, _ = invoke("validate", "right", "-v")
    assert (code, out.splitlines()[-1]) == (0, "only run with --full: right:1 mm, right:3 mm, right:6 mm")


MISTAKES = [
    (("--fast", "--full"), 2, "--fast and --full: give one of them"),
    (("orifce",), 2, 'no shipped case "orifce"; did you mean "orifice"?'),
    (("right", "--page", "page.html"), 2, "page.html: the name of a page ends in .md"),
    (("right", "--page", "no/page.md"), 8, "no/page.md: its folder does not exist; create it"),
    (
        ("broken",),
        3,
        "broken/expected.toml:2: xpected = [{...}]: unknown key; allowed: fast, full, x_label, ",
    ),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES, ids=[m for _, _, m in MISTAKES])
def test_mistakes_are_found_before_any_run(
    arguments: tuple[str, ...], code: int, message: str, invoke: Invoke, runs: list[Callable[[], None]]
) -> None:
    runs.append(lambda: pytest.fail("a run was begun"))
    Path("broken").mkdir()
    Path("broken/case.toml").write_text(CASE, encoding="utf-8")
    Path("broken/expected.toml").write_text(RIGHT.replace("expected", "xpected"), encoding="utf-8")
    found, out, err = invoke("validate", *arguments)
    assert (found, out) == (code, "")
    assert err.startswith(f"breachflow: error: {message}")
    assert err.count("\n") == 1


def test_on_a_terminal_the_table_fits_100_columns(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr("breachflow.cli.printing.findings.is_terminal", lambda: True)
    monkeypatch.setattr("rich.console.Console", lambda: Console(file=screen, width=100, force_terminal=False))
    print_report(validate(make_plan(["right", "wrong"], ValidationMode.WRITTEN)), verbose=False)
    lines = [" ".join(line.split()) for line in screen.getvalue().splitlines() if line.strip()]
    assert [line for line in lines if not line.startswith("─")] == [
        " ".join(("case, quantity", *HEADINGS[2:])).strip(),
        "right",
        "discharge coefficient 0.832 0.83 +0.24 % 1.2 % ±0.14 % pass",
        "wrong",
        "discharge coefficient 0.832 0.9 -7.6 % 1.1 % ±0.14 % FAIL",
    ]
    assert max(map(len, screen.getvalue().splitlines())) <= 100


# ---------------------------------------------------------------- the page


def test_page_has_every_number_and_its_figures(invoke: Invoke) -> None:
    pytest.importorskip("matplotlib")
    code, out, _ = invoke("validate", "right", "wrong", "varied", "--page", "page.md")
    assert (code, out.splitlines()[-1]) == (10, "wrote page.md")
    text = Path("page.md").read_text(encoding="utf-8")
    assert "| [other cases](#other-cases) | 5 | 2 | 0 | 3 |" in text
    assert "| discharge coefficient | 0.832 | 0.83 | +0.24 % | 1.2 % | ±0.14 % | pass | 1 |" in text
    assert "| 6 mm | discharge coefficient | 0.832 | 0.86 | -3.3 % | 2.3 % | ±0.14 % | **FAIL** | 1 |" in text
    assert "1. me, of $ and \\|. Tolerance: mesh." in text
    assert "- **wrong**, discharge coefficient 0.832, reference 0.9, off by 0.068, 0.01 is allowed" in text
    figures = {path.name: path for path in Path("page").iterdir()}
    assert sorted(figures) == ["other-cases-errors.png", "varied.png"]
    for name, path in figures.items():
        assert f"](page/{name})" in text
        assert path.read_bytes().startswith(b"\x89PNG")


def test_sharp_references_show_how_errors_fall(invoke: Invoke) -> None:
    """Errors of 0.84, 0.835 and 0.832 on three meshes against 0.83."""
    pytest.importorskip("matplotlib")
    from breachflow.report.validation.figures.convergence import error_curves

    Path("right/expected.toml").write_text(RIGHT.replace("0.01", "0.005"), encoding="utf-8")
    report = validate(make_plan(["right"], ValidationMode.WRITTEN))
    (curve,) = error_curves(report, report.findings)
    assert (curve.trial, curve.quantity) == ("as it is", "discharge coefficient")
    assert curve.errors == pytest.approx([0.01 / 0.83, 0.005 / 0.83, 0.002 / 0.83])


def test_page_without_matplotlib(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breachflow.report.validation.page.find_spec", lambda _: None)
    code, out, err = invoke("validate", "right", "--page", "page.md")
    assert (code, out) == (2, "")
    assert err == "breachflow: error: the page's figures need matplotlib: pip install 'breachflow[report]'\n"


# ---------------------------------------------------------------- init


def test_init_lists_the_shipped_cases(invoke: Invoke) -> None:
    code, out, _ = invoke("init", "--list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [case.name for case in cases()]
    assert "orifice/slit" in out
    assert out.splitlines()[0].endswith(cases()[0].title)


def test_init_copies_a_shipped_case_with_its_mesh(invoke: Invoke) -> None:
    code, out, err = invoke("init", "mine", "--from", "imported/plate")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "wrote mine/case.toml: Round hole in a plate, on a mesh from Gmsh (from imported/plate). "
        "Edit it, then",
        "  breachflow check mine/case.toml",
        "  breachflow run mine/case.toml",
    ]
    assert sorted(path.name for path in Path("mine").iterdir()) == [
        "case.toml",
        "expected.toml",
        "plate_triangles.msh",
    ]
    assert 'file = "plate_triangles.msh"' in Path("mine/case.toml").read_text(encoding="utf-8")
    assert invoke("check", "mine/case.toml")[0] == 0


@pytest.mark.parametrize(
    ("case", "command"),
    [
        ("cabin/breathing", "cabin"),
        ("sweep/gases", "sweep"),
        ("sweep/hatch_delay", "sweep"),
        ("orifice/slit", "run"),
    ],
)
def test_init_names_the_command_that_computes_the_copy(case: str, command: str, invoke: Invoke) -> None:
    assert (
        invoke("init", "mine", "--from", case)[1].splitlines()[-1] == f"  breachflow {command} mine/case.toml"
    )


def test_init_takes_its_name_from_the_case(invoke: Invoke) -> None:
    assert invoke("init", "--from", "orifice/slit")[0] == 0
    assert Path("slit/case.toml").is_file()


def test_init_overwrites_none_of_the_files(invoke: Invoke) -> None:
    Path("slit").mkdir()
    Path("slit/expected.toml").write_text("mine", encoding="utf-8")
    code, out, err = invoke("init", "--from", "orifice/slit")
    assert (code, out) == (2, "")
    assert err.startswith("breachflow: error: slit/expected.toml: exists already, and is left as it is")
    assert [path.name for path in Path("slit").iterdir()] == ["expected.toml"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("orifice/slti", 'did you mean "orifice/slit"?'), ("quux", "`breachflow init --list` lists them")],
)
def test_init_from_an_unknown_case(name: str, hint: str, invoke: Invoke) -> None:
    code, out, err = invoke("init", "mine", "--from", name)
    assert (code, out, err) == (2, "", f'breachflow: error: no shipped case "{name}"; {hint}\n')
    assert not Path("mine").exists()
