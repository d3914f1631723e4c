"""Sizes of holes of a case: how probable it is that a hole is larger."""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from breachflow.errors import CaseError
from breachflow.files import read_regular
from breachflow.risk.schema import Punctures
from breachflow.theory.emptying.exceedance import lognormal_exceedance, pareto_exceedance
from breachflow.units import Dimension, UnitError, read_quantity
from breachflow.words import single_line

LARGEST: Final = 50_000_000
"""Bytes of a file of holes."""

FEW: Final = 10
"""Holes of a file that are larger, below which their share is told to rest on few."""

HEADINGS: Final = "diameter [mm], weight"
"""Example of the first line of a file."""


class HoleSizes(Protocol):
    """A distribution of diameters, m."""

    def exceedance(self, diameter: float) -> float:
        """Probability that a hole is larger."""

    def cautions(self, diameters: Sequence[float]) -> Iterator[str]:
        """What must be known of the exceedances of these diameters."""


class ParetoSizes(NamedTuple):
    """Sizes by a power law."""

    smallest: float
    exponent: float

    def exceedance(self, diameter: float) -> float:
        """Probability that a hole is larger."""
        return pareto_exceedance(diameter, self.smallest, self.exponent)

    def cautions(self, diameters: Sequence[float]) -> Iterator[str]:
        """That all holes are larger than the smallest one."""
        if min(diameters) < self.smallest:
            yield f"every hole is above {_millimeters(self.smallest)}, from which the distribution begins"


class LognormalSizes(NamedTuple):
    """Sizes by a lognormal distribution."""

    median: float
    sigma: float

    def exceedance(self, diameter: float) -> float:
        """Probability that a hole is larger."""
        return lognormal_exceedance(diameter, self.median, self.sigma)

    def cautions(self, diameters: Sequence[float]) -> Iterator[str]:  # noqa: ARG002
        """None."""
        return iter(())


class ListedSizes(NamedTuple):
    """Sizes of a file, from the smallest to the largest."""

    diameters: Sequence[float]
    """m."""
    above: Sequence[float]
    """Weight of the holes from each on, and 0 behind the last; the first is the weight of all."""
    effective: float
    """Number of equally weighted holes that say as much: (sum w)^2/sum w^2."""
    name: str
    """Name of the file."""

    def exceedance(self, diameter: float) -> float:
        """Weight of the holes that are larger, over that of all."""
        return self.above[bisect_right(self.diameters, diameter)] / self.above[0]

    def cautions(self, diameters: Sequence[float]) -> Iterator[str]:
        """That few holes of the file, or none, are larger."""
        counts = [(len(self.diameters) - bisect_right(self.diameters, size), size) for size in diameters]
        few = [size for larger, size in counts if 0 < larger < FEW]
        none = [size for larger, size in counts if not larger]
        if few:
            yield f"above {_millimeters(min(few))} {self.name} has under {FEW} holes: a rough probability"
        if none:
            bound = min(3.0 / self.effective, 1.0)
            range_ = f"0 to {bound:.2g} of a penetration (95 %, rule of three)"
            yield f"above {_millimeters(min(none))} {self.name} has no hole: there a 0 stands for {range_}"


def _millimeters(meters: float) -> str:
    return f"{1e3 * meters:.3g} mm"


def sizes_of(holes: Punctures) -> HoleSizes:
    """The sizes that a table of the case gives.

    Raises CaseError where a file cannot be read or has a line that is none of sizes.
    """
    if holes.pareto is not None:
        return ParetoSizes(holes.pareto.smallest, holes.pareto.exponent)
    if holes.lognormal is not None:
        return LognormalSizes(holes.lognormal.median, holes.lognormal.sigma)
    assert holes.file is not None, "checked when the case is read"
    return listed_sizes(holes.file)


def listed_sizes(path: Path) -> ListedSizes:
    """Read a CSV file of diameters and, if it has them, weights; lines that begin with # are comments.

    Raises CaseError where the file cannot be read or has a line that is none of sizes; the message names file
    and line.
    """
    name = single_line(str(path))
    rows = _rows(_text(path, name))
    first = next(rows, None)
    if first is None:
        raise CaseError(f"{name}: is empty; write a line {HEADINGS}, then a hole a line")
    meters, weighted = _headings(first, name)
    holes = sorted(_hole(row, meters, weighted, name) for row in rows)
    total = math.fsum(weight for _, weight in holes)
    if not total > 0.0:
        raise CaseError(f"{name}: has no hole with a weight above 0")
    weights = [weight for _, weight in holes]
    above = [*accumulate(reversed(weights), initial=0.0)][::-1]
    effective = total**2 / math.fsum(weight**2 for weight in weights)
    return ListedSizes([diameter for diameter, _ in holes], above, effective, path.name)


class _Row(NamedTuple):
    """The cells of a line."""

    line: int
    cells: list[str]


def _text(path: Path, name: str) -> str:
    try:
        data = read_regular(path, LARGEST)
    except OSError as error:
        raise CaseError(f"{name}: cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST:
        raise CaseError(f"{name}: is larger than {LARGEST // 1_000_000} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(f"{name}: is not UTF-8 text; save the file as UTF-8") from None


def _rows(text: str) -> Iterator[_Row]:
    """The lines with something on them."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield _Row(number, [cell.strip() for cell in next(csv.reader([line]))])


def _headings(row: _Row, name: str) -> tuple[float, bool]:
    """Meters in the unit of the diameters, and whether there are weights. Raises CaseError."""
    place = f"{name}:{row.line}"
    word, _, unit = row.cells[0].partition("[")
    if word.strip().lower() != "diameter" or not unit.endswith("]") or len(row.cells) > 2:
        raise CaseError(f'{place}: "{single_line(",".join(row.cells))}": write {HEADINGS}')
    if len(row.cells) == 2 and row.cells[1].partition("[")[0].strip().lower() != "weight":
        raise CaseError(
            f'{place}: "{single_line(row.cells[1])}": the second column is weight; write {HEADINGS}'
        )
    try:
        return read_quantity(f"1 {unit[:-1].strip()}", Dimension.LENGTH), len(row.cells) == 2
    except UnitError as error:
        raise CaseError(f'{place}: "{single_line(row.cells[0])}" {error}') from None


def _hole(row: _Row, meters: float, weighted: bool, name: str) -> tuple[float, float]:
    """Diameter, m, and weight of a hole. Raises CaseError."""
    if len(row.cells) != 1 + weighted:
        expected = "a diameter and a weight" if weighted else "a diameter"
        raise CaseError(f"{name}:{row.line}: has {len(row.cells)} cells, not {expected}")
    diameter = _number(row, 0, name) * meters
    weight = _number(row, 1, name) if weighted else 1.0
    if not diameter > 0.0:
        raise CaseError(f'{name}:{row.line}: diameter "{row.cells[0]}" must be above 0')
    if weight < 0.0:
        raise CaseError(f'{name}:{row.line}: weight "{row.cells[1]}" must not be below 0')
    return diameter, weight


def _number(row: _Row, column: int, name: str) -> float:
    try:
        value = float(row.cells[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CaseError(f'{name}:{row.line}: "{single_line(row.cells[column])}" is not a finite number')
    return value
