"""Shipped records: made by a script, with their truth; what is said of them holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

import make_records
from breachflow.cli.main import main
from breachflow.errors import CaseError
from breachflow.inference.case.answer import inference_of
from breachflow.inference.case.read import load_record_case
from breachflow.validation.plan import ValidationMode, make_plan
from breachflow.validation.validate import validate

FOLDER = Path(__file__).parents[2] / "cases" / "record"


def test_records_are_what_the_script_makes() -> None:
    assert sorted(make_records.RECORDS) == sorted(path.name for path in FOLDER.iterdir())
    for name in make_records.RECORDS:
        assert (FOLDER / name / "record.csv").read_text(encoding="utf-8") == make_records.text_of(name)


@pytest.mark.parametrize("name", sorted(make_records.RECORDS))
def test_what_is_said_holds_the_truth(name: str) -> None:
    report = validate(make_plan([f"record/{name}"], ValidationMode.FULL))
    assert {one.expected.quantity: one.reason for one in report.findings if one.reason} == {}
    assert report.findings


def test_the_command_takes_a_case_and_options_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    case = FOLDER / "coarse_gauge" / "case.toml"
    assert main(["infer", str(case.parent)]) == 0
    alone = capsys.readouterr().out
    assert main(["infer", str(case.with_name("record.csv")), "--volume", "75 m3"]) == 0
    assert capsys.readouterr().out == alone
    assert main(["infer", str(case), "--volume", "80 m3", "--volume-uncertainty", "0"]) == 0
    assert "80 m3" in capsys.readouterr().out


def test_a_gap_with_gas_let_in_is_refused_without_its_step() -> None:
    case = load_record_case(FOLDER / "repressurized" / "case.toml", ["infer.step=[]"])
    found = inference_of(case)
    assert found.verdict == "unmarked_step"
    assert '--step "22 h"' in found.reason


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'record = "r.csv"\nvolume = "7 m3"\n',
            'case.toml:2: volume = "7 m3": stands in the table [infer]',
        ),
        ('record = "r.csv"\n[infer]\nvolme = "7 m3"\n', 'did you mean "volume"?'),
        ('[infer]\nvolume = "7 m3"\n', "case.toml:1: record: is missing"),
        ('record = "../../r.csv"\n', "case.toml:1: record"),
    ],
)
def test_mistakes_in_a_case(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        load_record_case(path)
    assert message in str(raised.value)


def test_a_wrong_option_names_the_case(tmp_path: Path) -> None:
    record = (FOLDER / "tunnel_hole" / "record.csv").read_text(encoding="utf-8")
    (tmp_path / "r.csv").write_text(record, encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text('record = "r.csv"\n[infer]\nvolume = "7 mm"\n', encoding="utf-8")
    with pytest.raises(CaseError, match=r'case\.toml:3: infer\.volume = "7 mm": is a length'):
        inference_of(load_record_case(path))
