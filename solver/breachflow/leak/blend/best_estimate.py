"""One best estimate of a leak, continuous from free-molecular flow to a jet, with its uncertainty.

Needs no numpy. Two estimates of W (mass flow over effusion, see `breach`) are joined: that of a dense gas
(`dense`), whose bore holds for rarefied gas too where it is long, and that of simulations of rarefied flow
into vacuum (`rarefied`). The weights change from delta = 200 to 2000 and from L/R = 5 to 10, smoothly in the
logarithm. The uncertainty is the standard deviation of the mixture.

No published law gives rarefied flow into a back pressure for every gas and depth. The flow is then

    W(vacuum) ((1-h) (1-r) + h D(r)/D(0)),

exact at delta = 0 (h = 0: proportional to p0 - p_outside at equal temperatures) and in a dense gas (h = 1; D
is the dense estimate). h is the fraction of the rise of Sharipov's W at delta (1-r) D(0)/D(r), the delta of
the driving pressure. Near r = 1 the flow is within 15 % of effusion plus Sampson's creeping flow through a
thin hole. Between the limits the uncertainty is larger.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.leak.blend.dense import dense_flow
from breachflow.leak.blend.mixture import Part, joined_basis, mixed, smooth_step
from breachflow.leak.blend.rarefied import LONGEST, rise_fraction, simulated_flow
from breachflow.leak.breach import Breach, Leak, LeakState

DENSE_FROM: Final = (200.0, 2000.0)
"""delta between which the dense estimate takes over; the simulations end at 2000."""

BORE_FROM: Final = (5.0, LONGEST)
"""L/R (channel: L/H) between which the law of the bore takes over for rarefied gas."""

BACK_PRESSURE_UNCERTAINTY: Final = 0.15
"""Relative uncertainty of rarefied flow into a back pressure, half-way between the limits."""
BACK_PRESSURE_COUNTS_FROM: Final = 0.2
"""r from which that uncertainty counts in full."""

SMALLEST_WEIGHT: Final = 0.005
"""Smallest weight of a law that is named in the basis."""


class BestEstimate(NamedTuple):
    """The expected flow and its uncertainty."""

    mass_flow: float
    """Expected mass flow, kg/s."""
    uncertainty: float
    """One standard deviation, kg/s, from the scatter and the disagreement of the laws."""
    discharge_coefficient: float
    """Expected over ideal mass flow."""
    basis: tuple[tuple[str, float], ...]
    """Names of the laws that it rests on with their weights, the largest first."""


def best_estimate(breach: Breach, state: LeakState) -> BestEstimate:
    """The flow to expect of any breach at any r in [0, 1] and any rarefaction; 1.05 <= gamma <= 5/3.

    For a sharp or rounded upstream edge and smooth walls at the temperature of the gas. Where the viscosity
    is not known, the estimate is the middle of those for its bounds, and spans both. Raises OutOfRange where
    breach and state cannot be those of a leak, and for other gammas.

    >>> from breachflow.leak.breach import Section
    >>> from breachflow.constants import SPECIES
    >>> state = LeakState(SPECIES["air"], 101325.0, 295.0)
    >>> thin = best_estimate(Breach(Section.ROUND, 2e-3), state)
    >>> round(thin.discharge_coefficient, 3), thin.basis[0][0]
    (0.831, 'thin-vacuum')
    >>> tiny = best_estimate(Breach(Section.ROUND, 1e-10), state)  # free-molecular: 0.58263 of the ideal flow
    >>> round(tiny.discharge_coefficient, 4)
    0.5827
    """
    return best_estimate_of(Leak(breach, state))


def best_estimate_of(leak: Leak) -> BestEstimate:
    """`best_estimate` of a leak. Raises OutOfRange unless 1.05 <= gamma <= 5/3, and for a slanted bore."""
    if leak.breach.angle:
        raise OutOfRange(
            "no closed form holds for a slanted bore; a law fitted to a sweep over orifice.angle does"
        )
    part = (_spanned(leak) if leak.viscosity_unknown else _joined(leak)).times(1.0 / leak.reduced_ideal)
    basis = sorted(part.basis.items(), key=lambda item: -item[1])
    named = tuple((name, weight) for name, weight in basis if weight >= SMALLEST_WEIGHT)
    return BestEstimate(part.value * leak.ideal, part.uncertainty * leak.ideal, part.value, named)


def _spanned(leak: Leak) -> Part:
    """W between the estimates for the lowest and the highest viscosity that the gas can have."""
    thin, thick = (_joined(bound) for bound in leak.with_viscosity_bounds())
    spread = 0.5 * abs(thin.value - thick.value)
    return Part(
        0.5 * (thin.value + thick.value),
        spread + max(thin.uncertainty, thick.uncertainty),
        joined_basis((0.5, thin.basis), (0.5, thick.basis)),
    )


def _joined(leak: Leak) -> Part:
    """W: the dense and the rarefied estimate, and between them their mixture."""
    dense = dense_flow(leak)
    bore = smooth_step(leak.kinetic_length, *BORE_FROM)
    if bore == 1.0 or math.isinf(leak.delta):
        return dense
    vacuum = dense if leak.in_vacuum else dense_flow(leak.into_vacuum())
    driving = leak.delta * (1.0 - leak.pressure_ratio) * vacuum.value / dense.value
    weight = 1.0 - (1.0 - smooth_step(driving, *DENSE_FROM)) * (1.0 - bore)
    if weight == 1.0:
        return dense
    return mixed(weight, dense, _rarefied(leak, rise_fraction(driving), dense, vacuum))


def _rarefied(leak: Leak, rise: float, dense: Part, vacuum: Part) -> Part:
    """W by the simulations into vacuum, times the reduction by the back pressure."""
    simulated = simulated_flow(leak)
    dense_fall = rise * dense.value / vacuum.value
    fall = (1.0 - rise) * (1.0 - leak.pressure_ratio) + dense_fall
    counts = min(leak.pressure_ratio / BACK_PRESSURE_COUNTS_FROM, 1.0)
    spread = math.hypot(
        simulated.uncertainty / simulated.value,
        counts * rise * dense.uncertainty / dense.value,
        BACK_PRESSURE_UNCERTAINTY * counts * min(2.0 * math.sqrt(dense_fall / fall * (1.0 - rise)), 1.0),
    )
    value = simulated.value * fall
    return Part(value, value * spread, _rarefied_basis(leak, rise, counts, simulated, dense))


def _rarefied_basis(leak: Leak, rise: float, counts: float, simulated: Part, dense: Part) -> dict[str, float]:
    """Weights of the laws: the simulations into vacuum; with a back pressure, its two limits."""
    limit = "effusion" if leak.breach.thin else "clausing"
    limits = joined_basis((1.0 - rise, {limit: 1.0}), (rise, dense.basis))
    return joined_basis((1.0 - counts, simulated.basis), (counts, limits))
