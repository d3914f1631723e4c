"""Marches that are stopped go on from their checkpoint and end on the same bits."""

from __future__ import annotations

import random
from itertools import count
from pathlib import Path

import pytest

from breachflow.cabin.answer.answer import CabinAnswer, solve_cabin
from breachflow.cabin.grammar.read import load_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.cabin.march.keep import MarchKeeper
from breachflow.cli.main import main
from breachflow.errors import UsageError
from breachflow.results.checkpoint import pair
from breachflow.results.checkpoint.pair import checkpoint_paths, has_checkpoint
from breachflow.shipped import root
from tally import tally

CABINS = root() / "cases" / "cabin"


def case_of(name: str) -> CabinCase:
    return load_cabin(CABINS / name / "case.toml")


def contents(answer: CabinAnswer) -> str:
    """All that a march leaves behind, with every bit of every number."""
    record = answer.record
    parts = record.readings, record.happenings, record.crossings, record.situation, record.first, record.steps
    return repr(parts).replace("np.float64", "")  # a number is written with or without this name


def marched(case: CabinCase, output: Path, steps: int) -> CabinAnswer:
    """The march through a case, stopped after some steps."""
    calls = count(1)
    keeper = MarchKeeper(case, output)
    return solve_cabin(case, varied=False, keeper=keeper, stop=lambda: "so" * (next(calls) >= steps) or None)


@pytest.mark.parametrize(
    ("name", "most"),
    [pytest.param("station", 150, marks=pytest.mark.slow), ("airlock", 25), ("tank_feeds", 25)],
)
@pytest.mark.parametrize("is_always_kept", [True, False])
def test_a_march_stopped_at_random_steps_ends_on_the_same_bits(
    name: str, most: int, is_always_kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a checkpoint between all segments too, of which the last one is taken."""
    if is_always_kept:
        monkeypatch.setattr(pair, "INTERVAL", 0.0)
        monkeypatch.setattr(pair, "LARGEST_COST", float("inf"))
    case, chance = case_of(name), random.Random(name)
    whole = contents(solve_cabin(case, varied=False))
    stops, answer = 0, marched(case, tmp_path / "result.h5", 8)
    while answer.record.stopped:
        assert has_checkpoint(tmp_path / "result.h5")
        stops, answer = stops + 1, marched(case, tmp_path / "result.h5", chance.randint(1, most))
    tally(stops=stops)
    assert stops > 0
    assert contents(answer) == whole


def test_a_stop_among_the_marches_that_vary_the_case(tmp_path: Path) -> None:
    """It is heeded there, the answer has no interval and says so, and the case goes on from its own end."""
    case, path, calls = case_of("ms09_2018"), tmp_path / "result.h5", count(1)
    asked = count(1)
    plain = solve_cabin(case, varied=False, stop=lambda: "" if next(asked) else None)
    steps = next(asked) - 1
    answer = solve_cabin(
        case, keeper=MarchKeeper(case, path), stop=lambda: "so" * (next(calls) > steps + 2) or None
    )
    assert next(calls) == steps + 4
    assert answer.record.stopped == "so, before the interval of the reserve time was known"
    assert answer.reserve is not None
    assert (answer.reserve.interval, answer.other) == (None, None)
    again = solve_cabin(case, keeper=MarchKeeper(case, path))
    assert again.record.steps == plain.record.steps
    assert (contents(again), again.reserve) == (contents(plain), solve_cabin(case).reserve)


def test_another_cabin_does_not_take_the_checkpoint(tmp_path: Path) -> None:
    marched(case_of("station"), tmp_path / "result.h5", 20)
    with pytest.raises(UsageError, match=r"a run was stopped here, but its case is another one: .* --fresh"):
        marched(case_of("airlock"), tmp_path / "result.h5", 20)
    other = case_of("airlock")
    answer = solve_cabin(other, keeper=MarchKeeper(other, tmp_path / "result.h5", fresh=True), varied=False)
    assert not answer.record.stopped


def test_the_command_says_how_it_goes_on_and_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("case.toml").write_bytes((CABINS / "station" / "case.toml").read_bytes())
    with monkeypatch.context() as patch:
        calls = count(1)
        patch.setattr(
            "breachflow.cli.stop.StopRequests.__call__", lambda _: "so" * (next(calls) > 30) or None
        )
        assert main(["cabin", "case.toml", "-o", "a.h5", "--quiet"]) == 6
    assert capsys.readouterr().err.endswith(
        "; to go on from there: breachflow cabin case.toml -o a.h5 --quiet\n"
    )
    assert checkpoint_paths(Path("a.h5"))[0].exists()
    assert main(["cabin", "case.toml", "-o", "a.h5"]) == 0
    assert (
        "goes on from a.h5.checkpoint-1: at " in capsys.readouterr().out
    )  # behind the progress of a slow machine
    assert [entry.name for entry in tmp_path.iterdir() if "checkpoint" in entry.name] == []
