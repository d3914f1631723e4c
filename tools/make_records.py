"""Make the pressure records of `cases/record`: known leaks with the faults that records have.

`python tools/make_records.py` writes each `cases/record/NAME/record.csv` anew, the same bytes every time. A
record is a closed form (no code of the package), temperature, noise with memory and the steps of a gauge. Its
first lines state its truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

FOLDER: Final = Path(__file__).parents[1] / "cases" / "record"

MMHG: Final = 133.322387415
"""Pa."""
DAY: Final = 24.0
"""h."""
GAS_CONSTANT: Final = 8.31446261815324 / 28.9644e-3
"""Of air, J/(kg K)."""
MEAN_TEMPERATURE: Final = 295.0
"""K."""
ORBIT: Final = 92.9 / 60.0
"""h."""

Readings = NDArray[np.float64]


@dataclass(frozen=True)
class Leak:
    """A leak of a volume: mdot = flow (p/p0)^n."""

    volume: float
    """m3."""
    start: float
    """Pressure p0 at the start, mmHg."""
    flow: float
    """kg/day at the start."""
    exponent: float
    """n."""
    changed_at: float = np.inf
    """Time, h, at which the flow is multiplied by `factor`."""
    factor: float = 1.0

    @property
    def rate(self) -> float:
        """Share of the gas that leaks in an hour at the start."""
        return self.flow / DAY * GAS_CONSTANT * MEAN_TEMPERATURE / (self.volume * self.start * MMHG)

    def pressures(self, times: Readings) -> Readings:
        """mmHg at times, h: closed form of dp/dt = -rate p0 (p/p0)^n, in what the leak has passed so far."""
        passed = np.minimum(times, self.changed_at) + self.factor * np.maximum(times - self.changed_at, 0.0)
        if self.exponent == 1.0:
            return self.start * np.exp(-self.rate * passed)
        power = self.exponent - 1.0
        return self.start * (1.0 + power * self.rate * passed) ** (-1.0 / power)


@dataclass(frozen=True)
class Noise:
    """What a record has beside the leak, mmHg and h."""

    deviation: float
    """Of noise with memory."""
    memory: float
    white: float
    step: float
    """In which the gauge reads."""
    wander: float = 0.0
    """Of the random walk in an hour."""
    orbit: float = 0.0
    """Amplitude of the swing in an orbit."""

    def added(self, generator: np.random.Generator, times: Readings) -> Readings:
        """Noise with memory, white noise, a random walk and a swing, mmHg."""
        draws = generator.standard_normal((3, len(times)))
        kept = np.exp(-np.diff(times) / self.memory)
        slow = draws[0].copy()
        for index, share in enumerate(kept):
            slow[index + 1] = share * slow[index] + np.sqrt(1.0 - share**2) * draws[0, index + 1]
        walk = np.concatenate([[0.0], np.cumsum(draws[1, 1:] * np.sqrt(np.diff(times)))])
        swing = self.orbit * np.sin(2.0 * np.pi * times / ORBIT)
        return self.deviation * slow + self.white * draws[2] + self.wander * walk + swing


@dataclass(frozen=True)
class Record:
    """One record: how it is made, and what its first lines say."""

    seed: int
    truth: str
    hours: float
    every: float
    """Minutes between readings."""
    leak: Leak
    noise: Noise
    has_temperature: bool = False
    spoil: Callable[[Leak, Readings, Readings], tuple[Readings, Readings]] | None = None
    """What befalls times and pressures after the leak: a gap, a repressurization, a sensor that stops."""


def _repress(leak: Leak, times: Readings, pressures: Readings) -> tuple[Readings, Readings]:
    """Four hours without readings; the crew has added 9.3 mmHg at 22 h, from where the leak goes on."""
    kept = (times < 20.0) | (times > 24.0)
    here = float(leak.pressures(np.array([22.0]))[0]) + 9.3
    power = leak.exponent - 1.0
    same = ((here / leak.start) ** -power - 1.0) / (
        power * leak.rate
    )  # when the leak alone has this pressure
    higher = leak.pressures(same + times - 22.0) - leak.pressures(times)
    return times[kept], np.where(times > 22.0, pressures + higher, pressures)[kept]


def _freeze(leak: Leak, times: Readings, pressures: Readings) -> tuple[Readings, Readings]:  # noqa: ARG001
    """A sensor that repeats its last value."""
    return times, np.full_like(pressures, pressures[0])


QUIET: Final = Noise(deviation=0.08, memory=1.0, white=0.03, step=0.1)
RECORDS: Final = {
    "tunnel_crack": Record(
        1, "a crack: 1.70 kg/day at 730 mmHg, n = 2", 24.0, 10.0, Leak(7.0, 730.0, 1.70, 2.0), QUIET
    ),
    "tunnel_hole": Record(
        2, "a hole: 1.70 kg/day at 730 mmHg, n = 1", 24.0, 10.0, Leak(7.0, 730.0, 1.70, 1.0), QUIET
    ),
    "station_temperature": Record(
        3,
        "a hole: 30 kg/day at 745 mmHg, n = 1; the gas warms and cools by 0.3 K in a day",
        48.0,
        10.0,
        Leak(1005.0, 745.0, 30.0, 1.0),
        Noise(deviation=0.1, memory=2.0, white=0.05, step=0.1, wander=0.1, orbit=0.05),
        has_temperature=True,
    ),
    "patched": Record(
        4,
        "a crack: 1.70 kg/day at 730 mmHg, n = 2; patched after 12 h, 0.34 kg/day is left",
        36.0,
        10.0,
        Leak(7.0, 730.0, 1.70, 2.0, changed_at=12.0, factor=0.2),
        QUIET,
    ),
    "grown": Record(
        5,
        "a crack: 1.70 kg/day at 745 mmHg, n = 2; after 24 h it is half again as large, 2.55 kg/day",
        48.0,
        10.0,
        Leak(60.0, 745.0, 1.70, 2.0, changed_at=24.0, factor=1.5),
        QUIET,
    ),
    "frozen_sensor": Record(
        6,
        "a hole: 1.70 kg/day at 730 mmHg, n = 1; the sensor repeats one value",
        18.0,
        10.0,
        Leak(7.0, 730.0, 1.70, 1.0),
        QUIET,
        spoil=_freeze,
    ),
    "repressurized": Record(
        7,
        "a crack: 1.70 kg/day at 740 mmHg, n = 2; no readings from 20 to 24 h, gas was added at 22 h",
        48.0,
        10.0,
        Leak(60.0, 740.0, 1.70, 2.0),
        QUIET,
        spoil=_repress,
    ),
    "coarse_gauge": Record(
        8,
        "a hole: 4.0 kg/day at 750 mmHg, n = 1; the gauge reads whole mmHg",
        36.0,
        15.0,
        Leak(75.0, 750.0, 4.0, 1.0),
        Noise(deviation=0.1, memory=1.0, white=0.1, step=1.0),
    ),
    "no_leak": Record(
        9,
        "no leak: an open station whose air wanders by 0.12 mmHg in an hour",
        24.0,
        5.0,
        Leak(1005.0, 745.0, 0.0, 1.0),
        Noise(0.05, 0.5, 0.03, 0.1, wander=0.12, orbit=0.05),
    ),
}
"""The records by the names of their folders."""


def text_of(name: str) -> str:
    """The file of a record."""
    record = RECORDS[name]
    generator = np.random.default_rng(record.seed)
    times = np.arange(0.0, record.hours + 1e-9, record.every / 60.0)
    pressures, sensor = record.leak.pressures(times), None
    if record.has_temperature:
        change = 0.3 * np.sin(2.0 * np.pi * times / DAY)
        pressures = pressures * (1.0 + change / MEAN_TEMPERATURE)
        late = 0.3 * np.sin(2.0 * np.pi * (times - 0.5) / DAY)  # the sensor lags by half an hour
        sensor = np.round(MEAN_TEMPERATURE - 273.15 + late + 0.02 * generator.standard_normal(len(times)), 2)
    pressures = pressures + record.noise.added(generator, times)
    if record.spoil is not None:
        times, pressures = record.spoil(record.leak, times, pressures)
    pressures = np.round(pressures / record.noise.step) * record.noise.step
    return "\n".join(_lines(record, times, pressures, sensor)) + "\n"


def _lines(record: Record, times: Readings, pressures: Readings, sensor: Readings | None) -> list[str]:
    """The lines: comments, heading, readings."""
    decimals = 0 if record.noise.step == 1.0 else 1
    lines = [
        "# Synthetic record, made by tools/make_records.py.",
        f"# Truth: {record.truth}.",
        f"# Volume {record.leak.volume:g} m3, {MEAN_TEMPERATURE:g} K.",
        "time [h],pressure [mmHg]" + (",temperature [degC]" if sensor is not None else ""),
    ]
    for index, (time, pressure) in enumerate(zip(times, pressures, strict=True)):
        cells = [f"{time:.4f}", f"{pressure:.{decimals}f}"]
        lines.append(",".join(cells if sensor is None else [*cells, f"{sensor[index]:.2f}"]))
    return lines


def main() -> None:
    """Write all records."""
    for name in RECORDS:
        path = FOLDER / name / "record.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(name), encoding="utf-8")
        print(path.relative_to(FOLDER.parents[1]))


if __name__ == "__main__":
    main()
