"""The cases that come with the program, and what each of them expects."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import breachflow
from breachflow.case import Case

CASES = Path(__file__).parents[2] / "cases"


@dataclass(frozen=True)
class Expected:
    """One number that a case must give, from a source that is not this program."""

    quantity: str
    """A name of the result's summary, in its unit."""
    value: float
    tolerance: float
    """Of the case as written."""
    fast_tolerance: float
    """Of the case with its `fast` overrides."""
    why: str
    """Where the tolerances come from."""
    source: str


@dataclass(frozen=True)
class ShippedCase:
    """A folder with a case, its expected numbers and its story."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.relative_to(CASES).as_posix()

    @property
    def path(self) -> Path:
        return self.folder / "case.toml"

    @property
    def fast(self) -> list[str]:
        """What makes the case small enough for every run of the tests."""
        overrides: list[str] = self._expectations()["fast"]
        return overrides

    @property
    def expected(self) -> list[Expected]:
        return [Expected(**entry) for entry in self._expectations()["expected"]]

    def _expectations(self) -> dict[str, list]:
        return tomllib.loads((self.folder / "expected.toml").read_text(encoding="utf-8"))

    def load(self, *overrides: str) -> Case:
        return breachflow.load_case(self.path, overrides)


def shipped_cases() -> list[ShippedCase]:
    return [ShippedCase(path.parent) for path in sorted(CASES.glob("**/case.toml"))]
