"""The documents describe the program as it is: examples work, names exist, every case and key is listed."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from pkgutil import resolve_name
from typing import Any

import pytest
from shipped import shipped_cases

import breachflow
from breachflow.case import json_schema, parse_case
from breachflow.cli.main import command_names
from breachflow.constants import SPECIES, ViscosityLaw
from breachflow.errors import BreachflowError
from breachflow.units import UNITS, Dimension

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "user_guide.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def keys_of(schema: dict[str, Any]) -> set[str]:
    """Names of all keys anywhere in a JSON schema."""
    found = set(schema.get("properties", {}))
    for value in schema.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                found |= keys_of(part)
    return found


def test_first_command_of_the_readme_runs_a_shipped_case() -> None:
    command = blocks(README, "")[0]
    assert command.count("\n") == 1
    run = command.strip().split(" && ")[-1]
    assert run.startswith("breachflow run cases/")
    assert (ROOT / run.removeprefix("breachflow run ")).is_file()


def test_readme_case_is_valid() -> None:
    text = blocks(README, "toml")[0]
    assert parse_case(text).title == "2 mm hole, free flow"


@pytest.mark.parametrize("case", shipped_cases(), ids=lambda case: case.name)
def test_readme_lists_every_case(case: Any) -> None:
    assert f"](cases/{case.name})" in README


def test_readme_names_the_known_misses() -> None:
    rows = re.findall(r"^\| \[`([^`]+)`\]\(cases.*\|$", README, flags=re.MULTILINE)
    said = {
        name for name in rows if re.search(rf"^\| \[`{name}`\].*a known miss", README, flags=re.MULTILINE)
    }
    missed = {
        case.name for case in shipped_cases() if "miss = " in (case.folder / "expected.toml").read_text()
    }
    assert said == missed


@pytest.mark.parametrize("command", command_names())
def test_commands_are_described(command: str) -> None:
    assert f"`breachflow {command}" in README
    assert f"`breachflow {command}" in GUIDE


def test_exit_codes_are_described() -> None:
    codes = {kind.exit_code for kind in BreachflowError.__subclasses__()} | {0, BreachflowError.exit_code}
    for text in (README, GUIDE):
        assert codes == {int(code) for code in re.findall(r"^\| (\d+) \| ", text, flags=re.MULTILINE)}


@pytest.mark.parametrize("key", sorted(keys_of(json_schema())))
def test_guide_describes_every_key(key: str) -> None:
    assert f"`{key}`" in GUIDE or f"`[{key}]`" in GUIDE


def choices_of(schema: Any) -> set[str]:
    """Words that some key of a JSON schema may have."""
    if isinstance(schema, list):
        return set().union(*map(choices_of, schema))
    if not isinstance(schema, dict):
        return set()
    own = [*schema.get("enum", []), schema.get("const")]
    return choices_of(list(schema.values())) | {word for word in own if isinstance(word, str)}


@pytest.mark.parametrize("choice", sorted(choices_of(json_schema())))
def test_guide_describes_every_choice(choice: str) -> None:
    assert choice in re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", GUIDE)))


def test_guide_lists_gases_and_units() -> None:
    for gas in SPECIES.values():
        assert isinstance(gas.viscosity, ViscosityLaw)
        numbers = f"{gas.heat_capacity_ratio:.4g} | {1e3 * gas.molar_mass:.6g}"
        law = f"{gas.viscosity.low:g} to {gas.viscosity.high:g} | {gas.prandtl:.3g}"
        assert f"| `{gas.name}` | {numbers} | {law} |" in GUIDE
    listed = set(" ".join(re.findall(r"`([^`]*)`", GUIDE)).split())
    for dimension in set(Dimension) - {Dimension.VISCOSITY, Dimension.MASS_FLOW}:
        assert set(UNITS[dimension]) <= listed


@pytest.mark.parametrize(
    "page", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("cases/**/README.md"))
)
def test_links_of_cases_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


COUNTED = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    *(f"docs/{page.name}" for page in ROOT.glob("docs/*.md")),
)
"""Documents in which a number of cases is that of the shipped ones."""


def test_documents_count_the_cases_alike() -> None:
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in COUNTED}
    counts = {(name, int(count)) for name in texts for count in re.findall(r"(\d+) cases\b", texts[name])}
    assert {count for _, count in counts} == {len(shipped_cases())}, counts
    assert {name for name, _ in counts} >= {"README.md", "CHANGELOG.md"}


def test_the_citation_names_this_version() -> None:
    assert f"\nversion: {breachflow.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_reference_has_every_public_name() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    functions = set(re.findall(r"^        - (\w+)$", page, flags=re.MULTILINE))
    modules = re.findall(r"^::: (breachflow\.[\w.]+)$", page, flags=re.MULTILINE)
    classes = {name.rpartition(".")[2] for name in modules} | set(dir(breachflow.errors))
    assert set(breachflow.__all__) - {"__version__"} <= functions | classes
    assert functions <= set(breachflow.__all__)


DOCUMENTS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{page.name}" for page in ROOT.glob("docs/*.md"))]
ROOMS = (".ci", "solver/breachflow", "docs", "cases", "examples", "meshes", "tests", "tools")
OF_USERS = {"leak/case.toml", "leak/result.report/report.html", "points/"}
"""Paths that the documents name and that the program writes."""

PACKAGE = ROOT / "solver" / "breachflow"
TOP = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith(("_", "."))} | {"breachflow"}
KEYS = keys_of(json_schema())


def words_of(document: str) -> set[str]:
    """Texts in backticks without a space, outside of blocks of code."""
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"`([^`\s]+)`", text))


def all_paths() -> list[str]:
    """Files and folders of the repository, each with a leading slash."""
    inner = (path for room in ROOMS for path in (ROOT / room, *(ROOT / room).rglob("*")))
    return [f"/{path.relative_to(ROOT).as_posix()}" for path in (*inner, *ROOT.glob("*.*"))]


def is_path(word: str) -> bool:
    """Whether a text names a file or a folder of the repository, or a pattern of such names."""
    looks = re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", word) and ("/" in word or word.endswith((".py", ".md")))
    return bool(looks) and word not in OF_USERS and not word.startswith(("NAME", "..."))


def pattern_of(word: str) -> str:
    """The end of a path; NAME, GROUP and the file name.py stand for any name."""
    parts = PurePosixPath(word).parts
    return "*/" + "/".join(re.sub(r"^(NAME|GROUP|name)(?=$|\.)", "*", part) for part in parts)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_in_documents_exist(document: str) -> None:
    paths = all_paths()
    for word in filter(is_path, words_of(document)):
        assert any(fnmatch(path, pattern_of(word)) for path in paths), word


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_in_documents_exist(document: str) -> None:
    """A dotted name that begins like a module or a table of a case is a module, a part of one, or a key."""
    for word in words_of(document):
        first, _, last = word.partition(".")
        if not re.fullmatch(r"\w+(\.\w+)+", word) or first not in TOP | set(json_schema()["properties"]):
            continue
        if word.endswith((".py", ".md", ".vtu", ".toml")) or (
            first in KEYS and KEYS | {"NAME"} >= set(last.split("."))
        ):
            continue
        assert resolve_name(word if first == "breachflow" else f"breachflow.{word}"), word


def test_what_names_a_path_or_not() -> None:
    assert [word for word in ("kg", "a/b", "x.py", "run.mode", "NAME/case.toml") if is_path(word)] == [
        "a/b",
        "x.py",
    ]
    assert pattern_of("cases/GROUP/NAME") == "*/cases/*/*"
    assert pattern_of("name.py") == "*/*.py"
    assert pattern_of("run/steady.py") == "*/run/steady.py"
