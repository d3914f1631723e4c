"""The quantities that several tables of a cabin hold: dimension, example and limits of each."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator

from breachflow.document.fields import QuantityField
from breachflow.units import Dimension

VOLUME: Final = QuantityField(Dimension.VOLUME, "350 m3", least="1e-12 m3", most="1e9 m3")
AREA: Final = QuantityField(Dimension.AREA, "6.45 cm2", least="1e-24 m2", most="1e4 m2")
MASS: Final = QuantityField(Dimension.MASS, "30 kg", least="1e-12 kg", most="1e9 kg")
FLOW: Final = QuantityField(Dimension.MASS_FLOW, "4 kg/h", least="1e-24 kg/s", most="1e6 kg/s")
NET_LOSS: Final = QuantityField(Dimension.MASS_FLOW, "0.2 kg/day", least="0 kg/s", most="1e3 kg/s")
TIME: Final = QuantityField(Dimension.TIME, "10 min", least="0 s", most="36500 day")
INTERVAL: Final = QuantityField(Dimension.TIME, "5 s", least="1e-9 s", most="36500 day")
END: Final = QuantityField(Dimension.TIME, "2 day", least="1e-9 s", most="36500 day")
LEVEL: Final = QuantityField(Dimension.PRESSURE, "490 mmHg", least="1e-15 Pa", most="1e6 MPa")
RATE: Final = QuantityField(Dimension.PRESSURE_RATE, "1 mmHg/h", least="1e-15 Pa/s", most="1e9 Pa/s")
CONDUCTANCE: Final = QuantityField(Dimension.VOLUME_FLOW, "1 L/s", least="1e-24 m3/s", most="1e6 m3/s")
HEAT_CONDUCTANCE: Final = QuantityField(Dimension.HEAT_CONDUCTANCE, "300 W/K", least="0 W/K", most="1e9 W/K")
GROWTH: Final = QuantityField(Dimension.GROWTH_RATE, "0.1 mm/day", least="0 mm/day", most="1 m/s")


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


OneLine: TypeAlias = Annotated[str, AfterValidator(_one_line)]
"""A text of one line."""
