"""Quantities: conversion of every unit to SI and back, and the message for every kind of wrong text."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from breachflow import words
from breachflow.units import (
    LEAK_RATE_UNITS,
    THROUGHPUT_UNITS,
    UNITS,
    Dimension,
    UnitError,
    leak_rate,
    leak_rates,
    quantity_pattern,
    read,
    read_leak_rate,
    read_quantity,
    spellings,
    write_quantity,
)
from breachflow.units.spellings import SPELLINGS

# Values by definition of the units (SI brochure 2019, NIST SP 811 Appendix B), written out by hand.
IN_SI = [
    ("1 Pa", Dimension.PRESSURE, 1.0),
    ("1013.25 hPa", Dimension.PRESSURE, 101325.0),
    ("101.325 kPa", Dimension.PRESSURE, 101325.0),
    ("0.101325 MPa", Dimension.PRESSURE, 101325.0),
    ("1.01325 bar", Dimension.PRESSURE, 101325.0),
    ("1013.25 mbar", Dimension.PRESSURE, 101325.0),
    ("1 atm", Dimension.PRESSURE, 101325.0),
    ("1000 mPa", Dimension.PRESSURE, 1.0),
    ("760 torr", Dimension.PRESSURE, 101325.0),
    ("760000 mTorr", Dimension.PRESSURE, 101325.0),
    ("1 mmHg", Dimension.PRESSURE, 133.322387415),
    ("1 inHg", Dimension.PRESSURE, 3386.388640341),
    ("1 mmH2O", Dimension.PRESSURE, 9.80665),
    ("1 inH2O", Dimension.PRESSURE, 249.08891),
    ("1 psia", Dimension.PRESSURE, 6894.757293168362),  # 6894.75729316836133672...
    ("293.15 K", Dimension.TEMPERATURE, 293.15),
    ("20 degC", Dimension.TEMPERATURE, 293.15),
    ("-273.15 degC", Dimension.TEMPERATURE, 0.0),
    ("68 degF", Dimension.TEMPERATURE, 293.15),
    ("-459.67 degF", Dimension.TEMPERATURE, 0.0),
    ("2 m", Dimension.LENGTH, 2.0),
    ("2 dm", Dimension.LENGTH, 0.2),
    ("2 cm", Dimension.LENGTH, 0.02),
    ("2 mm", Dimension.LENGTH, 0.002),
    ("2 um", Dimension.LENGTH, 2e-6),
    ("1 in", Dimension.LENGTH, 0.0254),
    ("5 mil", Dimension.LENGTH, 0.000127),
    ("1 ft", Dimension.LENGTH, 0.3048),
    ("3 s", Dimension.TIME, 3.0),
    ("3 ms", Dimension.TIME, 0.003),
    ("3 us", Dimension.TIME, 3e-6),
    ("3 min", Dimension.TIME, 180.0),
    ("3 h", Dimension.TIME, 10800.0),
    ("1 day", Dimension.TIME, 86400.0),
    ("300 m/s", Dimension.VELOCITY, 300.0),
    ("0.3 km/s", Dimension.VELOCITY, 300.0),
    ("36 km/h", Dimension.VELOCITY, 10.0),
    ("100 ft/s", Dimension.VELOCITY, 30.48),
    ("28.97 kg/kmol", Dimension.MOLAR_MASS, 0.02897),
    ("28.97 g/mol", Dimension.MOLAR_MASS, 0.02897),
    ("0.02897 kg/mol", Dimension.MOLAR_MASS, 0.02897),
    ("1.8e-5 Pa s", Dimension.VISCOSITY, 1.8e-5),
    ("0.018 mPa s", Dimension.VISCOSITY, 1.8e-5),
    ("18 uPa s", Dimension.VISCOSITY, 1.8e-5),
    ("0.018 cP", Dimension.VISCOSITY, 1.8e-5),
    ("180 uP", Dimension.VISCOSITY, 1.8e-5),
    ("30 kg", Dimension.MASS, 30.0),
    ("1 g", Dimension.MASS, 0.001),
    ("1 lb", Dimension.MASS, 0.45359237),
    ("1 kg/s", Dimension.MASS_FLOW, 1.0),
    ("1 g/s", Dimension.MASS_FLOW, 0.001),
    ("1 mg/s", Dimension.MASS_FLOW, 1e-6),
    ("3600 kg/h", Dimension.MASS_FLOW, 1.0),
    ("3600 g/h", Dimension.MASS_FLOW, 0.001),
    ("3600 lb/h", Dimension.MASS_FLOW, 0.45359237),
    ("86400 kg/day", Dimension.MASS_FLOW, 1.0),
    ("86400 lb/day", Dimension.MASS_FLOW, 0.45359237),
    ("1 m3", Dimension.VOLUME, 1.0),
    ("1 cm3", Dimension.VOLUME, 1e-6),
    ("1 mL", Dimension.VOLUME, 1e-6),
    ("1 in3", Dimension.VOLUME, 1.6387064e-5),
    ("1 L", Dimension.VOLUME, 0.001),
    ("1 ft3", Dimension.VOLUME, 0.028316846592),
    ("1 m2", Dimension.AREA, 1.0),
    ("1 cm2", Dimension.AREA, 1e-4),
    ("1 mm2", Dimension.AREA, 1e-6),
    ("1 ft2", Dimension.AREA, 0.09290304),
    ("1 in2", Dimension.AREA, 6.4516e-4),
    ("1 Pa/s", Dimension.PRESSURE_RATE, 1.0),
    ("3600 Pa/h", Dimension.PRESSURE_RATE, 1.0),
    ("3.6 kPa/h", Dimension.PRESSURE_RATE, 1.0),
    ("36 mbar/h", Dimension.PRESSURE_RATE, 1.0),
    ("864 mbar/day", Dimension.PRESSURE_RATE, 1.0),
    ("1 mmHg/s", Dimension.PRESSURE_RATE, 133.322387415),
    ("60 mmHg/min", Dimension.PRESSURE_RATE, 133.322387415),
    ("3600 mmHg/h", Dimension.PRESSURE_RATE, 133.322387415),
    ("86400 mmHg/day", Dimension.PRESSURE_RATE, 133.322387415),
    ("60 psia/min", Dimension.PRESSURE_RATE, 6894.757293168362),
    ("3600 psia/h", Dimension.PRESSURE_RATE, 6894.757293168362),
    ("86400 psia/day", Dimension.PRESSURE_RATE, 6894.757293168362),
    ("1 m3/s", Dimension.VOLUME_FLOW, 1.0),
    ("3600 m3/h", Dimension.VOLUME_FLOW, 1.0),
    ("1 L/s", Dimension.VOLUME_FLOW, 0.001),
    ("60 L/min", Dimension.VOLUME_FLOW, 0.001),
    ("300 W/K", Dimension.HEAT_CONDUCTANCE, 300.0),
    ("0.3 kW/K", Dimension.HEAT_CONDUCTANCE, 300.0),
    ("1 m/s", Dimension.GROWTH_RATE, 1.0),
    ("3600 mm/h", Dimension.GROWTH_RATE, 0.001),
    ("86400 mm/day", Dimension.GROWTH_RATE, 0.001),
    ("3600 um/h", Dimension.GROWTH_RATE, 1e-6),
    ("86400 um/day", Dimension.GROWTH_RATE, 1e-6),
    ("998 kg/m3", Dimension.DENSITY, 998.0),
    ("0.998 g/cm3", Dimension.DENSITY, 998.0),
    ("0.998 kg/L", Dimension.DENSITY, 998.0),
    ("1 lb/ft3", Dimension.DENSITY, 16.018463373960138),  # 0.45359237/0.028316846592
    ("1 rad", Dimension.ANGLE, 1.0),
    ("180 deg", Dimension.ANGLE, 3.141592653589793),
]


@pytest.mark.parametrize(("text", "dimension", "value"), IN_SI)
def test_every_unit_is_correctly_rounded_to_si(text: str, dimension: Dimension, value: float) -> None:
    assert read_quantity(text, dimension) == value


def test_every_unit_has_a_reference_value() -> None:
    tested = {(dimension, text.split(maxsplit=1)[1]) for text, dimension, _ in IN_SI}
    assert tested == {(dimension, unit) for dimension, units in UNITS.items() for unit in units}


@pytest.mark.parametrize(
    "text", ["2 mm", "  2   mm ", "+2 mm", "2. mm", "2.0 mm", "2e0 mm", "0.2E+1 mm", "2\tmm"]
)
def test_spellings_of_one_number(text: str) -> None:
    assert read_quantity(text, Dimension.LENGTH) == 0.002


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'is empty; write e.g. "2 mm"'),
        ("2", "has no unit; a length is in m, dm, cm, mm, um, ft, in or mil"),
        ("2mm", 'needs a space between number and unit; write "2 mm"'),
        ("mm", 'does not begin with a number; write e.g. "2 mm"'),
        ("two mm", 'does not begin with a number; write e.g. "2 mm"'),
        ("2,5 mm", 'has a comma; write a decimal point: "2.5 mm"'),
        ("1,500 mm", 'has a comma; write "1500 mm", or "1.500 mm" if it is a decimal point'),
        ("0,500 mm", 'has a comma; write a decimal point: "0.500 mm"'),
        ("2 000 mm", 'is not one plain number, a space and a unit; write e.g. "2 mm"'),
        ("2_000 mm", 'is not one plain number, a space and a unit; write e.g. "2 mm"'),
        ("1,000,000 mm", 'has a comma; write "1000000 mm"'),
        ("9**9**9 m", "is not one plain number, a space and a unit"),
        ("1e9999 m", 'is not one plain number, a space and a unit; write e.g. "2 mm"'),
        ("1e999 m", "is too large to be represented"),
        ("1e-999 m", "is too close to zero to be represented"),
        ("nan m", "is not a finite number"),
        ("-inf m", "is not a finite number"),
        ("Infinity m", "is not a finite number"),
        ("0x10 m", "unknown unit"),
        ("\uff12 mm", 'does not begin with a number; write e.g. "2 mm"'),
        ("2 kPa", "is a pressure, not a length; a length is in m, dm, cm, mm, um, ft, in or mil"),
        ("2 MM", 'the unit "MM" is not accepted; write "2 mm"'),
        ("2 inches", 'write "2 in"'),
        ("2 µm", 'the unit "µm" is not accepted; write "2 um"'),
        ("5 nm", 'the unit "nm" is not accepted; write "0.005 um"'),
        ("5 yards", 'write "15 ft"'),
        ("2 Mm", 'write "2 mm" or "2000000 m"'),
        ("1 Millimetre", 'write "1 mm"'),
        ("2 furlong", 'unknown unit "furlong"; a length is in m, dm, cm, mm, um, ft, in or mil'),
        ("2 " + "m" * 90, "is too long for a number and a unit"),
    ],
)
def test_wrong_lengths(text: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        read_quantity(text, Dimension.LENGTH)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "dimension", "message"),
    [
        ("14.7 psi", Dimension.PRESSURE, "gauge or absolute? write psia"),
        ("14,7 psi", Dimension.PRESSURE, 'write a decimal point: "14.7 psi"'),
        ("14.7 psig", Dimension.PRESSURE, "gauge pressures are not accepted"),
        ("1 kpa", Dimension.PRESSURE, 'write "1 kPa"'),
        ("1 mpa", Dimension.PRESSURE, 'write "1 mPa" or "1 MPa"'),
        ("1 Torr", Dimension.PRESSURE, 'write "1 torr"'),
        ("1 mm Hg", Dimension.PRESSURE, 'write "1 mmHg"'),
        ("1 µbar", Dimension.PRESSURE, 'write "0.1 Pa"'),
        ("50 micron", Dimension.PRESSURE, 'write "50 mTorr"'),
        ("1 mmHgg", Dimension.PRESSURE, 'unknown unit "mmHgg"; a pressure is in Pa, mPa, hPa'),
        ("1 mmhg/H", Dimension.PRESSURE_RATE, 'write "1 mmHg/h"'),
        ("1 psi/h", Dimension.PRESSURE_RATE, 'write "1 psia/h"'),
        ("1 mmHg per h", Dimension.PRESSURE_RATE, "a pressure rate is in Pa/s, Pa/h"),
        ("1 mmHg", Dimension.PRESSURE_RATE, "is a pressure, not a pressure rate"),
        ("20 C", Dimension.TEMPERATURE, 'write "20 degC"'),
        ("68 \N{DEGREE FAHRENHEIT}", Dimension.TEMPERATURE, 'write "68 degF"'),
        ("20 k", Dimension.TEMPERATURE, 'write "20 K"'),
        ("3 days", Dimension.TIME, 'write "3 day"'),
        ("3 sec", Dimension.TIME, 'write "3 s"'),
        ("1.8e-5 Pa*s", Dimension.VISCOSITY, 'write "1.8e-5 Pa s"'),
        ("1.8e-5 Pa", Dimension.VISCOSITY, "is a pressure, not a viscosity"),
        ("20 l", Dimension.VOLUME, 'write "20 L"'),
        ("2 m\N{SUPERSCRIPT THREE}", Dimension.VOLUME, 'write "2 m3"'),
        ("2 gal", Dimension.VOLUME, "3.785411784 L (US)"),
    ],
)
def test_wrong_units(text: str, dimension: Dimension, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        read_quantity(text, dimension)
    assert message in str(caught.value)


# What each word means, from NIST SP 811 Appendix B, in SI units.
MEANT = [
    ("kgf/cm2", Dimension.PRESSURE, 98066.5),
    ("ftH2O", Dimension.PRESSURE, 2989.06692),
    ("cmHg", Dimension.PRESSURE, 1333.22387415),
    ("mbara", Dimension.PRESSURE, 100.0),
    ("thou", Dimension.LENGTH, 2.54e-5),
    ("Meters", Dimension.LENGTH, 1.0),
    ("mbar/min", Dimension.PRESSURE_RATE, 100.0 / 60.0),
    ("psi/s", Dimension.PRESSURE_RATE, 6894.757293168361),
    ("picometer", Dimension.LENGTH, 1e-12),
    ("weeks", Dimension.TIME, 604800.0),
    ("mph", Dimension.VELOCITY, 0.44704),
    ("mP", Dimension.VISCOSITY, 1e-4),
    ("lb/min", Dimension.MASS_FLOW, 0.45359237 / 60.0),
    ("cc", Dimension.VOLUME, 1e-6),
]


@pytest.mark.parametrize(("unit", "dimension", "value"), MEANT)
def test_what_a_message_says_to_write_is_the_same_quantity(
    unit: str, dimension: Dimension, value: float
) -> None:
    with pytest.raises(UnitError) as caught:
        read_quantity(f"3 {unit}", dimension)
    written = str(caught.value).split('write "')[1].split('"')[0]
    assert read_quantity(written, dimension) == pytest.approx(3.0 * value, rel=1e-15)


@pytest.mark.parametrize("dimension", Dimension)
def test_every_unit_in_other_letters_means_itself(dimension: Dimension) -> None:
    """A message may suggest a second unit, but never leaves out the one that differs in case alone."""
    for unit in UNITS[dimension]:
        assert f"2 {unit}" in spellings.meanings("2", unit.swapcase(), dimension)
    for text, quantity in SPELLINGS[dimension].items():
        assert read_quantity(quantity, dimension) > 0.0
        assert spellings.meanings("1", text, dimension) == [quantity]


# Gas constant 8.314462618 J/(mol K), helium 4.002602 g/mol, 1 mg/s, worked by hand:
# 1e-6 x 8.314462618 x 273.15 / 4.002602e-3 = 0.56740477 Pa m3/s; sccm / 0.00168875, and so on.
HELIUM_FLOW = [
    ("Pa m3/s", 0.56740477),
    ("mbar L/s", 5.6740477),
    ("torr L/s", 4.2558858),
    ("atm cm3/s", 5.5998497),
    ("sccm", 335.99098),
    ("slm", 0.33599098),
    ("kg/s", 1e-6),
    ("g/s", 1e-3),
    ("mg/s", 1.0),
    ("kg/h", 3.6e-3),
    ("g/h", 3.6),
    ("kg/day", 0.0864),
    ("lb/h", 0.0079366414),
    ("lb/day", 0.19047939),
]


@pytest.mark.parametrize(("unit", "value"), HELIUM_FLOW)
def test_leak_rates(unit: str, value: float) -> None:
    """To the eight digits worked by hand."""
    assert leak_rate(1e-6, unit, 4.002602e-3) == pytest.approx(value, rel=1e-7)


def test_a_leak_rate_refers_to_its_temperature() -> None:
    assert [unit for unit, _ in HELIUM_FLOW[6:] + HELIUM_FLOW[:6]] == list(LEAK_RATE_UNITS)
    at_zero, at_twenty = (leak_rate(1e-6, "sccm", 4.002602e-3, kelvins) for kelvins in (273.15, 293.15))
    assert at_twenty / at_zero == pytest.approx(293.15 / 273.15, rel=1e-14)


@pytest.mark.parametrize(("unit", "value"), HELIUM_FLOW)
def test_leak_rates_are_read(unit: str, value: float) -> None:
    text = f"{value} {unit}" + (" at 32 degF" if unit in THROUGHPUT_UNITS else "")
    assert read_leak_rate(text, 4.002602e-3) == pytest.approx(1e-6, rel=1e-7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 sccm", '"sccm" refers to a temperature; write e.g. "sccm at 0 degC"'),
        ("5 sccm at 0 K", "above 0 K"),
        ("5 sccm at 0 C", 'write "0 degC"'),
        ("5 sccm at 0 degC", 'needs the name of the gas: "sccm" counts molecules'),
        ("5 kg/d", 'write "5 kg/day"'),
        ("5 kPa", "is a pressure, not a mass flow"),
    ],
)
def test_wrong_leak_rates(text: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        read_leak_rate(text, None)
    assert message in str(caught.value)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(list(Dimension)))
@example(101325.0, Dimension.PRESSURE)
@example(5e-324, Dimension.LENGTH)
@example(-0.0, Dimension.TIME)
def test_a_written_quantity_reads_back_to_the_same_float(value: float, dimension: Dimension) -> None:
    assert read_quantity(write_quantity(value, dimension), dimension) == value


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (0.002, Dimension.LENGTH, "2 mm"),
        (0.0, Dimension.LENGTH, "0 mm"),
        (2e-6, Dimension.LENGTH, "2 um"),
        (-1.5, Dimension.LENGTH, "-1.5 m"),
        (101325.0, Dimension.PRESSURE, "101.325 kPa"),
        (20.0, Dimension.PRESSURE, "20 Pa"),
        (293.15, Dimension.TEMPERATURE, "293.15 K"),
        (7200.0, Dimension.TIME, "7200 s"),
        (1.8e-05, Dimension.VISCOSITY, "0.000018 Pa s"),
        (1e300, Dimension.LENGTH, "1e+300 m"),
    ],
)
def test_written_quantities(value: float, dimension: Dimension, text: str) -> None:
    assert write_quantity(value, dimension) == text


NEARLY_LENGTHS = re.compile(r"[ +-]?[0-9.]{1,4}(e-?[0-9]{1,2})? ?(m|mm|kPa|in|x)? ?")


@given(st.from_regex(NEARLY_LENGTHS, fullmatch=True))
def test_the_schema_pattern_accepts_what_is_read(text: str) -> None:
    try:
        read_quantity(text, Dimension.LENGTH)
        is_read = True
    except UnitError:
        is_read = False
    assert bool(re.search(quantity_pattern(Dimension.LENGTH), text)) == is_read


@given(st.text(max_size=90))
@example("1" * 80)
@example(".")
@example("e5 m")
def test_any_text_gives_a_finite_number_or_a_unit_error(text: str) -> None:
    for dimension in Dimension:
        try:
            value = read_quantity(text, dimension)
        except UnitError:
            continue
        assert abs(value) < float("inf")


def test_worked_examples() -> None:
    for module in (leak_rates, read, spellings, words):
        outcome = doctest.testmod(module)
        assert outcome.attempted > 0
        assert outcome.failed == 0
