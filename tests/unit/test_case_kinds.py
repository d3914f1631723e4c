"""Kinds of cases are known by their keys; a command names that which computes another kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.case_kinds import CaseKind, kind_of_file
from breachflow.cli.main import main
from breachflow.risk.read import EXAMPLE
from breachflow.shipped import find_case

OF_KINDS = {
    CaseKind.FLOW: "iss/soyuz_ms09",
    CaseKind.CABIN: "cabin/mir_spektr",
    CaseKind.LOCATION: "locate/russian_segment",
    CaseKind.RECORD: "record/tunnel_hole",
}
"""A shipped case of each kind; of risks none is shipped."""


@pytest.fixture
def cases(tmp_path: Path) -> dict[CaseKind, Path]:
    """A case of each kind."""
    risk = tmp_path / "risk.toml"
    risk.write_text(EXAMPLE, encoding="utf-8")
    shipped = {kind: find_case(name).folder / "case.toml" for kind, name in OF_KINDS.items()}
    return {**shipped, CaseKind.RISK: risk}


@pytest.mark.parametrize("kind", CaseKind)
def test_a_kind_is_known_and_named_by_the_commands_of_others(
    kind: CaseKind, cases: dict[CaseKind, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = cases[kind]
    assert kind_of_file(path) is kind
    for other in set(CaseKind) - {kind}:
        assert main([other.command, str(path)]) == 3, other
        assert kind.advice in capsys.readouterr().err, other


def test_a_file_that_cannot_be_read_is_left_to_the_reader_of_flows(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("= nothing", encoding="utf-8")
    assert kind_of_file(tmp_path / "case.toml") is CaseKind.FLOW
    assert kind_of_file(tmp_path / "none.toml") is CaseKind.FLOW
