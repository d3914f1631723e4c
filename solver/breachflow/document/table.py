"""What all tables of a case file share: strictness, and the quantities that several of them hold."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from breachflow.document.fields import Quantity
from breachflow.units import Dimension

LENGTH = Quantity(Dimension.LENGTH, "1 mm", least="0 m", most="1000 m")
POSITION = Quantity(Dimension.LENGTH, "1 mm", least="-1000 m", most="1000 m")
OPENING = Quantity(Dimension.LENGTH, "2 mm", above="0 mm", most="1000 m")
PRESSURE = Quantity(Dimension.PRESSURE, "101.325 kPa", above="0 Pa", most="1e6 MPa")
PRESSURE_OR_VACUUM = Quantity(Dimension.PRESSURE, "20 kPa", least="0 Pa", most="1e6 MPa")
TEMPERATURE = Quantity(Dimension.TEMPERATURE, "293.15 K", above="0 K", most="1e6 K")
VELOCITY = Quantity(Dimension.VELOCITY, "300 m/s", least="-1000 km/s", most="1000 km/s")
DURATION = Quantity(Dimension.TIME, "2 ms", above="0 s", most="36500 day")
ANGLE = Quantity(Dimension.ANGLE, "10 deg", least="-360 deg", most="360 deg")


class Table(BaseModel):
    """One table of a case file: no unknown key, no conversion between types, never changed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
