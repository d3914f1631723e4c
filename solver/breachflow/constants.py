"""Physical constants and the table of gases, each with its source."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

GAS_CONSTANT: Final = 8.31446261815324
"""Molar gas constant, J/(mol K), exact (SI 2019; CODATA 2018)."""

SECONDS_PER_DAY: Final = 86400.0

KILOGRAMS_PER_POUND: Final = 0.45359237
"""Avoirdupois pound, kg, exact (international yard and pound agreement, 1959)."""


class ViscosityLaw(NamedTuple):
    """mu = mu_ref t^b (1 + C/T_ref + D/T_ref^2)/(1 + C/T + D/T^2), t = T/T_ref, T_ref = 300 K.

    Equation 102 of the DIPPR database (AIChE). With b = 1/2 and D = 0 it is Sutherland's law (1893).
    """

    viscosity: float
    """mu_ref at 300 K, Pa s."""
    exponent: float
    """b."""
    constant: float
    """C, K; Sutherland's constant where b = 1/2."""
    second_constant: float
    """D, K2."""
    low: float
    high: float
    """Range of the law, K."""


class MixturePart(NamedTuple):
    """One gas of a mixture."""

    fraction: float
    """Mole fraction."""
    molar_mass: float
    """kg/mol."""
    viscosity: ViscosityLaw


class MixtureLaw(NamedTuple):
    """The viscosity of a mixture, by the rule of Wilke (1950)."""

    parts: tuple[MixturePart, ...]


Viscosity: TypeAlias = ViscosityLaw | MixtureLaw


class CriticalPoint(NamedTuple):
    """Critical point and acentric factor: by them a gas is compared with a perfect one."""

    temperature: float
    """K."""
    pressure: float
    """Pa."""
    acentric_factor: float
    light: bool = False
    """Whether these are the classical values of a light gas; at a temperature they are less, see `at`."""

    def at(self, molar_mass: float, temperature: float) -> CriticalPoint:
        """The point for gas of a molar mass (kg/mol) at a temperature (K).

        Light molecules: T_c/(1 + 21.8 K/(M T)), p_c/(1 + 44.2 K/(M T)), M in g/mol; R. D. Gunn, P. L. Chueh
        and J. M. Prausnitz, AIChE J. 12 (1966) 937.
        """
        if not self.light:
            return self
        product = 1e3 * molar_mass * temperature
        return self._replace(
            temperature=self.temperature / (1.0 + 21.8 / product),
            pressure=self.pressure / (1.0 + 44.2 / product),
        )


HEAT_TEMPERATURES: Final = (100.0, 200.0, 300.0, 400.0, 600.0, 1000.0, 1500.0)
"""K; temperatures of `Species.heat_capacity_ratios`."""


class Species(NamedTuple):
    """A calorically perfect gas, and by how much the real gas differs from one."""

    name: str
    heat_capacity_ratio: float
    """gamma = c_p/c_v at 300 K and low pressure."""
    molar_mass: float
    """kg/mol."""
    viscosity: Viscosity | None = None
    """None where no viscosity is known (a custom gas without one)."""
    prandtl: float | None = None
    """c_p mu/k at 300 K and low pressure; None where it is not known."""
    critical: CriticalPoint | None = None
    """None where it is not known."""
    heat_capacity_ratios: tuple[float, ...] = ()
    """gamma at `HEAT_TEMPERATURES` and low pressure; empty where it does not change or is not known."""
    formula: str = ""
    """Common short name, for messages."""
    parts: tuple[tuple[str, float], ...] = ()
    """Names and mole fractions of the gases of a mixture; empty of any other gas."""

    @property
    def specific_gas_constant(self) -> float:
        """R = R_u/M, J/(kg K)."""
        return GAS_CONSTANT / self.molar_mass


# Molar masses: IUPAC 2021 standard atomic weights; dry air: US Standard Atmosphere 1976.
#
# Heat-capacity ratios, Prandtl numbers (at 300 K) and critical points: the reference equations of state and
# of transport that are named below, as CoolProp 8.0 evaluates them at low pressure; monatomic gases 5/3 and
# 2/3 (kinetic theory). Critical points of helium, hydrogen and neon: Gunn, Chueh and Prausnitz 1966.
# Eucken's 4 gamma/(9 gamma - 5) would be up to 7 % off for these gases.
#
# Viscosities: fitted to the same equations of transport at low pressure over the range given, or to the
# table "Viscosity of Gases" of the CRC Handbook (Huber and Harvey, uncertainty 3 % or less). The last number
# is the largest deviation of the fit.
#   air, nitrogen, oxygen, argon  Lemmon and Jacobsen 2004, Int. J. Thermophys. 25, 21    0.7 0.8 0.5 0.3 %
#   helium                        Arp, McCarty and Friend 1998, NIST TN 1334              1.3 %
#   carbon dioxide                Laesecke and Muzny 2017, J. Phys. Chem. Ref. Data 46    0.4 %
#   hydrogen                      Muzny, Huber and Kazakov 2013, J. Chem. Eng. Data 58    1.0 %
#   neon, krypton, xenon          CRC Handbook                                            0.2 0.1 0.4 %
#   sulfur hexafluoride           Quinones-Cisneros et al. 2012, J. Phys. Chem. Ref. Data 41   0.3 %
#   methane                       Quinones-Cisneros and Deiters 2006, J. Phys. Chem. B 110    0.3 %
#   propane                       Vogel et al. 1998, J. Phys. Chem. Ref. Data 27          1.5 %
#   ammonia                       Fenghour et al. 1995, J. Phys. Chem. Ref. Data 24       1.6 %
#   steam                         Huber et al. 2009, J. Phys. Chem. Ref. Data 38          2.0 %
#   R134a                         Huber, Laesecke and Perkins 2003, Ind. Eng. Chem. Res. 42    0.1 %
SPECIES: Final[dict[str, Species]] = {
    species.name: species
    for species in (
        Species(
            "air", 1.4, 28.9644e-3, ViscosityLaw(1.8494e-5, 0.5903, 71.72, -345.1, 80.0, 2000.0),
            0.706, CriticalPoint(132.53, 3.786e6, 0.0335),
            (1.401, 1.401, 1.4, 1.395, 1.376, 1.336, 1.311),
        ),
        Species(
            "nitrogen", 1.4, 28.0134e-3, ViscosityLaw(1.7842e-5, 0.5914, 68.37, -334.0, 70.0, 2000.0),
            0.717, CriticalPoint(126.19, 3.396e6, 0.0372),
            (1.4, 1.4, 1.4, 1.397, 1.381, 1.341, 1.313), "N2",
        ),
        Species(
            "oxygen", 1.395, 31.9988e-3, ViscosityLaw(2.0612e-5, 0.5821, 89.12, -716.3, 70.0, 2000.0),
            0.717, CriticalPoint(154.60, 5.046e6, 0.0222),
            (1.4, 1.399, 1.395, 1.382, 1.35, 1.313, 1.294), "O2",
        ),
        Species(
            "helium", 5.0 / 3.0, 4.002602e-3, ViscosityLaw(1.9969e-5, 0.7136, -9.56, 112.0, 20.0, 2000.0),
            2.0 / 3.0, CriticalPoint(10.47, 0.676e6, 0.0, light=True), (), "He",
        ),
        Species(
            "argon", 5.0 / 3.0, 39.948e-3, ViscosityLaw(2.2723e-5, 0.5760, 112.79, -1190.8, 85.0, 2000.0),
            2.0 / 3.0, CriticalPoint(150.69, 4.863e6, -0.0022), (), "Ar",
        ),
        Species(
            "carbon_dioxide", 1.289, 44.0095e-3,
            ViscosityLaw(1.5019e-5, 0.4254, 443.54, -10880.3, 195.0, 1500.0),
            0.759, CriticalPoint(304.13, 7.377e6, 0.2239),
            (1.398, 1.346, 1.289, 1.252, 1.213, 1.181, 1.166), "CO2",
        ),
        Species(
            "hydrogen", 1.405, 2.01588e-3, ViscosityLaw(8.9693e-6, 0.6910, 2.54, 111.6, 20.0, 2000.0),
            0.686, CriticalPoint(43.6, 2.05e6, 0.0, light=True),
            (1.583, 1.438, 1.405, 1.398, 1.396, 1.38, 1.347), "H2",
        ),
        Species(
            "neon", 5.0 / 3.0, 20.1797e-3, ViscosityLaw(3.1881e-5, 0.6201, 19.12, 0.0, 100.0, 600.0),
            2.0 / 3.0, CriticalPoint(45.5, 2.73e6, 0.0, light=True), (), "Ne",
        ),
        Species(
            "krypton", 5.0 / 3.0, 83.798e-3, ViscosityLaw(2.5534e-5, 0.6342, 111.14, 0.0, 200.0, 600.0),
            2.0 / 3.0, CriticalPoint(209.48, 5.525e6, -0.0009), (), "Kr",
        ),
        Species(
            "xenon", 5.0 / 3.0, 131.293e-3, ViscosityLaw(2.3292e-5, 0.7790, 59.65, 0.0, 200.0, 600.0),
            2.0 / 3.0, CriticalPoint(289.73, 5.842e6, 0.0036), (), "Xe",
        ),
        Species(
            "methane", 1.303, 16.0425e-3, ViscosityLaw(1.1249e-5, 0.6556, 56.60, 1713.1, 90.0, 1000.0),
            0.731, CriticalPoint(190.56, 4.599e6, 0.0114),
            (1.333, 1.33, 1.303, 1.257, 1.188, 1.129, 1.103), "CH4",
        ),
        Species(
            "propane", 1.127, 44.0956e-3, ViscosityLaw(8.2333e-6, 0.3488, 700.45, -19460.0, 150.0, 1000.0),
            0.741, CriticalPoint(369.89, 4.251e6, 0.1521),
            (1.252, 1.174, 1.127, 1.097, 1.069, 1.05, 1.042), "C3H8",
        ),
        Species(
            "ammonia", 1.305, 17.0305e-3,
            ViscosityLaw(1.0264e-5, 0.6623, 604.06, -47396.3, 195.0, 1000.0),
            0.852, CriticalPoint(405.56, 11.363e6, 0.2557),
            (1.333, 1.329, 1.305, 1.274, 1.226, 1.173, 1.143), "NH3",
        ),
        Species(
            "steam", 1.329, 18.0153e-3,
            ViscosityLaw(9.7315e-6, 0.6078, 1008.45, -69838.4, 273.0, 1500.0),
            0.981, CriticalPoint(647.10, 22.064e6, 0.3443),
            (1.333, 1.332, 1.329, 1.32, 1.297, 1.252, 1.214), "H2O",
        ),
        Species(
            "sulfur_hexafluoride", 1.093, 146.0554e-3,
            ViscosityLaw(1.5310e-5, 0.2824, 773.36, -27364.8, 220.0, 1000.0),
            0.780, CriticalPoint(318.72, 3.755e6, 0.21),
            (1.273, 1.137, 1.093, 1.077, 1.065, 1.059, 1.057), "SF6",
        ),
        Species(
            "r134a", 1.108, 102.0309e-3, ViscosityLaw(1.1921e-5, 0.8878, 30.95, -890.5, 170.0, 450.0),
            0.739, CriticalPoint(374.21, 4.059e6, 0.3268),
            (1.247, 1.144, 1.108, 1.088, 1.067, 1.047, 1.036), "R-134a",
        ),
    )
}  # fmt: skip

VISCOSITY_TEMPERATURE: Final = 300.0
"""K; reference temperature of every viscosity law, and that of the viscosity given for a custom gas."""

SUTHERLAND_CONSTANT: Final = 111.0
"""K; of air, taken for a custom gas too: one viscosity does not tell the constant."""

SUTHERLAND_RANGE: Final = (100.0, 1900.0)
"""K; range of such a law."""


def custom_species(
    gamma: float,
    molar_mass: float,
    viscosity: float | None = None,
    name: str = "custom",
    exponent: float | None = None,
    prandtl: float | None = None,
) -> Species:
    """A gas given by its numbers: gamma, molar mass in kg/mol, and its viscosity at 300 K in Pa s if known.

    The viscosity is proportional to a power of the temperature if an exponent is given; otherwise it follows
    Sutherland's law with the constant of air. A gamma written as 1.6667, 1.667 or 1.67 is 5/3.

    >>> custom_species(1.667, 4.0026e-3).heat_capacity_ratio == 5.0 / 3.0
    True
    """
    law = None
    if viscosity is not None:
        power, constant = (0.5, SUTHERLAND_CONSTANT) if exponent is None else (exponent, 0.0)
        law = ViscosityLaw(viscosity, power, constant, 0.0, *SUTHERLAND_RANGE)
    return Species(name, min(gamma, 5.0 / 3.0), molar_mass, law, prandtl)
