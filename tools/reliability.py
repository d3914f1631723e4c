"""Write `docs/reliability.md`: what the program promises, the tests that hold it, the figures last measured.

`python tools/reliability.py` writes the page from `tests/reliability/promises.toml` and from the counts
of earlier runs in `tests/reliability/tally.json`. With names of promises it runs their tests first;
`--all` measures every promise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
PROMISES: Final = ROOT / "tests" / "reliability" / "promises.toml"
TALLY: Final = ROOT / "tests" / "reliability" / "tally.json"
PAGE: Final = ROOT / "docs" / "reliability.md"

OUTCOMES: Final = ("passed", "failed", "skipped")

HEAD: Final = """# Reliability

Written by `python tools/reliability.py`: do not edit, run it again.

What the program promises where it is killed or stopped, where input is hostile, and where files are old.
Each promise is held by tests. Its figure is what these counted when they were last run for this page.
`python tools/reliability.py NAME` runs the tests of a promise and writes its figure anew; with `--all` in
place of a name those of all promises.
"""


class Promise(NamedTuple):
    """One row of the page."""

    name: str
    group: str
    says: str
    tests: list[str]
    """As pytest names them, without parameters."""
    figure: str
    """Text with the names of counts in braces."""


class Measured(NamedTuple):
    """What the tests of a promise counted when they were last run."""

    counts: dict[str, float]
    """Outcomes and counts, added up over the tests; the largest of values."""
    dates: list[str]
    versions: list[str]
    missing: list[str]
    """Tests that have not been run."""


def promises() -> list[Promise]:
    """The promises in their order."""
    return [Promise(**table) for table in tomllib.loads(PROMISES.read_text(encoding="utf-8"))["promise"]]


def records() -> dict[str, Any]:
    """What each test counted."""
    return json.loads(TALLY.read_text(encoding="utf-8")) if TALLY.exists() else {}


def measured(promise: Promise, known: Mapping[str, Any]) -> Measured:
    """The counts of the tests of a promise together."""
    found = [known[test] for test in promise.tests if test in known]
    counts: dict[str, float] = {}
    for record in found:
        for name, count in [*((name, record[name]) for name in OUTCOMES), *record["counts"].items()]:
            counts[name] = counts.get(name, 0) + count
        for name, value in record["most"].items():
            counts[name] = max(counts.get(name, value), value)
    return Measured(
        counts,
        sorted({record["date"] for record in found}),
        sorted({record["version"] for record in found}),
        [test for test in promise.tests if test not in known],
    )


def figure(promise: Promise, found: Measured) -> str:
    """What was measured, in words."""
    if found.missing:
        return "not measured"
    failed, skipped = int(found.counts["failed"]), int(found.counts["skipped"])
    if failed:
        return f"**broken**: {failed} of {failed + int(found.counts['passed'])} tests fail"
    text = promise.figure.format_map({name: number(value) for name, value in found.counts.items()})
    return f"{text} ({skipped} tests could not be made here)" if skipped else text


def number(value: float) -> str:
    """A count with spaces between thousands; another number with three digits.

    >>> number(13849), number(0.24681)
    ('13 849', '0.247')
    """
    return f"{int(value):,}".replace(",", " ") if value == int(value) else f"{value:.3g}"


def page() -> str:
    """The page."""
    known = records()
    parts = [HEAD]
    for group, rows in groupby(promises(), key=lambda promise: promise.group):
        together = list(rows)
        parts.append(f"\n## {group}\n\n| NAME | promise | measured | on |\n|---|---|---|---|\n")
        parts.extend(_row(promise, measured(promise, known)) for promise in together)
        parts.append("\n")
        parts.extend(f"- `{promise.name}` is held by\n{_tests(promise)}" for promise in together)
    return "".join(parts)


def _row(promise: Promise, found: Measured) -> str:
    on = ", ".join(found.dates) + f" ({', '.join(found.versions)})" * bool(found.versions)
    return f"| `{promise.name}` | {promise.says} | {figure(promise, found)} | {on} |\n"


def _tests(promise: Promise) -> str:
    return "".join(f"    - `{test}`\n" for test in promise.tests)


def measure(chosen: Iterable[Promise]) -> int:
    """Run the tests of promises, slow ones too; the exit code of pytest."""
    tests = sorted({test for promise in chosen for test in promise.tests})
    command = [sys.executable, "-m", "pytest", "-m", "slow or not slow", "--hypothesis-profile=slow"]
    environment = {"BREACHFLOW_CAMPAIGN": "1", **os.environ}  # campaigns at their full size
    return subprocess.run([*command, f"--tally={TALLY}", *tests], cwd=ROOT, env=environment).returncode


def main() -> int:
    """Measure what is named, and write the page."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME", help="a promise that is measured")
    options.add_argument("--all", action="store_true", help="measure every promise")
    given = options.parse_args()
    known = promises()
    if unknown := set(given.names) - {promise.name for promise in known}:
        options.error(f"no promise {', '.join(unknown)}; there are {', '.join(one.name for one in known)}")
    chosen = [promise for promise in known if given.all or promise.name in given.names]
    code = measure(chosen) if chosen else 0
    PAGE.write_text(page(), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
