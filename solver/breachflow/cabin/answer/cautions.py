"""Cautions: where a number of a march rests on little, and what never happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.cabin.grammar.leaks import CrackLeak, HoleLeak
from breachflow.cabin.march.plan import Itinerary
from breachflow.cabin.march.record import Record, What
from breachflow.cabin.model.build import Builder, breach_of
from breachflow.cabin.model.cabin import SPACE, Cabin
from breachflow.cabin.model.gas import RoomGas
from breachflow.cabin.model.network import BREATHING_FROM, partial_pressure
from breachflow.cabin.model.situation import Reading
from breachflow.cabin.paths.estimated import EstimatedFlow
from breachflow.errors import OutOfRange
from breachflow.leak.breach import Leak, LeakState
from breachflow.leak.real_gas import liquid_inside

RAREFIED: Final = 0.1
"""Knudsen number from which a given coefficient, measured in dense gas, is off by some ten per cent."""

FREE: Final = 1.0
"""Knudsen number from which the gases of a mixture leave each at its own speed."""

SEEN_ERROR: Final = 5e-3
"""Relative error of a flow as marched that is told: half of the best uncertainty of a law."""

EQUAL: Final = 1.0 - 1e-4
"""Ratio of pressures above which a flow is not compared: it is made linear there."""

COMPARED: Final = 12
"""Readings at which a tabulated flow is compared with its law."""


def cautions(builder: Builder, cabin: Cabin, plan: Itinerary, record: Record) -> Iterator[str]:
    """Everything that a reader must know beside the numbers."""
    end = record.happenings[-1].reading
    yield from _rarefied(builder, cabin, end)
    yield from _tables(builder, cabin, record)
    yield from _gases(cabin, end)
    yield from _oxygen(cabin, record)
    if not record.stopped:
        yield from idle(cabin, plan, record)


def idle(cabin: Cabin, plan: Itinerary, record: Record) -> Iterator[str]:
    """What never acts and what nothing reaches."""
    reached = {room for leak in cabin.leaks for room in leak.rooms}
    reached |= (
        {room for hatch in cabin.hatches for room in hatch.rooms}
        | {feed.room for feed in cabin.feeds}
        | {people.room for people in cabin.people}
    )
    for i, room in enumerate(cabin.rooms):
        if i not in reached:
            yield f"compartment {room.name}: no hatch, leak, supply or crew reaches it"
    happened = [(happening.what.value, happening.name) for happening in record.happenings]
    for deed in plan.deeds:
        if (deed.act, deed.name) not in happened and (What.NOTHING.value, deed.name) not in happened:
            yield f"event {deed.act} {deed.name}: it never comes true, or its time is past the end"
    for what, name in happened:
        if what == What.NOTHING.value:
            yield f"an event on {name} changes nothing: it is so already"
    last = record.happenings[-1].time
    for feed in cabin.feeds:
        if feed.start > last or (
            feed.on_below is not None and (What.SUPPLY_ON.value, feed.name) not in happened
        ):
            yield f"supply {feed.name}: it never feeds"
    for leak in cabin.leaks:
        if leak.start > last:
            yield f"leak {leak.name}: it opens after the end"


def _rarefied(builder: Builder, cabin: Cabin, end: Reading) -> Iterator[str]:
    for i, (name, leak) in enumerate(builder.case.leak.items()):
        if not isinstance(leak, HoleLeak | CrackLeak) or end.leak_flows[i] == 0.0:
            continue
        gas, beyond = _upstream(cabin, cabin.leaks[i].rooms, end)
        species = builder.gases.as_species(gas.shares)
        if species is None or gas.pressure <= 0.0:
            continue
        knudsen = Leak(breach_of(leak), LeakState(species, gas.pressure, gas.temperature, beyond)).knudsen
        if knudsen > RAREFIED and getattr(leak, "discharge_coefficient", None) is not None:
            yield (
                f"leak {name}: the gas is thin in it at the end (Knudsen number {knudsen:.2g}), where no "
                "coefficient is constant; leave discharge_coefficient out for the best estimate"
            )
        if knudsen > FREE and len(species.parts) > 1:
            yield f"leak {name}: at a Knudsen number above {FREE:g} light gases leave faster: not modeled"


def _upstream(cabin: Cabin, rooms: tuple[int, int], reading: Reading) -> tuple[RoomGas, float]:
    """The gas on the side of higher pressure, and the pressure on the other."""
    near, far = (cabin.outside if room == SPACE else reading.gases[room] for room in rooms)
    return (near, far.pressure) if near.pressure >= far.pressure else (far, near.pressure)


def _tables(builder: Builder, cabin: Cabin, record: Record) -> Iterator[str]:
    """Where a flow as marched is not that of its law at the gas as it was."""
    for i, (name, law) in enumerate(builder.laws.items()):
        if not isinstance(law, EstimatedFlow):
            continue
        worst = 0.0
        step = max(len(record.readings) // COMPARED, 1)
        for reading in record.readings[::step]:
            gas, beyond = _upstream(cabin, cabin.leaks[i].rooms, reading)
            species = builder.gases.as_species(gas.shares)
            if species is None or reading.leak_flows[i] == 0.0 or beyond >= EQUAL * gas.pressure:
                continue
            try:
                exact = law.exact(reading.time, gas, species, beyond)
            except OutOfRange:
                continue
            marched = law.flow(reading.time, gas, beyond)
            worst = max(worst, abs(marched / exact - 1.0)) if exact > 0.0 else worst
        if worst > SEEN_ERROR:
            yield (
                f"leak {name}: its flow departs from its law by up to {100.0 * worst:.2g} %, as the gas "
                "changes from that of the start"
            )


def _gases(cabin: Cabin, end: Reading) -> Iterator[str]:
    for room, gas in zip(cabin.rooms, end.gases, strict=True):
        species = cabin.gases.as_species(gas.shares)
        liquid = (
            ""
            if species is None or gas.pressure <= 0.0
            else liquid_inside(LeakState(species, gas.pressure, gas.temperature))
        )
        if liquid:
            yield f"compartment {room.name}: {liquid}; the model knows gases alone"


def _oxygen(cabin: Cabin, record: Record) -> Iterator[str]:
    index = cabin.gases.place_of("oxygen")
    if not cabin.people or index is None:
        return
    situation = record.situation
    assert situation is not None
    end = record.happenings[-1].reading
    for people, room in zip(cabin.people, situation.crew_rooms, strict=True):
        gas = end.gases[room]
        if partial_pressure(cabin.gases, gas, index) < BREATHING_FROM:
            yield f"crew {people.name}: no oxygen is left to breathe long before the end"
