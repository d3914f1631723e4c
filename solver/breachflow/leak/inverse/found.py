"""The opening that leaks as much as was measured: the answer of the inverse question; no numpy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from breachflow.words import Row, plus_minus, significant

SHOWN_IN_UM: Final = 1e-4
"""m; sizes below it are printed in um."""


@dataclass(frozen=True)
class FoundOpening:
    """The opening that leaks as much as was measured, in SI units."""

    shape: str
    """As of the estimate: thin round hole, crack and so on."""
    size: float
    """Diameter of the hole, or width of the slit or crack, m."""
    size_uncertainty: float | None
    """One standard deviation, m, by the law and by the mass flow; None where neither is known."""
    length: float | None
    """Length of the slit or crack, m; None of a round hole."""
    depth: float
    """Depth along the flow, m."""
    size_exponent: float
    """n of a mass flow that grows with the size as size^n, all else unchanged: its local slope."""
    measured_mass_flow: float
    """The mass flow that was given, kg/s, or that of the given rate of the pressure."""
    measured_mass_flow_uncertainty: float | None
    """One standard deviation, kg/s; None where none was given."""
    law_uncertainty: float | None
    """Relative standard deviation of the law; None where it states none, or the coefficient was given."""
    equivalent_diameter: float | None
    """Diameter of the thin round hole with this mass flow, m; None where there is none."""


def found_rows(found: FoundOpening) -> list[Row]:
    """The opening, what its uncertainty is made of, and the thin round hole with the same flow."""
    return [
        ("opening", f"a {found.shape} {_sizes(found)}"),
        ("", _certainty(found)),
        *_equivalent_rows(found),
    ]


def size_text(size: float, relative: float = math.nan) -> str:
    """A size in mm or um, with its uncertainty where that is finite.

    >>> size_text(1.944e-3), size_text(17.63e-6, 0.02)
    ('1.94 mm', '17.6 ± 0.4 um')
    """
    factor, unit = (1e3, "mm") if size > SHOWN_IN_UM else (1e6, "um")
    value = factor * size
    number = significant(value, 3) if math.isnan(relative) else plus_minus(value, value * relative)
    return f"{number} {unit}"


def _sizes(found: FoundOpening) -> str:
    """The size that was found, with its uncertainty, and the lengths that were given."""
    uncertainty = found.size_uncertainty
    size = size_text(found.size, math.nan if uncertainty is None else uncertainty / found.size)
    depth = f", {_length(found.depth)} deep" if found.depth > 0.0 else ""
    if found.length is None:
        return f"of {size}{depth}"
    return f"{size} wide, {_length(found.length)} long{depth}"


def _length(length: float) -> str:
    """A length that was given."""
    return f"{1e3 * length:.4g} mm"


def _certainty(found: FoundOpening) -> str:
    """The parts of the uncertainty of the size: of the law and of the flow, each over the exponent."""
    flow, spread = found.measured_mass_flow, found.measured_mass_flow_uncertainty
    parts = {"the law": found.law_uncertainty, "the flow given": None if spread is None else spread / flow}
    texts = [
        f"± {100.0 * part / found.size_exponent:.2g} % by {name}" for name, part in parts.items() if part
    ]
    grows = f"the flow grows as size^{found.size_exponent:.3g}"
    return "; ".join([*texts, grows])


def _equivalent_rows(found: FoundOpening) -> Iterator[Row]:
    """The thin round hole with the same flow, where the opening is no such hole."""
    same = found.length is None and found.depth == 0.0
    if found.equivalent_diameter is not None and not same:
        yield "like", f"a thin round hole of {size_text(found.equivalent_diameter)}"
