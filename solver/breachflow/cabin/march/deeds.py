"""Acts of events: what each changes in the situation."""

from __future__ import annotations

from breachflow.cabin.march.plan import Deed
from breachflow.cabin.march.record import What
from breachflow.cabin.model.cabin import Cabin
from breachflow.cabin.model.groups import groups_of
from breachflow.cabin.model.situation import Situation


def act(deed: Deed, cabin: Cabin, situation: Situation) -> tuple[What, str]:
    """Do what an event says; returns what happened, and more about it in words."""
    changed = _changed(deed, situation)
    if deed.act == "open" and changed:
        return What.OPEN, _opened(deed, cabin, situation)
    what = What(deed.act) if changed else What.NOTHING
    detail = f"to {deed.factor:g} of its flow" if deed.act == "patch" and deed.factor > 0.0 else ""
    return what, detail if changed else f"{deed.act}: it was so already"


def _changed(deed: Deed, situation: Situation) -> bool:
    """Do the act, but the opening of hatches; whether it changes anything."""
    lists = {
        "close": (situation.hatch_open, False),
        "open": (situation.hatch_open, True),
        "patch": (situation.patched, deed.factor),
        "stop": (situation.enabled, False),
        "start": (situation.enabled, True),
        "move_crew": (situation.crew_rooms, deed.to_room),
    }
    values, value = lists[deed.act]
    changed = values[deed.target] != value  # type: ignore[index]
    if deed.act != "open":
        values[deed.target] = value  # type: ignore[index]
    return bool(changed)


def _opened(deed: Deed, cabin: Cabin, situation: Situation) -> str:
    """Open a hatch; how pressures and temperatures jump where two volumes become one."""
    hatch = cabin.hatches[deed.target]
    before = [_state(cabin, situation, room) for room in hatch.rooms]
    situation.hatch_open[deed.target] = True
    if hatch.law is not None:
        return ""
    after = _state(cabin, situation, hatch.rooms[0])[1]
    steps = [
        f"{cabin.rooms[room].name} {after - temperature:+.2f} K"
        for room, (pressure, temperature) in zip(hatch.rooms, before, strict=True)
        if not cabin.rooms[room].isothermal and abs(after - temperature) >= 0.005
    ]
    return "mixed: " + ", ".join(steps) if steps else ""


def _state(cabin: Cabin, situation: Situation, room: int) -> tuple[float, float]:
    """Pressure, Pa, and temperature, K, of the volume of a room."""
    group = next(group for group in groups_of(cabin, situation) if room in group.rooms)
    masses = [sum(column) for column in zip(*(situation.masses[i] for i in group.rooms), strict=True)]
    gas = group.state(masses, sum(situation.energies[i] for i in group.rooms), cabin.gases)
    return gas.pressure, gas.temperature
