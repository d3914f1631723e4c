"""Quantities of plane geometry that tables of several documents hold."""

from __future__ import annotations

from typing import Final

from breachflow.document.fields import QuantityField
from breachflow.units import Dimension

POSITION: Final = QuantityField(Dimension.LENGTH, "1 mm", least="-1000 m", most="1000 m")
ANGLE: Final = QuantityField(Dimension.ANGLE, "10 deg", least="-360 deg", most="360 deg")
