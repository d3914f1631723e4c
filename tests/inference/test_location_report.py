"""The page and the pictures of a leak to be located."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breachflow.cli.main import main
from breachflow.inference.locate.compute import location_of
from breachflow.inference.locate.grammar.read import parse_locate
from breachflow.report.leaks import pictures
from breachflow.report.leaks.data import LocatePicture
from breachflow.report.picture import draw_pictures
from breachflow.report.write import write_report
from breachflow.shipped import find_case

CASE = find_case("locate/russian_segment").folder / "case.toml"


def test_the_page_has_the_answer_and_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "page"
    assert main(["report", str(CASE), "-o", str(folder)]) == 0
    assert capsys.readouterr().out.count("wrote ") == 7
    page = (folder / "report.html").read_text()
    for text in (
        "likeliest",
        "29 %",
        "ro_hatch",
        "47.5 min",
        "0.30 ± 0.03 kg/day",
        "72 places are less likely.",
    ):
        assert text in page
    for name in ("map", "probabilities", "hatches"):
        assert (folder / f"{name}.png").stat().st_size > 10_000
    again = write_report(CASE, folder)  # replaces its own files
    assert again[0].read_text() == page


def test_the_map_names_everything() -> None:
    case = parse_locate(CASE.read_text())
    data = LocatePicture(case, location_of(case))
    (drawn,) = draw_pictures(pictures.__name__, ["map"], data)
    texts = re.findall(rb"<!-- (.*?) -->", drawn.svg)
    for name in (*case.compartment, *case.hatch):
        assert name.encode() in texts
    assert b"29 %" in texts
    assert drawn.description == "Map of compartments and hatches: ro leaks with 29 %."


def test_compartments_stand_apart() -> None:
    case = parse_locate(CASE.read_text())
    places = LocatePicture(case, location_of(case)).places
    assert len(set(places.values())) == len(places) == 8
    assert places["usos"][0] == 0.0
    for hatch in case.hatch.values():  # of a tree, hatches join neighboring columns
        assert abs(places[hatch.between[0]][0] - places[hatch.between[1]][0]) == 1.0


def test_parts_apart_and_rings_are_drawn_too() -> None:
    text = CASE.read_text().replace('nauka_hatch = { between = ["pkho", "nauka"], state = "open" }\n', "")
    ring = text.replace("[suspect]", 'ring = { between = ["prk", "usos"], state = "closed" }\n[suspect]')
    case = parse_locate(ring)
    data = LocatePicture(case, location_of(case))
    assert len(set(data.places.values())) == 8
    assert {one.name for one in draw_pictures(pictures.__name__, pictures.NAMES, data)} == set(pictures.NAMES)


def test_without_noise_there_is_no_plan_to_draw() -> None:
    case = parse_locate(re.sub(r"noise = .*", "", CASE.read_text()))
    data = LocatePicture(case, location_of(case))
    names = [one.name for one in draw_pictures(pictures.__name__, pictures.NAMES, data)]
    assert names == ["map", "probabilities"]
