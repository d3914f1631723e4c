"""The leak laws in one table, and which of them hold for a given leak; no numpy at import.

A law gives the mass flow of one opening and its uncertainty, or says why it does not hold. All laws take
smooth walls and, unless they say otherwise, a sharp edge; a real opening may differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.leak import conditions, law_flows
from breachflow.leak.blend.rarefied import LONGEST
from breachflow.leak.breach import THIN, Breach, Leak, LeakState
from breachflow.leak.conditions import Condition
from breachflow.leak.law_flows import MassFlow, by_coefficient, by_reduced
from breachflow.theory.holes import orifice


class Law(NamedTuple):
    """A closed form for the mass flow of a leak, and where it holds."""

    name: str
    title: str
    shape: str
    """Shapes that the law holds for, in words."""
    range: str
    """Range of the law, in words."""
    source: str
    """Author and year, and where it is published."""
    conditions: tuple[Condition, ...]
    """The range as conditions; the first that is not met gives the reason."""
    flow: Callable[[Leak], MassFlow]
    """Called where all conditions are met; may raise OutOfRange too."""
    inviscid: bool = False
    """Whether it takes gas without friction, so that a low Reynolds number is a caution."""
    bound: bool = False
    """Whether it is a bound rather than an expectation."""
    takes_slant: bool = False
    """Whether it holds for a slanted bore too, or says itself why not."""


class LawVerdict(NamedTuple):
    """Whether a law holds for a leak, and what it says."""

    law: Law
    why_not: str
    """Why the law does not hold; empty where it does."""
    flow: MassFlow | None
    """Mass flow by the law; None where the law does not hold."""


class ClosedForm(NamedTuple):
    """The discharge coefficient by a law that holds."""

    name: str
    title: str
    discharge_coefficient: float
    uncertainty: float
    """Absolute; 0 for a bound."""
    source: str


_DENSE_THIN: Final = (conditions.thin_wall, conditions.sharp_edge, conditions.dense_gas)
_SIMULATED: Final = (
    conditions.round_hole,
    conditions.pressure_ratio(0.0, 0.01),
    conditions.delta(0.0, 2000.0),
)

LAWS: Final[tuple[Law, ...]] = (
    Law(
        "ideal",
        "ideal nozzle (upper bound)",
        "any",
        "any",
        "de Saint-Venant and Wantzel 1839: isentropic flow through the full area",
        (),
        law_flows.ideal,
        inviscid=True,
        bound=True,
        takes_slant=True,
    ),
    Law(
        "thin-vacuum",
        "thin round hole into vacuum",
        "round hole",
        "depth <= 0.02 diameters, p_outside/p0 <= 0.05, Kn <= 0.01",
        "this project's inviscid reference, docs/round_hole.md",
        (conditions.round_hole, *_DENSE_THIN, conditions.pressure_ratio(0.0, 0.05)),
        by_coefficient(law_flows.thin_vacuum),
        inviscid=True,
    ),
    Law(
        "perry",
        "thin round hole, measured",
        "round hole",
        "depth <= 0.02 diameters, p_outside/p0 >= 0.05, Kn <= 0.01",
        "Perry 1949, Trans. ASME 71, 757 (air; other gases by the exact slit's dependence)",
        (conditions.round_hole, *_DENSE_THIN, conditions.pressure_ratio(*orifice.PERRY_RANGE)),
        by_coefficient(law_flows.perry),
        inviscid=True,
    ),
    Law(
        "bragg",
        "momentum balance with the flow along the wall",
        "round hole, slit",
        "depth <= 0.02 sizes, p_outside/p0 >= 0.2, Kn <= 0.01",
        "Bragg 1960, J. Mech. Eng. Sci. 2, 35",
        (*_DENSE_THIN, conditions.pressure_ratio(*orifice.JOBSON_RANGE)),
        by_coefficient(law_flows.bragg),
        inviscid=True,
    ),
    Law(
        "jobson",
        "momentum balance with a constant force defect",
        "round hole, slit",
        "depth <= 0.02 sizes, p_outside/p0 >= 0.2, Kn <= 0.01",
        "Jobson 1955, Proc. Inst. Mech. Engrs 169, 767",
        (*_DENSE_THIN, conditions.pressure_ratio(*orifice.JOBSON_RANGE)),
        by_coefficient(law_flows.jobson),
        inviscid=True,
    ),
    Law(
        "slit",
        "slit in a thin wall, exact inviscid",
        "slit",
        "depth <= 0.02 widths, Kn <= 0.01",
        "Chaplygin 1904; below choking Frankl 1947 and Guderley 1957",
        (conditions.slit, *_DENSE_THIN),
        by_coefficient(law_flows.slit),
        inviscid=True,
    ),
    Law(
        "mcgreehan-schotsch",
        "thick hole at nearly constant density, measured",
        "round hole, edge radius",
        "depth <= 10 diameters, p_outside/p0 >= 0.8, Re >= 10 000",
        "McGreehan and Schotsch 1988, J. Turbomach. 110, 213",
        (
            conditions.round_hole,
            conditions.depth_ratio(0.0, 10.0),
            conditions.pressure_ratio(0.8, 1.0),
            conditions.dense_gas,
            conditions.reynolds(1e4),
        ),
        by_coefficient(law_flows.mcgreehan_schotsch),
    ),
    Law(
        "ward-smith",
        "thick hole, choked, measured",
        "round hole",
        "1 <= depth/diameter <= 7, choked, Re >= 10 000",
        "Ward-Smith 1979, Int. J. Heat Fluid Flow 1, 123 (as commonly quoted)",
        (
            conditions.round_hole,
            conditions.sharp_edge,
            conditions.depth_ratio(1.0, 7.0),
            conditions.choked,
            conditions.dense_gas,
            conditions.reynolds(1e4),
        ),
        by_coefficient(law_flows.ward_smith),
    ),
    Law(
        "kliegel-levine",
        "rounded throat, inviscid",
        "round hole, edge radius",
        "edge radius >= 1 diameter, choked, Kn <= 0.01",
        "Kliegel and Levine 1969, AIAA J. 7, 1375",
        (conditions.round_hole, conditions.edge_ratio(1.0), conditions.choked, conditions.dense_gas),
        by_coefficient(law_flows.kliegel_levine),
        inviscid=True,
    ),
    Law(
        "effusion",
        "free-molecular effusion",
        "round hole, slit",
        "depth <= 0.02 sizes, Kn >= 10; any outside pressure at the inside temperature",
        "Knudsen 1909, Ann. Phys. 333, 75",
        (conditions.thin_wall, conditions.no_collisions),
        by_reduced(law_flows.effusion),
    ),
    Law(
        "clausing",
        "free-molecular tube or channel",
        "thick hole, tube, crack",
        "depth >= 0.02 sizes, Kn >= 10; any outside pressure at the inside temperature",
        "Clausing 1932, Ann. Phys. 404, 961",
        (conditions.depth_ratio(THIN), conditions.no_collisions),
        by_reduced(law_flows.clausing),
    ),
    Law(
        "sharipov",
        "thin round hole, rarefied, simulated",
        "round hole",
        "depth <= 0.02 diameters, into vacuum, delta <= 2000",
        "Sharipov 2004, J. Fluid Mech. 518, 35, scaled to the gas",
        (*_SIMULATED, conditions.thin_wall),
        by_reduced(law_flows.simulated),
    ),
    Law(
        "short-tube",
        "short tube, rarefied, simulated",
        "thick hole, tube",
        "depth 0.02 to 5 diameters, into vacuum, delta <= 2000",
        "Varoutis et al. 2008, J. Vac. Sci. Technol. A 26, 228, scaled to the gas",
        (*_SIMULATED, conditions.depth_ratio(THIN, 0.5 * LONGEST)),
        by_reduced(law_flows.simulated),
    ),
    Law(
        "bgk",
        "long tube or channel, any rarefaction, no inertia",
        "tube, crack",
        "depth >= 20 radii or openings, Re <= 1000, inertia below 25 %",
        "linearized BGK equation, diffuse walls (Cercignani and Daneri 1963; Sharipov and Seleznev 1998)",
        (conditions.known_viscosity, conditions.kinetic_length(20.0)),
        law_flows.bgk,
    ),
    Law(
        "slip",
        "long tube or channel, laminar with slip",
        "tube, crack",
        "depth >= 20 radii or openings, Re <= 1000, inertia below 25 %, delta >= 10",
        "Poiseuille with the slip coefficient 1.018 (Sharipov and Seleznev 1998), isothermal",
        (conditions.known_viscosity, conditions.kinetic_length(20.0), conditions.delta(10.0)),
        law_flows.slip,
    ),
    Law(
        "laminar",
        "long tube or channel, laminar with slip, inertia and choking",
        "tube, crack",
        "depth >= 50 diameters or openings, delta >= 10, Re <= 1000, profile developed in 22 % of the depth",
        "Shapiro 1953, chapter 6, isothermal; entry Shah and London 1978; slip Sharipov and Seleznev 1998",
        (conditions.known_viscosity, conditions.depth_ratio(50.0), conditions.delta(10.0)),
        law_flows.laminar,
    ),
    Law(
        "fanno",
        "bore with entry loss and friction",
        "thick hole, tube, crack",
        "depth >= 1 size; where Kn > 0.01, depth >= 5 diameters or 10 widths",
        "Fanno; laminar friction Shah and London 1978 with slip, turbulent Petukhov 1970",
        (conditions.depth_ratio(1.0), conditions.dense_gas_or_long),
        by_reduced(law_flows.fanno),
    ),
)
"""All laws, in the order in which they are listed."""

NAMES: Final = tuple(law.name for law in LAWS)


def law_named(name: str) -> Law:
    """The law of that name. Raises OutOfRange, with all names, where there is none."""
    for law in LAWS:
        if law.name == name:
            return law
    raise OutOfRange(f'no leak law "{name}"; there are {", ".join(NAMES)}')


def judge(law: Law, leak: Leak) -> LawVerdict:
    """The mass flow of a leak by a law, or why the law does not hold."""
    of_all = () if law.takes_slant else (conditions.straight,)
    why_not = next(filter(None, (condition(leak) for condition in (*of_all, *law.conditions))), "")
    if why_not:
        return LawVerdict(law, why_not, None)
    try:
        return LawVerdict(law, "", law.flow(leak))
    except OutOfRange as reason:
        return LawVerdict(law, str(reason), None)


def verdicts(leak: Leak) -> list[LawVerdict]:
    """The verdict on every law, in the order of the table.

    >>> from breachflow.leak.breach import Section
    >>> from breachflow.constants import SPECIES
    >>> leak = Leak(Breach(Section.ROUND, 2e-3), LeakState(SPECIES["air"], 101325.0, 295.0))
    >>> {verdict.law.name: verdict.why_not for verdict in verdicts(leak)}["perry"]
    'p_outside/p0 0 is below 0.05'
    """
    return [judge(law, leak) for law in LAWS]


def evaluate(name: str, leak: Leak) -> MassFlow:
    """The mass flow by the law of a name. Raises OutOfRange, with the reason, where the law does not hold."""
    verdict = judge(law_named(name), leak)
    if verdict.flow is None:
        raise OutOfRange(f"the law {name} holds for {verdict.law.range}; here: {verdict.why_not}")
    return verdict.flow


def closed_forms(breach: Breach, state: LeakState) -> list[ClosedForm]:
    """The discharge coefficients by the laws that hold; bounds, such as the ideal nozzle, are left out.

    Raises OutOfRange where breach and state cannot be those of a leak.

    >>> from breachflow.leak.breach import Section
    >>> from breachflow.constants import SPECIES
    >>> air = LeakState(SPECIES["air"], 101325.0, 295.0, outside_pressure=50e3)
    >>> forms = closed_forms(Breach(Section.ROUND, 2e-3), air)
    >>> found = {form.name: form.discharge_coefficient for form in forms}
    >>> [round(found[name], 2) for name in ("perry", "bragg", "jobson")]
    [0.75, 0.74, 0.74]
    """
    leak = Leak(breach, state)
    return [
        ClosedForm(law.name, law.title, flow.value / leak.ideal, flow.uncertainty / leak.ideal, law.source)
        for law, _, flow in verdicts(leak)
        if flow is not None and not law.bound
    ]
