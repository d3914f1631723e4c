"""The table `[hull]`: the body that the leak pushes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from breachflow.document.fields import POSITION, QuantityArray
from breachflow.document.table import Table


class Hull(Table):
    """Where the moment of the leak is taken."""

    center_of_mass: Annotated[tuple[float, float, float], QuantityArray(POSITION, (3,))] = Field(
        description="Center of mass in the coordinates of the mesh, x, y and z; of an axisymmetric mesh the "
        "axis is y = z = 0."
    )
