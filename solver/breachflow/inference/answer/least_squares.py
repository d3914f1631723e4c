"""What plain least squares would have said: a straight line, and the error of independent readings."""

from __future__ import annotations

import numpy as np

from breachflow.inference.record.record import PressureRecord


def straight_line(record: PressureRecord) -> tuple[float, float]:
    """Rate of fall, Pa/s, of the line through all readings, and its naive standard deviation.

    >>> record = PressureRecord("r", np.arange(5.0), np.array([10.0, 9.0, 8.1, 7.0, 6.0]))
    >>> [round(number, 4) for number in straight_line(record)]
    [1.0, 0.0163]
    """
    if np.ptp(record.pressures) == 0.0:
        return 0.0, 0.0  # without the rounding of a mean
    times = record.times - record.times.mean()
    values = record.pressures - record.pressures.mean()
    spread = float(times @ times)
    slope = float(times @ values) / spread
    residuals = values - slope * times
    return -slope, float(np.sqrt(residuals @ residuals / max(len(times) - 2, 1) / spread))
