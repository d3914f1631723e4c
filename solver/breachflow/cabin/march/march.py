"""The march: from event to event until the end."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Final

from breachflow.cabin.march.deeds import act
from breachflow.cabin.march.integrate import Course, SegmentEnd, follow
from breachflow.cabin.march.keep import MarchKeeper, MarchState, Mark
from breachflow.cabin.march.plan import Deed, Itinerary, Measured, Watched
from breachflow.cabin.march.record import Crossing, Happening, Record, What
from breachflow.cabin.march.watch import RECOVERY, LimitAt, Passing, Watch, distance, places_of
from breachflow.cabin.model.cabin import Cabin, Feed
from breachflow.cabin.model.network import Network
from breachflow.cabin.model.situation import Reading, first_situation
from breachflow.errors import NonPhysicalState

MOST_HAPPENINGS: Final = 100_000
"""Happenings of one march."""

SAME: Final = 1e-9
"""Relative distance from a level of a regulator, or of a limit, within which a measure is at it."""

Stop = Callable[[], "str | None"]
MarchProgress = Callable[[Reading], None]


class March:
    """The way of a cabin through its itinerary."""

    def __init__(
        self,
        cabin: Cabin,
        plan: Itinerary,
        *,
        sampled: bool = True,
        stop: Stop | None = None,
        progress: MarchProgress | None = None,
        keeper: MarchKeeper | None = None,
    ) -> None:
        """
        Args:
            cabin: What does not change.
            plan: What happens.
            sampled: Whether readings are kept.
            stop: Asked after each step; its text ends the march.
            progress: Called after each step.
            keeper: Keeps the march, and gives what it goes on from.
        """
        self.cabin, self.plan = cabin, plan
        self.situation = first_situation(cabin)
        self.record = Record(first=copy.deepcopy(self.situation))
        self._sampled, self._stop, self._progress = sampled, stop or (lambda: None), progress
        self._waiting: list[Deed] = list(plan.deeds)
        self._due: list[tuple[float, Deed]] = []
        self._beyond: set[tuple[str, int]] = set()
        self._samples = 0
        self._ended = False
        self._step = 0.0
        self._keeper = keeper
        self._mark_before: Mark | None = None

    def run(self) -> Record:
        """March to the end.

        Raises OutOfRange where the law of a leak does not hold, NonPhysicalState where no step is small
        enough.
        """
        self._begin()
        while True:
            self._mark_before = self._mark()
            network = self._do_what_is_due()
            if self._ended or self.situation.time >= self.plan.end:
                break
            reach = follow(self._course(network))
            self._arrive(network, reach)
            if reach.stopped:
                self.keep()
                break
        self._tell(What.END, "")
        self.record.situation = self.situation
        return self.record

    def _begin(self) -> None:
        """Begin at the start, or where an earlier march was stopped."""
        state = self._keeper.take() if self._keeper is not None else None
        if state is None:
            self._begin_feeds()
            return
        self.situation, self.record = state.situation, state.record
        self._waiting, self._due, self._beyond = state.waiting, state.due, set(state.beyond)
        self._samples, self._step, self._ended = state.samples, state.step, state.ended

    def _mark(self) -> Mark | None:
        """Mark this moment, and keep it if it is time."""
        if self._keeper is None:
            return None
        mark = Mark(
            MarchState(
                situation=self.situation,
                record=self.record,
                waiting=self._waiting,
                due=self._due,
                beyond=list(self._beyond),
                samples=self._samples,
                step=self._step,
                ended=self._ended,
            )
        )
        self._keeper.look(mark)
        return mark

    def keep(self) -> None:
        """Keep the march as it was at the last mark: a request has ended it, or what follows it."""
        if self._keeper is not None and self._mark_before is not None:
            self._keeper.keep(self._mark_before)

    def _network(self) -> Network:
        """The cabin in the situation of now."""
        with_rates = any(limit.level.measure is Measured.RATE for limit in self.plan.limits)
        return Network(self.cabin, self.situation, with_rates)

    # what is done between two segments

    def _do_what_is_due(self) -> Network:
        """Do all that is due now, until nothing changes any more."""
        while True:
            network = self._network()
            reading = network.reading(self.situation.time, network.start())
            if self._do_deed(network, reading) or self._switch_feed(reading):
                self._require_few()
                continue
            self._compare_limits(network, reading)
            if self._sampled:
                self._keep(reading)
            return network

    def _do_deed(self, network: Network, reading: Reading) -> bool:
        """Do one event that is due; whether there was one."""
        now = self.situation.time
        for deed in self._waiting:
            if deed.level is not None:
                if distance(network, deed.level, deed.room)(reading) <= 0.0:
                    self._come_true(deed)
                    return True
            elif deed.at is not None and deed.at <= now:
                self._waiting.remove(deed)
                self._perform(deed)
                return True
        for entry in self._due:
            if entry[0] <= now:
                self._due.remove(entry)
                self._perform(entry[1])
                return True
        return False

    def _come_true(self, deed: Deed) -> None:
        """The condition of an event is true: do it, or wait for its delay."""
        self._waiting.remove(deed)
        if deed.after > 0.0:
            self._due.append((self.situation.time + deed.after, deed))
            self._tell(What.CONDITION, deed.name, detail=f"{deed.act} in {deed.after:g} s")
        else:
            self._perform(deed)

    def _perform(self, deed: Deed) -> None:
        what, detail = act(deed, self.cabin, self.situation)
        places = (self.cabin.rooms[deed.to_room].name,) if deed.act == "move_crew" else ()
        self._tell(what, deed.name, places, detail)

    def _begin_feeds(self) -> None:
        """A supply without a regulator feeds from its start to its end."""
        for i, feed in enumerate(self.cabin.feeds):
            self.situation.feeding[i] = feed.on_below is None

    def _switch_feed(self, reading: Reading) -> bool:
        """Switch one regulator whose pressure asks for it, or end an empty supply; whether there was one."""
        situation = self.situation
        for i, feed in enumerate(self.cabin.feeds):
            if (
                situation.feeding[i]
                and 0.0 < feed.contents < math.inf
                and situation.left[i] <= 1e-12 * feed.contents
            ):
                situation.feeding[i], situation.left[i] = False, 0.0
                self._tell(What.SUPPLY_EMPTY, feed.name)
                return True
            pressure = reading.gases[feed.room].pressure
            if self._asks(i, feed, pressure):
                situation.feeding[i] = not situation.feeding[i]
                self._tell(What.SUPPLY_ON if situation.feeding[i] else What.SUPPLY_OFF, feed.name)
                return True
        return False

    def _asks(self, i: int, feed: Feed, pressure: float) -> bool:
        """Whether a regulator is on the wrong side of its level."""
        situation = self.situation
        if feed.on_below is None or feed.off_above is None or situation.left[i] <= 0.0:
            return False
        if not feed.start <= situation.time < feed.end or not situation.enabled[i]:
            return False
        if situation.feeding[i]:
            return pressure >= feed.off_above * (1.0 - SAME)
        return pressure <= feed.on_below * (1.0 + SAME)

    def _compare_limits(self, network: Network, reading: Reading) -> None:
        """Tell limits that a segment begins at, beyond or back from: no watch sees these."""
        for limit in self.plan.limits:
            watched = places_of(self.cabin, network, limit)
            all_places = {place for places in watched for place in places}
            self._beyond -= {(limit.name, place) for place in set(limit.places) - all_places}
            for places in watched:
                off = distance(network, limit.level, places[0])(reading)
                known = [(limit.name, place) in self._beyond for place in places]
                if off <= SAME * limit.level.value and not all(known):
                    self._pass(limit, places, reading)
                elif any(known) and off > RECOVERY * limit.level.value:
                    self._recover(limit, places, reading)

    # what is watched within a segment

    def _course(self, network: Network) -> Course:
        now = self.situation.time
        times = [self.plan.end, *self.cabin.corners(now), *(at for at, _ in self._due)]
        times += [deed.at for deed in self._waiting if deed.at is not None]
        times += [
            now + self.situation.left[i] / feed.mass_flow
            for i, feed in enumerate(self.cabin.feeds)
            if self.situation.feeding[i] and self.situation.enabled[i] and feed.start <= now < feed.end
        ]
        return Course(
            network=network,
            until=min(time for time in times if time > now),
            tolerance=self.plan.tolerance,
            largest_step=self._largest_step(network),
            first_step=self._step,
            watches=self._watches(network),
            seen=self._see,
            passed=self._on_passing,
            stop=self._stop,
        )

    def _largest_step(self, network: Network) -> float:
        """A step, s, in which no supply fills the band of its regulator."""
        steps = [math.inf]
        for feed in self.cabin.feeds:
            if feed.on_below is not None and feed.off_above is not None:
                group = next(group for group in network.groups if feed.room in group.rooms)
                rate = feed.mass_flow * feed.gas.constant * group.temperature / group.volume
                steps.append((feed.off_above - feed.on_below) / rate)
        return min(steps)

    def _watches(self, network: Network) -> list[Watch]:
        watches = [
            Watch(distance(network, deed.level, deed.room), deed, True)
            for deed in self._waiting
            if deed.level is not None
        ]
        for i, feed in enumerate(self.cabin.feeds):
            acts = self.situation.enabled[i] and feed.start <= self.situation.time < feed.end
            if feed.on_below is not None and acts and self.situation.left[i] > 0.0:
                watches.append(Watch(self._regulator(i, feed), feed, True))
        for limit in self.plan.limits:
            for places in places_of(self.cabin, network, limit):
                ends = limit.name == self.plan.stop_at
                watches.append(Watch(self._limit(network, limit, places[0]), LimitAt(limit, places), ends))
        return watches

    def _regulator(self, i: int, feed: Feed) -> Callable[[Reading], float]:
        """What the present state of a regulator can do: only that is watched."""
        assert feed.on_below is not None
        assert feed.off_above is not None
        on, off = feed.on_below, feed.off_above
        if self.situation.feeding[i]:
            return lambda reading: off - reading.gases[feed.room].pressure
        return lambda reading: reading.gases[feed.room].pressure - on

    def _limit(self, network: Network, limit: Watched, place: int) -> Callable[[Reading], float]:
        """Distance to a limit; beyond it, the distance to where the measure has recovered."""
        plain = distance(network, limit.level, place)

        def watched(reading: Reading) -> float:
            off = plain(reading)
            return RECOVERY * limit.level.value - off if (limit.name, place) in self._beyond else off

        return watched

    def _see(self, reading_at: Callable[[float], Reading], start: float, end: float) -> None:
        """Keep the samples in a part of a segment."""
        if self._sampled:
            while (time := (self._samples + 1) * self.plan.sample) < end:
                if time > start:
                    self.record.readings.append(reading_at(time))
                self._samples += 1
        if self._progress is not None:
            self._progress(reading_at(end))

    def _on_passing(self, passing: Passing, reading: Reading) -> None:
        token = passing.watch.token
        assert isinstance(token, LimitAt), "deeds and regulators end a segment"
        limit, places = token
        if (limit.name, places[0]) in self._beyond:
            self._recover(limit, places, reading)
        else:
            self._pass(limit, places, reading)

    def _recover(self, limit: Watched, places: tuple[int, ...], reading: Reading) -> None:
        """Tell that a limit is no longer passed."""
        self._beyond -= {(limit.name, place) for place in places}
        self._add(
            Happening(reading.time, What.RECOVERED, limit.name, self._place_names(limit, places), reading)
        )

    def _pass(self, limit: Watched, places: tuple[int, ...], reading: Reading) -> None:
        """Tell that a limit is passed."""
        self._beyond |= {(limit.name, place) for place in places}
        names = self._place_names(limit, places)
        known = {(crossing.limit.name, crossing.place) for crossing in self.record.crossings}
        self.record.crossings += [
            Crossing(limit, name, reading.time) for name in names if (limit.name, name) not in known
        ]
        what = What.ALREADY if reading.time == 0.0 else What.LIMIT
        self._add(Happening(reading.time, what, limit.name, names, reading))
        if limit.name == self.plan.stop_at:
            self._ended = True

    # what is kept

    def _arrive(self, network: Network, reach: SegmentEnd) -> None:
        reading = network.reading(reach.time, reach.unknowns)
        network.finish(reach.time, reach.unknowns)
        self.record.steps += reach.steps
        self._step = reach.next_step
        self.record.stopped = reach.stopped
        if self._sampled:
            self._keep(reading)
        token = None if reach.passing is None else reach.passing.watch.token
        if isinstance(token, Deed):
            self._come_true(token)
        elif isinstance(token, Feed):
            i = list(self.cabin.feeds).index(token)
            self.situation.feeding[i] = not self.situation.feeding[i]
            self._tell(What.SUPPLY_ON if self.situation.feeding[i] else What.SUPPLY_OFF, token.name)
        elif reach.passing is not None:
            self._on_passing(reach.passing, reading)
        self._require_few()

    def _keep(self, reading: Reading) -> None:
        """Keep one side of an event, unless nothing changed since the last reading."""
        if not self.record.readings or not _same(self.record.readings[-1], reading):
            self.record.readings.append(reading)

    def _tell(self, what: What, name: str, places: tuple[str, ...] = (), detail: str = "") -> None:
        network = self._network()
        reading = network.reading(self.situation.time, network.start())
        self._add(Happening(self.situation.time, what, name, places, reading, detail))

    def _add(self, happening: Happening) -> None:
        self.record.happenings.append(happening)

    def _require_few(self) -> None:
        """Raises NonPhysicalState where a march does not come from one event to the next."""
        if len(self.record.happenings) > MOST_HAPPENINGS:
            raise NonPhysicalState(
                f"at {self.situation.time:.6g} s: more than {MOST_HAPPENINGS} events; a regulator whose band "
                "is narrow for its flow switches all the time: widen it"
            )

    def _place_names(self, limit: Watched, places: tuple[int, ...]) -> tuple[str, ...]:
        across = limit.level.measure == "hatch_difference"
        table = self.cabin.hatches if across else self.cabin.rooms
        return tuple(table[place].name for place in places)


def _same(one: Reading, other: Reading) -> bool:
    """Whether two readings are alike, but for rates of pressures, which may be unknown."""
    return one._replace(pressure_rates=()) == other._replace(pressure_rates=())
