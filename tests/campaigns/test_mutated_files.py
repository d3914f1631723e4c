"""Mutated results, tables, laws, ledgers and records: each is read, or refused by name, place and reason."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from breachflow.case import load_case, parse_case
from breachflow.runs.run import run
from breachflow.shipped import root
from breachflow.sweeps.driver import sweep
from campaigns.campaign import Answer, Hung, Outcomes, ask, rounds, wrong_with
from campaigns.forgeries import forge, forge_ledger
from campaigns.mutations import mutated_bytes, mutated_text
from cases.test_kept_iterations import HOLE
from tally import tally

SEED: Final = 20261130

FILES: Final = 3200
"""Of a full campaign."""

DEAR: Final = 0.05
"""Share of the files with which commands are tried too that take seconds: reports, runs, inferences."""

PLACE: Final = re.compile(
    r"^:\d+: |, line \d+|\bbytes? (up to )?\d+|first \d+ bytes|after \d+ (of \d+ )?bytes|[Pp]age \d+"
    r"|(^|[ (])/[\w/%]+\b|attribute '\w+'|field '\w+'|entry \w+|law is damaged: \w+: "
    r"|in format \S+|table: \w+|no column '\w+'|: lasts |; here: "
)
"""What of a file a message is about, behind its name: line, byte, member, attribute, entry, table,
or the number that a law does not hold for; a record that is too short as a whole has none."""

CRACK: Final = ("--width", "20 um", "--length", "1 cm", "--depth", "1 mm")
STATE: Final = ("--pressure", "1 bar", "--temperature", "300 K")

Commands = list[tuple[str, ...]]


class Subject(NamedTuple):
    """A kind of file that is changed, beside others that are not."""

    name: str
    weight: int
    """How often it is changed."""
    cheap: Callable[[Path], Commands]
    """Commands that read it."""
    dear: Callable[[Path], Commands]
    """Those that take seconds."""
    forge: Callable[[Path, random.Random], None]
    """Changes that no checksum tells; others flip bytes."""


def _text_forged(path: Path, chance: random.Random) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(mutated_text(text, chance, [text]), encoding="utf-8", errors="surrogatepass")


def _of_result(path: Path) -> Commands:
    export = ("export", f"{path}", "--history", "-o", f"{path}.csv")
    return [("show", f"{path}"), export, ("compare", f"{path}", f"{path.with_name('sound.h5')}")]


def _starts(path: Path) -> Commands:
    out = ("-o", f"{path}.out.h5", "--quiet", "--threads", "1")
    return [("run", f"{path.with_name('start.toml')}", "--start", f"{path}", *out), *_report(path)]


def _of_law(path: Path) -> Commands:
    return [("show", f"{path}"), ("estimate", "--law", f"{path}", *CRACK, *STATE)]


def _of_series(path: Path) -> Commands:
    exports: Commands = [
        ("export", f"{path}", what, "-o", f"{path}.csv") for what in ("--history", "--events")
    ]
    return [("show", f"{path}"), *exports, ("compare", f"{path}", f"{path.with_name('sound.nc')}")]


def _of_ledger(path: Path) -> Commands:
    return [("sweep", f"{path.parents[1] / 'case.toml'}", "--quiet", "--workers", "1")]


def _of_record(path: Path) -> Commands:
    return [("check", f"{path.with_name('record.toml')}")]


def _inferred(path: Path) -> Commands:
    return [
        ("infer", f"{path}", "--volume", "60 m3"),
        ("repair", f"{path}", "--at", "3 h"),
        ("detect", "--noise-from", f"{path}"),
    ]


def _of_feed(path: Path) -> Commands:
    return [("infer", f"{path.with_name('sound.csv')}", "--volume", "60 m3", "--known", f"{path}")]


def _of_stand(path: Path) -> Commands:
    table = f"{path.with_name('sound_law.h5')}"
    return [("report", table, "--data", f"{path}", "-o", f"{path}.report")]


def _report(path: Path) -> Commands:
    return [("report", f"{path}", "-o", f"{path}.report")]


def _none(_: Path) -> Commands:
    return []


SUBJECTS: Final = (
    Subject("result.h5", 6, _of_result, _starts, forge),
    Subject("law.h5", 4, _of_law, _report, forge),
    Subject("cabin.nc", 4, _of_series, _report, forge),
    Subject("case.sweep/ledger.sqlite", 3, _of_ledger, _none, forge_ledger),
    Subject("record.csv", 4, _of_record, _inferred, _text_forged),
    Subject("fed.csv", 2, _none, _of_feed, _text_forged),
    Subject("stand.csv", 2, _none, _of_stand, _text_forged),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each kind, and what commands need beside it."""
    folder = tmp_path_factory.mktemp("sound")
    run(parse_case(HOLE), output=folder / "result.h5", threads=1)
    shutil.copy(folder / "result.h5", folder / "sound.h5")
    (folder / "start.toml").write_text(f"{HOLE}\n[run]\nmax_iterations = 2\n", encoding="utf-8")
    shutil.copy(root() / "cases" / "sweep" / "crack" / "law.h5", folder / "law.h5")
    shutil.copy(folder / "law.h5", folder / "sound_law.h5")
    (folder / "case.toml").write_text(f'{HOLE}\n[sweep]\n"numerics.order" = [1]\n', encoding="utf-8")
    assert sweep(load_case(folder / "case.toml"), workers=1).complete
    assert ask("cabin", str(root() / "cases" / "cabin" / "airlock"), "-o", f"{folder}/cabin.nc").code == 0
    shutil.copy(folder / "cabin.nc", folder / "sound.nc")
    lines = [f"{600 * i},{745 - 0.1 * i + 0.01 * (i % 3):.3f},{21 + 0.1 * (i % 5):.1f}" for i in range(40)]
    record = "\n".join(["time [s],pressure [mmHg],temperature [degC]", *lines, ""])
    (folder / "record.toml").write_text(
        'record = "record.csv"\n[infer]\nvolume = "60 m3"\n', encoding="utf-8"
    )
    for name in ("record.csv", "sound.csv"):
        (folder / name).write_text(record, encoding="utf-8")
    (folder / "fed.csv").write_text("time [s],mass [kg]\n0,0\n6000,0.2\n20000,0.5\n", encoding="utf-8")
    stand = "pressure_ratio,discharge_coefficient,uncertainty\n0.0,0.8,0.01\n0.5,0.75,0.01\n"
    (folder / "stand.csv").write_text(stand, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_mutated_files(sound: Path, tmp_path: Path) -> None:
    chance, outcomes = random.Random(SEED), Outcomes()
    for number in range(rounds(FILES)):
        subject = chance.choices(SUBJECTS, [one.weight for one in SUBJECTS])[0]
        folder = tmp_path / str(number)
        shutil.copytree(sound, folder)
        path = folder / subject.name
        if chance.random() < 0.7:
            subject.forge(path, chance)
        else:
            path.write_bytes(mutated_bytes(path.read_bytes(), chance))
        wrongs = [_wrong(command, path, outcomes, number) for command in _commands(subject, path, chance)]
        tally(files=1)
        if not any(wrongs):
            shutil.rmtree(folder)
    print(dict(outcomes.codes))
    assert outcomes.wrong == []


def _commands(subject: Subject, path: Path, chance: random.Random) -> Commands:
    return subject.cheap(path) + (subject.dear(path) if chance.random() < DEAR else [])


def _wrong(command: tuple[str, ...], path: Path, outcomes: Outcomes, number: int) -> str:
    try:
        answer = ask(*command)
        wrong = _fault(answer, path)
    except Hung:
        answer, wrong = Answer(-1, "", "", 0.0), "hung"
    outcomes.note(answer, wrong, f"round {number}, {' '.join(command[:2])}")
    if wrong:
        print(outcomes.wrong[-1], flush=True)
    return wrong


def _fault(answer: Answer, path: Path) -> str:
    """What is wrong with an answer; a run that starts from the file may end after its few iterations."""
    if answer.code == 7:
        return ""
    wrong = wrong_with(answer, str(path.parent))
    if wrong == "file not named" and (path.name in answer.said or str(path.parent) in answer.said):
        wrong = ""
    behind = [line.rpartition(path.name)[2] if path.name in line else line for line in answer.refusals]
    return wrong or ("" if all(map(PLACE.search, behind)) else "no place")
