"""What campaigns share: how large they are, commands in this process, and what is wrong with an answer."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from math import ceil
from types import FrameType
from typing import Final, NamedTuple

from breachflow.cli.main import INTERNAL, main
from tally import tally

SIZE: Final = float(os.environ.get("BREACHFLOW_CAMPAIGN", "0.02"))
"""Rounds of a campaign over those of the full one."""

LEAST_ROUNDS: Final = 20

HANG: Final = 10.0
"""Seconds of processor time after which a command counts as hung."""

PREFIX: Final = "breachflow: error: "


WARNINGS: Final = (RuntimeWarning, UserWarning)
"""Those that Python prints on standard error; pytest would keep them."""


class Hung(BaseException):
    """A command took more than `HANG` of processor time; no handler of errors catches it."""


class Answer(NamedTuple):
    """What a command said."""

    code: int
    printed: str
    said: str
    """Its standard error."""
    seconds: float
    """Of processor time."""

    @property
    def refusals(self) -> list[str]:
        """Its error messages, without what stands before each."""
        return [line.removeprefix(PREFIX) for line in self.said.splitlines() if line.startswith(PREFIX)]


def rounds(full: int) -> int:
    """Rounds of a campaign that has `full` ones at its full size."""
    return max(ceil(full * SIZE), min(full, LEAST_ROUNDS))


def ask(*arguments: str) -> Answer:
    """The answer of a command. Raises Hung where it takes longer than any may."""
    printed, said, began = io.StringIO(), io.StringIO(), time.process_time()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(said),
        warnings.catch_warnings(record=True) as warned,
        _limit(),
    ):
        for category in WARNINGS:
            warnings.simplefilter("always", category)
        code = main(arguments)
    for warning in warned:
        if issubclass(warning.category, WARNINGS):
            said.write(f"{warning.category.__name__}: {warning.message}\n")
    return Answer(code, printed.getvalue(), said.getvalue(), time.process_time() - began)


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def wrong_with(answer: Answer, file: str) -> str:
    """What is wrong with an answer to bad input in a file, in a word or two; empty where nothing is."""
    if answer.code == INTERNAL or "Traceback" in answer.said:
        return "traceback"
    if "Warning: " in answer.said:
        return "warning"
    if answer.code == 0:
        return "warning" if answer.said else ""
    if not answer.refusals:
        return "no reason"
    if not all(line.isprintable() and len(line) < 3000 for line in answer.refusals):
        return "unprintable"
    return "" if all(line.startswith(file) for line in answer.refusals) else "file not named"


class Outcomes:
    """Counts of outcomes, and the rounds that went wrong."""

    def __init__(self) -> None:
        self.codes: Counter[int] = Counter()
        self.wrong: list[str] = []

    def note(self, answer: Answer, wrong: str, what: str) -> None:
        """Count an answer; `what` tells how to repeat a wrong one."""
        self.codes[answer.code] += 1
        tally(tried=1, refused=answer.code > 0, wrong=bool(wrong))
        if wrong:
            self.wrong.append(f"{wrong}: {what}: {answer.code} {answer.said.strip()[:600]}")
