"""The JSON schema against a validator of its own: what editors accept, and what they say of a mistake."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from breachflow.case import json_schema
from breachflow.case_kinds import CaseKind
from breachflow.cli.main import main
from breachflow.shipped import cases, starting_case

CASE = tomllib.loads("""
gas = "air"
orifice = { shape = "round", diameter = "2 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "1 atm", temperature = "20 degC" }
space = { kind = "vacuum" }
""")


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(validator: Draft202012Validator, case: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in validator.iter_errors(case):
        found.setdefault(".".join(map(str, error.absolute_path)), []).append(error.message)
    return found


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command prints."""
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("kind", CaseKind)
def test_cases_of_a_kind_fit_its_schema(kind: CaseKind, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are shipped; of a risk the example of its command."""
    schema = json.loads(printed(capsys, "schema", "--of", kind.command))
    Draft202012Validator.check_schema(schema)
    texts = [(one.folder / "case.toml").read_text(encoding="utf-8") for one in cases() if one.kind is kind]
    for text in texts or [printed(capsys, "risk", "--example")]:
        case = tomllib.loads(text)
        assert faults(Draft202012Validator(schema), case) == {}, text
        assert faults(Draft202012Validator(schema), case | {"wrong": 1}) != {}


def test_cases_that_run_fit_the_schema(validator: Draft202012Validator) -> None:
    texts = [
        (one.folder / "case.toml").read_text(encoding="utf-8") for one in cases() if one.kind is CaseKind.FLOW
    ]
    for text in (*texts, starting_case("a hole")):
        assert faults(validator, tomllib.loads(text)) == {}, text


@pytest.mark.parametrize(
    ("table", "entries", "place", "message"),
    [
        ("boundary.cabin", {"pressrue": "1 atm"}, "boundary.cabin", "('pressrue' was unexpected)"),
        ("boundary.cabin", {"kind": "resrvoir"}, "boundary.cabin.kind", "'resrvoir' is not one of ["),
        ("boundary.space", {"pressure": "1 Pa"}, "boundary.space", "('pressure' was unexpected)"),
        ("boundary", {"wall": {}}, "boundary.wall", "'kind' is a required property"),
        ("orifice", {"width": "1 mm"}, "orifice", "('width' was unexpected)"),
        ("", {"mesh": {"resolutoin": "fine"}}, "mesh", "('resolutoin' was unexpected)"),
        ("", {"mesh": {"template": "orifice", "levels": 3}}, "mesh", "('levels' was unexpected)"),
        ("", {"mesh": {"template": "orifise"}}, "mesh.template", "'orifise' is not one of ["),
        ("", {"mesh": {"file": "a.msh"}}, "mesh", "'geometry' is a required property"),
        ("", {"mesh": {"resolution": "finer"}}, "mesh.resolution", "'finer' is not one of ["),
        ("", {"gas": "airr"}, "gas", "'airr' is not one of ['air'"),
        ("", {"gas": {"gamma": 1.4, "molar_mas": "28 g/mol"}}, "gas", "('molar_mas' was unexpected)"),
        ("", {"gas": {"nitrogen": 0.8, "oxygn": 0.2}}, "gas", "('oxygn' was unexpected)"),
        ("", {"exact": {"solution": "vortx"}}, "exact.solution", "'vortx' is not one of ["),
        ("", {"sweep": {"mode": "grd"}}, "sweep.mode", "'grd' is not one of ['grid'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_place(
    validator: Draft202012Validator, table: str, entries: dict[str, Any], place: str, message: str
) -> None:
    case = deepcopy(CASE)
    target = case
    for key in filter(None, table.split(".")):
        target = target[key]
    target |= entries
    found = faults(validator, case)
    assert list(found) == [place]
    assert any(message in text for text in found[place])
