"""The quantities that several tables of a case hold: dimension, example and limits of each."""

from __future__ import annotations

from typing import Final

from breachflow.document.fields import QuantityField
from breachflow.units import Dimension

TILT: Final = QuantityField(Dimension.ANGLE, "30 deg", least="0 deg", most="70 deg")
LENGTH: Final = QuantityField(Dimension.LENGTH, "1 mm", least="0 m", most="1000 m")
OPENING: Final = QuantityField(Dimension.LENGTH, "2 mm", least="1e-12 m", most="1000 m")
PRESSURE: Final = QuantityField(Dimension.PRESSURE, "101.325 kPa", least="1e-15 Pa", most="1e6 MPa")
PRESSURE_OR_VACUUM: Final = QuantityField(
    Dimension.PRESSURE, "20 kPa", least="1e-15 Pa", most="1e6 MPa", or_zero=True
)
TEMPERATURE: Final = QuantityField(Dimension.TEMPERATURE, "293.15 K", least="1e-6 K", most="1e6 K")
VELOCITY: Final = QuantityField(Dimension.VELOCITY, "300 m/s", least="-1000 km/s", most="1000 km/s")
SPEED: Final = QuantityField(Dimension.VELOCITY, "30 m/s", least="1e-12 m/s", most="1000 km/s")
SLIT_LENGTH: Final = QuantityField(Dimension.LENGTH, "30 mm", least="1e-12 m", most="1000 m")
WALL_CLOCK: Final = QuantityField(Dimension.TIME, "2 h", least="1e-9 s", most="36500 day")
MOLAR_MASS: Final = QuantityField(Dimension.MOLAR_MASS, "28.97 g/mol", least="1 g/mol", most="400 g/mol")
VISCOSITY: Final = QuantityField(Dimension.VISCOSITY, "1.8e-5 Pa s", least="1e-12 Pa s", most="1 Pa s")
DURATION: Final = QuantityField(Dimension.TIME, "2 ms", least="1e-18 s", most="36500 day")
