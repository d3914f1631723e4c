"""Parts of a flow that are held while the rest settles: what is held on a mesh, and what that has given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from breachflow.arrays import Bools, FactorRows
from breachflow.numerics.space.reconstruction import FACTORS
from breachflow.runs.solve.hold.parts import HeldPart

AGREEMENT: Final = {2: 2e-6, 3: 5e-5}
"""Relative change of the discharge coefficient from one hold to the next that is none, by the dimension.

In space it is a two-hundredth of the error that meshes of some 10 000 cells leave.
"""

MOST_HOLDS: Final = 4
"""Most holds of one part."""

SMALL: Final = 1e-4
"""Relative range of the coefficients of that many holds that passes, and is stated.

It is a tenth of the uncertainty by a fine mesh.
"""


@dataclass
class Hold:
    """What is held on a mesh at present, and what holding it has given."""

    part: HeldPart | None = None
    """What is held; None where nothing is."""
    tried: list[HeldPart] = field(default_factory=list)
    """Parts in the order in which they were held."""
    step: int = 0
    """Step at which the part was held last, or released."""
    cells: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """(n_cells,) which cells are held; empty where none is."""
    factors: FactorRows = field(default_factory=lambda: np.zeros((0, FACTORS), np.float32))
    """(n_interior, 6) the held factors of the limiter; empty where it acts."""
    coefficients: list[float] = field(default_factory=list)
    """Discharge coefficients to which the flow settled while this part was held, one for each time."""
    drop: float = 0.0
    """Residual over its first value with the limiter acting, where its factors were held last."""

    def is_proven(self, agreement: float) -> bool:
        """Whether the flow has settled to the same coefficient twice, or to nearly the same every time.

        `agreement`: relative change that is none.
        """
        if self.part is None or len(self.coefficients) < 2:
            return False
        before, last = self.coefficients[-2:]
        is_same = abs(last - before) <= agreement * abs(last)
        return is_same or (len(self.coefficients) == MOST_HOLDS and self.change <= SMALL)

    @property
    def change(self) -> float:
        """Relative range of the coefficients to which the flow settled so far; 0 where nothing is held."""
        found = self.coefficients
        return (max(found) - min(found)) / abs(found[-1]) if self.part is not None and found else 0.0
