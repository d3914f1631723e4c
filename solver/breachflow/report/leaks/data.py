"""Where a leak is as pictures take it: the case, the answer, and places of the compartments on a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from breachflow.inference.locate.answer import LeakLocation
from breachflow.inference.locate.grammar.schema import LocateCase


@dataclass(frozen=True)
class LocatePicture:
    """A case with its answer."""

    case: LocateCase
    found: LeakLocation

    @property
    def title(self) -> str:
        """Title of the pictures."""
        return self.found.title or "Where the leak is"

    @cached_property
    def places(self) -> Mapping[str, tuple[float, float]]:
        """A place on the map for each compartment: columns by the number of hatches from the largest one.

        A compartment stands in the middle of those that are behind it, so that lines of a station without
        rings do not cross.
        """
        ranks, behind = self._tree()
        heights: dict[str, float] = {}
        used = 0.0

        def settle(name: str) -> float:
            nonlocal used
            below = [settle(other) for other in behind[name]]
            if not below:
                below, used = [used], used + 1.0
            heights[name] = 0.5 * (min(below) + max(below))
            return heights[name]

        for name, rank in ranks.items():
            if rank == 0:
                settle(name)
        return {name: (float(ranks[name]), -heights[name]) for name in self.case.compartment}

    def _tree(self) -> tuple[dict[str, int], dict[str, list[str]]]:
        """Hatches from the largest compartment, and what is first reached from each one."""
        rooms = self.case.compartment
        ranks: dict[str, int] = {}
        behind: dict[str, list[str]] = {name: [] for name in rooms}
        for root in sorted(rooms, key=lambda name: -rooms[name].volume):
            waiting = [] if root in ranks else [root]
            ranks.setdefault(root, 0)
            while waiting:
                here = waiting.pop(0)
                for hatch in self.case.hatch.values():
                    others = [name for name in hatch.between if name != here]
                    if here in hatch.between and others[0] not in ranks:
                        ranks[others[0]] = ranks[here] + 1
                        behind[here].append(others[0])
                        waiting.append(others[0])
        return ranks, behind
