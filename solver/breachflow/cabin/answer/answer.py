"""The answer of a cabin: its march, reserve time, books, and the march of the other thermal model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from breachflow.cabin.answer.cautions import cautions
from breachflow.cabin.answer.reserve import (
    CabinReserve,
    FurtherStopped,
    further_march,
    limit_that_counts,
    reserve,
)
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.cabin.march.keep import MarchKeeper
from breachflow.cabin.march.march import March, MarchProgress, Stop
from breachflow.cabin.march.plan import Itinerary, itinerary
from breachflow.cabin.march.record import Record
from breachflow.cabin.model.build import Builder, Variation
from breachflow.cabin.model.cabin import Cabin
from breachflow.cabin.model.situation import Reading
from breachflow.cabin.paths.estimated import LawEnds
from breachflow.document.faults import Fault


class BookResiduals(NamedTuple):
    """What is missing in the books, over the largest mass or energy in them."""

    mass: float
    energy: float


class OtherModel(NamedTuple):
    """The same case with the other thermal limit."""

    thermal: str
    reserve_time: float | None
    """s."""
    end: Reading


class CabinAnswer(NamedTuple):
    """All that is known after a march."""

    case: CabinCase
    cabin: Cabin
    plan: Itinerary
    record: Record
    residuals: BookResiduals
    reserve: CabinReserve | None
    other: OtherModel | None
    cautions: tuple[str, ...]
    table_errors: Mapping[str, float]
    """Largest relative error of each leak's table; of leaks that have one."""

    @property
    def end(self) -> Reading:
        """The state at the end."""
        return self.record.happenings[-1].reading


def solve_cabin(
    case: CabinCase,
    *,
    stop: Stop | None = None,
    progress: MarchProgress | None = None,
    sampled: bool = True,
    varied: bool = True,
    keeper: MarchKeeper | None = None,
) -> CabinAnswer:
    """March through a case.

    Args:
        case: The case.
        stop: Asked after each step; its text ends the march with what there is.
        progress: Called with the state after each step.
        sampled: Whether readings are kept.
        varied: Whether the reserve time gets its interval and sensitivities, which takes further marches.
        keeper: Keeps the march, and gives what it goes on from.

    Raises UsageError where the kept march is another one, CaseError where the law of a leak ends on the way,
    NonPhysicalState where the equations cannot be solved, ResultError where the table of a leak cannot be
    read.
    """
    try:
        return marched(case, stop=stop, progress=progress, sampled=sampled, varied=varied, keeper=keeper)
    except LawEnds as end:
        raise case.origin.source.error([Fault(("leak", end.leak), str(end))]) from end


def marched(
    case: CabinCase,
    *,
    stop: Stop | None = None,
    progress: MarchProgress | None = None,
    sampled: bool = True,
    varied: bool = True,
    keeper: MarchKeeper | None = None,
) -> CabinAnswer:
    """The same; where the law of a leak ends on the way it raises LawEnds in place of CaseError."""
    builder = Builder(case)
    cabin, plan = builder.cabin(), itinerary(case)
    march = March(cabin, plan, sampled=sampled, stop=stop, progress=progress, keeper=keeper)
    record, counts = march.run(), limit_that_counts(plan)
    time = record.first_crossing(counts) if counts else None
    found, other = None, None
    if varied and not record.stopped:
        try:
            found, other = reserve(builder, plan, time, stop), _other(builder, plan, counts, stop)
        except FurtherStopped as request:
            record.stopped = f"{request}, before the interval of the reserve time was known"
            march.keep()
    return CabinAnswer(
        case=case,
        cabin=cabin,
        plan=plan,
        record=record,
        residuals=residuals(record),
        reserve=found or (CabinReserve(counts, time) if counts else None),
        other=other,
        cautions=tuple(cautions(builder, cabin, plan, record)),
        table_errors=builder.table_errors,
    )


def residuals(record: Record) -> BookResiduals:
    """Mass and energy at the end, less those at the start and what passed the walls, relative."""
    first, last = record.first, record.situation
    assert first is not None
    assert last is not None
    books = last.books
    mass = last.mass - first.mass - books.entered - books.fed - books.breathed + books.lost
    into = books.energy_entered + books.energy_fed + books.energy_breathed + books.heat
    energy = last.energy - first.energy - into + books.energy_lost
    most_mass = max(first.mass, last.mass, books.entered, books.fed, books.lost)
    most_energy = max(first.energy, last.energy, books.energy_entered, books.energy_fed, books.energy_lost)
    return BookResiduals(
        abs(mass) / most_mass if most_mass else 0.0, abs(energy) / most_energy if most_energy else 0.0
    )


def _other(builder: Builder, plan: Itinerary, limit: str | None, stop: Stop | None) -> OtherModel | None:
    """The march with the thermal limit that the case does not take: adiabatic where all is isothermal."""
    case = builder.case
    thermal = (
        "adiabatic"
        if all(case.thermal_of(name) == "isothermal" for name in case.compartment)
        else "isothermal"
    )
    try:
        record = further_march(builder.cabin(Variation(thermal=thermal)), plan, stop)
    except LawEnds:
        return None
    time = record.first_crossing(limit) if limit else None
    return OtherModel(thermal, time, record.happenings[-1].reading)
