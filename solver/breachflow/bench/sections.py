"""The sections of a benchmark, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from breachflow.bench.options import BenchOptions
    from breachflow.bench.records import Measurement

Measure: TypeAlias = Callable[["BenchOptions", Sequence["Measurement"]], Iterator["Measurement"]]
"""Function of a section: options and earlier measurements in, measurements out."""


class BenchSection(NamedTuple):
    """A section of a benchmark."""

    module: str
    """Module of `bench.measure` with the function `measure`, imported when the section is measured."""
    needs: tuple[str, ...] = ()
    """Sections whose measurements it uses; they come before it."""

    @property
    def measure(self) -> Measure:
        """The function that measures the section."""
        found: Measure = import_module(f"breachflow.bench.measure.{self.module}").measure
        return found


SECTIONS: Final = {
    "limits": BenchSection("limits"),
    "throughput": BenchSection("throughput", needs=("limits",)),
    "friction": BenchSection("friction"),
    "steady": BenchSection("steady"),
    "transient": BenchSection("transient"),
    "memory": BenchSection("memory"),
    "start-up": BenchSection("startup"),
    "sweep": BenchSection("sweeps"),
}


def chosen(only: Collection[str]) -> list[str]:
    """The named sections and those that they need; all sections if none is named.

    >>> chosen(["steady", "throughput"])
    ['limits', 'throughput', 'steady']
    """
    asked = set(only or SECTIONS)
    asked |= {need for name in asked for need in SECTIONS[name].needs}
    return [name for name in SECTIONS if name in asked]


def measure(options: BenchOptions, only: Collection[str] = ()) -> Iterator[list[Measurement]]:
    """Measure the chosen sections; yield the measurements of each one when it is done."""
    found: list[Measurement] = []
    for name in chosen(only):
        done = list(SECTIONS[name].measure(_within(options, name), found))
        found += done
        yield done


def _within(options: BenchOptions, section: str) -> BenchOptions:
    """The options, with progress messages that begin with the name of the section."""
    return replace(options, tell=lambda text: options.tell(f"{section}: {text}"))
