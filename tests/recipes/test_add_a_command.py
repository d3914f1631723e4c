"""CONTRIBUTING's recipe for a command: one file, and rows in the README and the user guide."""

from __future__ import annotations

import pytest

from edited_package import EditedPackage

COMMAND = '''"""`breachflow area`: the area of a hole."""

from __future__ import annotations

import click

from breachflow.cli.options import JSON, CaseArgument, with_case
from breachflow.cli.printing.lines import print_json, print_line
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow area case.toml")
@with_case
@JSON
def area(case: CaseArgument, as_json: bool) -> None:
    """Print the area of the hole of a case. In square meters."""
    found = case.load().hole.area
    print_json({"area": found}) if as_json else print_line(f"{found:.4e} m2")
'''

README, GUIDE = "README.md", "docs/user_guide.md"
NEW = "solver/breachflow/cli/commands/area.py"


@pytest.fixture(scope="module")
def package(edited_package: EditedPackage) -> EditedPackage:
    edited_package.append(NEW, COMMAND)
    assert edited_package.edited == {NEW}
    return edited_package


def test_one_file_makes_a_command(package: EditedPackage) -> None:
    listed = package.breachflow("--help")
    assert "Prepare a case:\n  area    Print the area of the hole of a case.\n  check   " in listed
    assert 'did you mean "area"?' in package.breachflow("aera", status=2)
    case = ("cases/iss/soyuz_ms09/case.toml", "--set", "orifice.diameter=1 mm")
    assert package.breachflow("area", *case) == "7.8540e-07 m2\n"
    assert package.breachflow("area", *case, "--json") == '{\n  "area": 7.853981633974482e-07\n}\n'
    assert "--allow-outside" in package.breachflow("area", "--help")


@pytest.mark.slow
def test_its_startup_and_its_documents_are_tested_too(package: EditedPackage) -> None:
    package.tests("tests/cli/test_startup.py", "-k", "nothing_heavy and area")
    choice = ("tests/cases/test_documents.py", "-k", "commands_are_described and area")
    with pytest.raises(AssertionError, match="1 failed"):
        package.tests(*choice)
    for document in (README, GUIDE):
        package.append(document, "\n| `breachflow area CASE` | the area of the hole |\n")
    package.tests(*choice)
    assert package.edited == {NEW, README, GUIDE}
