"""What the result of a cabin must hold, so that all that reads it can rely on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.results.files.layout import ContentError
from breachflow.units import UNITS, Dimension

TEXTS: Final = ("title", "text", "summary", "case", "program", "command", "versions")
"""Attributes that every result has."""

DEFAULT_UNIT: Final = "mmHg"
"""Of pressures in words, where a file does not tell it, as the first ones did not."""

OVER_TIME: Final = ("time", "compartment")

AXES: Final[Mapping[str, tuple[str, ...]]] = {
    "pressure": OVER_TIME,
    "temperature": OVER_TIME,
    "mass": OVER_TIME,
    "oxygen_pressure": OVER_TIME,
    "carbon_dioxide_pressure": OVER_TIME,
    "group": OVER_TIME,
    "mole_fraction": (*OVER_TIME, "species"),
    "leak_flow": ("time", "leak"),
    "leak_flow_kg_per_day": ("time", "leak"),
    "supply_flow": ("time", "supply"),
    "hatch_open": ("time", "hatch"),
    "event_time": ("event",),
    "event_what": ("event",),
    "event_name": ("event",),
    "event_text": ("event",),
}
"""Axes of each quantity."""

ALWAYS: Final = (
    *("pressure", "temperature", "mass"),
    *("event_time", "event_what", "event_name", "event_text"),
)
"""Quantities that every result has; its end is an event."""

TEXTUAL: Final = ("event_what", "event_name", "event_text")
NAMED_AXES: Final = ("compartment", "leak", "supply", "hatch", "species", "event")
"""Axes of texts."""


class SeriesArray(NamedTuple):
    """A variable as it was found."""

    axes: tuple[str, ...]
    values: NDArray[Any]


def require_answer(
    axes: Mapping[str, NDArray[Any]], arrays: Mapping[str, SeriesArray], attributes: Mapping[str, object]
) -> None:
    """Raise ContentError where something is missing, or is not what the result of a cabin has."""
    _require_texts(attributes)
    _require_axes(axes)
    for name in ALWAYS:
        if name not in arrays:
            raise ContentError(f"/{name}: missing, which the result of a cabin has")
    for name, array in arrays.items():
        _require_array(name, array, axes)


def _require_texts(attributes: Mapping[str, object]) -> None:
    for name in TEXTS:
        if not isinstance(attributes.get(name), str):
            raise ContentError(f"/: attribute {name!r}: no text, which the result of a cabin has there")
    if attributes.get("unit", DEFAULT_UNIT) not in UNITS[Dimension.PRESSURE]:
        raise ContentError(f"/: attribute 'unit': {attributes['unit']!r} is no unit of pressure")
    try:
        summary = json.loads(str(attributes["summary"]))
    except ValueError:
        summary = None
    if not isinstance(summary, dict):
        raise ContentError("/: attribute 'summary': no JSON object")


def _require_axes(axes: Mapping[str, NDArray[Any]]) -> None:
    for name in ("time", "compartment", "event"):
        if name not in axes or not axes[name].size:
            raise ContentError(f"/{name}: missing, which the result of a cabin has as an axis")
    times = axes["time"]
    if times.dtype.kind != "f" or not np.isfinite(times).all() or (np.diff(times) < 0.0).any():
        raise ContentError("/time: must be finite numbers that do not fall")
    for name in NAMED_AXES:
        if name in axes and axes[name].dtype.kind != "O":
            raise ContentError(f"/{name}: must be texts")


def _require_array(name: str, array: SeriesArray, axes: Mapping[str, NDArray[Any]]) -> None:
    """A value of its kind for each place on its axes."""
    if array.axes != AXES.get(name, array.axes) or not array.axes:
        raise ContentError(f"/{name}: must be over {', '.join(AXES.get(name, ('axes of its own',)))}")
    if array.values.shape != tuple(len(axes[axis]) if axis in axes else -1 for axis in array.axes):
        raise ContentError(f"/{name}: does not have a value for each {', '.join(array.axes)}")
    if (array.values.dtype.kind == "O") is not (name in TEXTUAL) and name in AXES:
        raise ContentError(f"/{name}: must be {'texts' if name in TEXTUAL else 'numbers'}")
    if array.values.dtype.kind == "f" and np.isinf(array.values).any():
        raise ContentError(f"/{name}: has infinite numbers")
