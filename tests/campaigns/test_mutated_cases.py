"""Mutated cases of all kinds: each is accepted, or refused by name, place and reason; none ends otherwise."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from breachflow.case_kinds import CaseKind, kind_of_file
from breachflow.risk.read import EXAMPLE
from breachflow.shipped import root
from campaigns.campaign import Answer, Hung, Outcomes, ask, rounds, wrong_with
from campaigns.mutations import mutated_text

SEED: Final = 20261130

CASES: Final = 12_000
"""Of a full campaign."""

PLACE: Final = re.compile(r"^[^:]+:\d+:|: at [\d.e+-]+ s: .*compartment ")
"""A line behind the file, or an instant of a march; one about a file that a case names tells its own."""

COMPUTED: Final = {CaseKind.FLOW: 0.0, CaseKind.CABIN: 0.5, CaseKind.LOCATION: 0.5, CaseKind.RECORD: 0.1}
"""Share of the accepted cases of each kind that are computed."""


class Original(NamedTuple):
    """A case before it is changed."""

    path: Path
    text: str


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Original]:
    """All shipped cases and a case of risk, in a copy that may be written to."""
    folder = tmp_path_factory.mktemp("mutated")
    for name in ("cases", "meshes"):
        shutil.copytree(root() / name, folder / name)
    (folder / "cases" / "risk" / "example").mkdir(parents=True)
    (folder / "cases" / "risk" / "example" / "case.toml").write_text(EXAMPLE, encoding="utf-8")
    paths = sorted((folder / "cases").glob("**/case.toml"))
    return [Original(path, path.read_text(encoding="utf-8")) for path in paths]


@pytest.mark.slow
def test_mutated_cases(originals: list[Original], tmp_path: Path) -> None:
    chance, outcomes = random.Random(SEED), Outcomes()
    texts = [one.text for one in originals]
    for number in range(rounds(CASES)):
        path, text = chance.choice(originals)
        changed = mutated_text(text, chance, texts)
        path.write_text(changed, encoding="utf-8", errors="surrogatepass")
        try:
            answer = _answer(path, chance.random())
            wrong = _wrong(answer, path)
        except Hung:
            answer, wrong = Answer(-1, "", "", 0.0), "hung"
        outcomes.note(answer, wrong, f"round {number} of {path.parent.name}")
        if wrong:
            shutil.copy(path, tmp_path / f"{number}.toml")
            print(outcomes.wrong[-1], flush=True)
        path.write_text(text, encoding="utf-8")
    print(dict(outcomes.codes))
    assert outcomes.wrong == []


def _answer(path: Path, draw: float) -> Answer:
    """The case is checked; those that need no mesh and little time are computed too."""
    kind = kind_of_file(path)
    if kind is CaseKind.RISK:
        return ask("risk", str(path))
    answer = ask("check", str(path))
    if answer.code or draw > COMPUTED[kind]:
        return answer
    more = ["-o", str(path.with_name("result.nc")), "--fresh"] if kind is CaseKind.CABIN else []
    return ask(kind.command, str(path), *more)


def _wrong(answer: Answer, path: Path) -> str:
    wrong = wrong_with(answer, str(path.parent))
    about_it = [line for line in answer.refusals if line.startswith(f"{path}:")]
    return wrong or ("" if all(PLACE.search(line) for line in about_it) else "no place")
