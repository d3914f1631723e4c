"""Measurements as flat records, and the JSON file of a benchmark.

The file is one object: `format` (1), `machine`, `versions`, `source_digest`, `date`, `options` and `records`,
a list of objects with the fields of `Measurement`. Units are SI: s, B, 1/s, B/s, flop/s, 1 for a pure number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from breachflow.bench.timing import Spread
from breachflow.errors import ResultError

FORMAT: Final = 1

LIMITS: Final = "limits"
"""Name of the section that measures the limits of the machine."""

Parameters: TypeAlias = Mapping[str, str | int]
"""Parameters of a measurement by name, such as resolution and threads."""


class Measurement(NamedTuple):
    """One measured figure, in SI units. Section, name and parameters together are its key."""

    section: str
    name: str
    parameters: Parameters
    unit: str
    value: float | None
    """The best of all repeats; None where the measured state was not reached."""
    median: float | None
    """The median of all repeats."""
    higher_is_better: bool | None
    """None for a description, such as a number of cells, which is not compared."""

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str | int], ...]]:
        """Section, name, and parameters in the order of their names."""
        return self.section, self.name, tuple(sorted(self.parameters.items()))


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "section": (str,),
    "name": (str,),
    "parameters": (dict,),
    "unit": (str,),
    "value": (int, float, type(None)),
    "median": (int, float, type(None)),
    "higher_is_better": (bool, type(None)),
}


def duration(section: str, name: str, parameters: Parameters, seconds: Spread) -> Measurement:
    """A measured time, s."""
    return Measurement(section, name, parameters, "s", seconds.best, seconds.median, False)


def rate(
    section: str, name: str, parameters: Parameters, amount: float, seconds: Spread, unit: str
) -> Measurement:
    """A rate: an amount over the time that it takes."""
    best, median = amount / seconds.best, amount / seconds.median
    return Measurement(section, name, parameters, unit, best, median, True)


def description(
    section: str, name: str, parameters: Parameters, value: float, unit: str = "1"
) -> Measurement:
    """A number that is not compared."""
    return Measurement(section, name, parameters, unit, value, value, None)


@dataclass(frozen=True)
class Benchmark:
    """The measurements of one run of `breachflow bench`, with machine, versions, date and options."""

    machine: Mapping[str, str | int]
    versions: Mapping[str, str]
    source_digest: str
    date: str
    options: Mapping[str, Any]
    records: list[Measurement] = field(default_factory=list)


def write_benchmark(benchmark: Benchmark, path: Path) -> None:
    """Write the JSON file, one record a line. Raises ResultError where it cannot be written."""
    content = {"format": FORMAT, **asdict(benchmark)}
    records = ",\n".join(f"    {json.dumps(record._asdict())}" for record in benchmark.records)
    head = json.dumps(content | {"records": []}, indent=2).removesuffix("[]\n}")
    try:
        path.write_text(f"{head}[\n{records}\n  ]\n}}\n", encoding="utf-8")
    except OSError as error:
        raise ResultError(f"{path}: cannot write: {error.strerror}") from None


def read_benchmark(path: Path) -> Benchmark:
    """Read a JSON file. Raises ResultError where it is missing, damaged, or not the file of a benchmark."""
    content = _content(path)
    missing = [name for name in Benchmark.__dataclass_fields__ if name not in content]
    if content.get("format") != FORMAT or missing:
        raise ResultError(
            f"{path}: is not a file of `breachflow bench --json`: "
            + (f'it has no "{missing[0]}"' if missing else f'"format" is not {FORMAT}')
        )
    if not isinstance(content["machine"], dict) or not isinstance(content["records"], list):
        raise ResultError(f'{path}: "machine" is an object and "records" a list of objects')
    content["records"] = [_record(path, number, raw) for number, raw in enumerate(content["records"], 1)]
    del content["format"]
    return Benchmark(**{name: content[name] for name in Benchmark.__dataclass_fields__})


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultError(f"{path}: no such file; `breachflow bench --json FILE` writes one") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ResultError(f"{path}: is not a JSON object as `breachflow bench --json` writes one")
    return content


def _record(path: Path, number: int, raw: Any) -> Measurement:
    if not isinstance(raw, dict) or set(raw) != set(_TYPES):
        raise ResultError(f"{path}: record {number}: has not the keys {', '.join(_TYPES)}")
    for name, types in _TYPES.items():
        value = raw[name]
        if type(value) not in types or (isinstance(value, float) and not isfinite(value)):
            raise ResultError(f"{path}: record {number}: {name} = {value!r:.60} is not possible")
    if not all(isinstance(value, str | int) for value in raw["parameters"].values()):
        raise ResultError(f"{path}: record {number}: parameters are texts and whole numbers")
    return Measurement(**raw)


def find(
    records: Iterable[Measurement], section: str, name: str, **parameters: str | int
) -> Measurement | None:
    """The record with this key; None where there is none."""
    key = Measurement(section, name, parameters, "", None, None, None).key
    return next((record for record in records if record.key == key), None)
