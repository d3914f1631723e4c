"""The registry of the quantities of a summary: what each means, how it is printed, scaled and tabulated.

A new quantity is one entry here and one function of its value in `runs/summary/values.py`. The summary, its
text, the scaling of a sweep's answers and the columns of its table follow from the entry.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, IntEnum
from math import nan
from typing import Final, NamedTuple

from breachflow.results.data import LAW, Quantity, Summary
from breachflow.units import STANDARD_TEMPERATURE


class PrintingPlace(IntEnum):
    """Place at which a quantity is printed; within a place, in the order of `QUANTITIES`."""

    FIRST = 0
    MIDDLE = 1
    """Also the place of quantities without an entry, such as those of other versions."""
    DETAIL = 2
    """Numbers behind the answer: of the flow and of the laws. From here on `--all` is asked for."""
    LAST = 3
    """Numbers of the solver."""


class UnitScaling(Enum):
    """Scaling of a value from the solved case to a case of the same flow in other units."""

    SAME = "same"
    """A number without dimensions that the flow alone decides, a count or a flag."""
    COMPUTED = "computed"
    """Computed anew from the case and from its scaled flow rates."""
    NONE = "none"
    """Known only for the solved case; other cases have no value."""


class SummaryQuantity(NamedTuple):
    """Properties of a quantity other than its value. `NAME_uncertainty` is printed beside `NAME`."""

    name: str
    unit: str
    """SI unit; "1" of a pure number, empty of a flag or a word."""
    meaning: str
    """Meaning in a result, unless the value brings a text of its own."""
    scaling: UnitScaling
    label: str = ""
    """Label in place of the name; empty: the name itself."""
    place: PrintingPlace = PrintingPlace.MIDDLE
    is_main: bool = False
    """Shown where there is room for a few numbers."""
    is_explained: bool = False
    """Printed with its meaning, which names a formula or says what a word means."""
    per_length: bool = False
    """Stated per m of a slit without length."""
    column: int = 0
    """Rank among the columns of a sweep's table; 0: no column."""
    missing: float | int | bool | str = nan
    """Value in its column for a point without an answer."""
    in_history: bool = False
    """A column of the history too: a field of the flow rate."""


EXPECTED: Final = "expected_discharge_coefficient"
"""The best estimate of the closed forms; the coefficients of the laws follow it by name."""

UNCERTAINTY: Final = "_uncertainty"
"""Suffix of the name of a quantity's uncertainty."""

_SAME, _COMPUTED, _NONE = UnitScaling.SAME, UnitScaling.COMPUTED, UnitScaling.NONE
_FIRST, _DETAIL, _LAST = PrintingPlace.FIRST, PrintingPlace.DETAIL, PrintingPlace.LAST

QUANTITIES: Final = (
    SummaryQuantity(
        "mass_flow", "kg/s", "mass flow through the hole", _COMPUTED, place=_FIRST, is_main=True,
        per_length=True, column=20, in_history=True,
    ),
    SummaryQuantity(
        "mass_flow_uncertainty", "kg/s", "of the mass flow: meshes, and a gas that is not perfect",
        _COMPUTED, place=_FIRST, per_length=True, column=21,
    ),
    SummaryQuantity(
        "throughput", "Pa m3/s", "pressure times volume flow at the cabin's temperature", _COMPUTED,
        place=_DETAIL, per_length=True,
    ),
    SummaryQuantity(
        "standard_throughput", "Pa m3/s", f"pressure times volume flow at {STANDARD_TEMPERATURE:g} K",
        _COMPUTED, place=_DETAIL, per_length=True,
    ),
    SummaryQuantity(
        "discharge_coefficient", "1", "mass flow over the ideal isentropic mass flow", _SAME, place=_FIRST,
        is_main=True, column=10, in_history=True,
    ),
    SummaryQuantity(
        "discharge_coefficient_uncertainty", "1",
        "by the meshes, by time if unsteady, and by the numerical flux; nan if not estimated", _SAME,
        place=_FIRST, column=11,
    ),
    SummaryQuantity(
        EXPECTED, "1", "best estimate of the closed forms", _COMPUTED, place=_FIRST, is_main=True,
        is_explained=True,
    ),
    SummaryQuantity(
        "ideal_mass_flow", "kg/s", "isentropic flow, full area: an upper bound", _COMPUTED, place=_DETAIL,
        is_explained=True, per_length=True, column=30,
    ),
    SummaryQuantity(
        "thrust", "N", "force of the escaping gas on the hull", _COMPUTED, place=_FIRST, is_main=True,
        per_length=True, column=31,
    ),
    *(
        SummaryQuantity(
            f"thrust_{axis}", "N", f"component along {axis} of the mesh of the force on the hull", _COMPUTED,
            place=_FIRST,
        )
        for axis in "xyz"
    ),
    SummaryQuantity(
        "thrust_angle", "deg", "angle between that force and the hole's axis", _COMPUTED, place=_FIRST,
    ),
    *(
        SummaryQuantity(
            f"torque_{axis}", "N m", f"moment along {axis} of that force about the center of mass", _NONE,
            place=_FIRST,
        )
        for axis in "xyz"
    ),
    *(
        SummaryQuantity(
            f"angular_impulse_{axis}", "N m s/day", f"moment along {axis} over a day at this rate", _NONE,
            place=_FIRST,
        )
        for axis in "xyz"
    ),
    SummaryQuantity(
        "thrust_coefficient", "1", "thrust over cabin pressure times hole area", _COMPUTED, place=_DETAIL,
        column=32,
    ),
    *(
        SummaryQuantity(name, "m", f"{meaning} of the outline", _COMPUTED, place=_DETAIL, is_explained=True)
        for name, meaning in (
            ("equal_area_diameter", "diameter of the circle with the area"),
            ("hydraulic_diameter", "four times the area over the perimeter"),
            ("perimeter", "length of the edges"),
        )
    ),
    SummaryQuantity(
        "flow_model", "", "equations that were solved: inviscid or laminar", _COMPUTED, place=_FIRST,
        is_explained=True, column=54, missing="",
    ),
    SummaryQuantity(
        "regime", "", "flow regime by the Knudsen number", _COMPUTED, place=_FIRST, is_main=True,
        is_explained=True, column=52, missing="",
    ),
    SummaryQuantity(
        "caution", "", "where the answer or the inviscid model is in doubt; empty if not", _COMPUTED,
        place=_FIRST, is_main=True, column=60, missing="",
    ),
    SummaryQuantity(
        "reynolds", "1", "mean mass flux times diameter over viscosity at the throat", _COMPUTED,
        label="Reynolds number", place=_DETAIL, column=50,
    ),
    SummaryQuantity(
        "knudsen", "1", "mean free path at the throat over diameter", _COMPUTED, label="Knudsen number",
        place=_DETAIL, column=51,
    ),
    SummaryQuantity(
        "rarefaction_parameter", "1",
        "cabin pressure times radius (width of a slit) over viscosity times sqrt(2 R T0)", _COMPUTED,
        label="rarefaction delta", place=_DETAIL, column=55,
    ),
    SummaryQuantity(
        "wall_friction", "N", "shear of the gas on the walls, downstream", _COMPUTED, place=_DETAIL,
        per_length=True,
    ),
    SummaryQuantity(
        "wall_heat", "W", "heat from the walls to the gas", _COMPUTED, place=_DETAIL, per_length=True
    ),
    SummaryQuantity(
        "pressure_ratio", "1", "outside over cabin pressure", _COMPUTED, label="outside / cabin pressure",
        place=_DETAIL,
    ),
    SummaryQuantity("density_error", "1", "mean error of density over its mean, finest mesh", _NONE),
    SummaryQuantity("density_order", "1", "order at which the error of density falls", _NONE),
    SummaryQuantity(
        "velocity_error", "1",
        "mean error of velocity over the mean of speed plus speed of sound, finest mesh", _NONE,
    ),
    SummaryQuantity("velocity_order", "1", "order at which the error of velocity falls", _NONE),
    SummaryQuantity("pressure_error", "1", "mean error of pressure over its mean, finest mesh", _NONE),
    SummaryQuantity("pressure_order", "1", "order at which the error of pressure falls", _NONE),
    SummaryQuantity("mass_change", "1", "relative change of all mass since the start", _NONE),
    SummaryQuantity("energy_change", "1", "relative change of all energy since the start", _NONE),
    SummaryQuantity("time", "s", "physical time at the end of the run", _NONE, label="time reached"),
    SummaryQuantity(
        "floored_cells", "1", "most cells held at the background at once", _NONE,
        label="cells at the background", place=_LAST,
    ),
    SummaryQuantity("mach_disk_distance", "m", "from the hole to the plume's normal shock", _NONE),
    SummaryQuantity("mach_disk_distance_uncertainty", "m", "two cells along the axis there", _NONE),
    SummaryQuantity(
        "converged", "", "residual down, mass flow settled, mass balance closed", _SAME,
        column=53, missing=False,
    ),
    SummaryQuantity(
        "unsteady", "", "the flow has no steady state on this mesh: its numbers are means in time", _SAME,
        column=56, missing=False,
    ),
    SummaryQuantity(
        "discharge_coefficient_spread", "1", "standard deviation in time of the discharge coefficient", _SAME,
        label="spread in time",
    ),
    SummaryQuantity(
        "discharge_coefficient_mean_error", "1", "error (95 %) of its mean, by means of batches", _SAME,
        label="error of the mean",
    ),
    SummaryQuantity("periods", "1", "periods over which the mean is taken", _SAME),
    SummaryQuantity("longest_period", "s", "the longest of these periods", _NONE),
    SummaryQuantity("averaging_time", "s", "time over which the mean is taken", _NONE),
    SummaryQuantity(
        "stopped", "", "why the run was stopped on request, if it was", _COMPUTED
    ),
    SummaryQuantity(
        "inlet_mass_flow", "kg/s", "mass flow out of the cabin", _COMPUTED, place=_LAST, per_length=True,
        in_history=True,
    ),
    SummaryQuantity(
        "mass_imbalance", "1", "|inlet - hole| over the mass flow", _COMPUTED, place=_LAST, column=62
    ),
    SummaryQuantity(
        "mass_flow_fluctuation", "1", "relative, over the last iterations", _SAME, place=_LAST, column=63
    ),
    SummaryQuantity(
        "residual_drop", "1", "residual over its first value on the last mesh", _SAME, label="residual",
        place=_LAST, column=61,
    ),
    SummaryQuantity(
        "plume_residual_drop", "1", "the same, with the plume that cannot act on the hole, and nothing held",
        _SAME, label="residual, with the plume", place=_LAST,
    ),
    SummaryQuantity(
        "flux_difference", "1", "coefficient with another numerical flux over that, less 1", _SAME,
        label="effect of the numerical flux", place=_DETAIL, is_explained=True,
    ),
    SummaryQuantity(
        "held", "", "part of the flow that was held while the rest settled, as it moves without end", _SAME,
        place=_LAST,
    ),
    SummaryQuantity(
        "held_change", "1", "relative range of the coefficients to which the rest settled", _SAME,
        label="change by what was held", place=_LAST,
    ),
    SummaryQuantity(
        "discharge_coefficient_extrapolated", "1",
        "estimate on an infinitely fine mesh; nan if not estimated", _SAME,
        label="extrapolated coefficient", place=_LAST, column=12,
    ),
    SummaryQuantity(
        "observed_order", "1", "order seen on the last three meshes", _SAME,
        label="observed order of accuracy", place=_LAST, column=13,
    ),
    SummaryQuantity(
        "iterations", "1", "iterations or time steps in total", _SAME, place=_LAST, column=64, missing=0
    ),
    SummaryQuantity("cells", "1", "cells of the finest mesh", _SAME, place=_LAST, column=65, missing=0),
    SummaryQuantity(
        "wall_time", "s", "time that the run took", _SAME, label="computing time", place=_LAST
    ),
)  # fmt: skip
"""All quantities, in the order in which they are printed within their places."""

BY_NAME: Final = {quantity.name: quantity for quantity in QUANTITIES}

_LAW = SummaryQuantity("", "1", "", _COMPUTED, place=_DETAIL, is_explained=True)
_UNKNOWN = SummaryQuantity("", "", "", _NONE)


def quantity_named(name: str) -> SummaryQuantity:
    """The entry of a name.

    An uncertainty without an entry has that of its quantity, the coefficient of a law that of all laws, and
    any other name an empty entry.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    shared = BY_NAME.get(name.removesuffix(UNCERTAINTY), _LAW if name.startswith(LAW) else _UNKNOWN)
    return shared._replace(name=name)


def main_numbers(summary: Summary) -> dict[str, Quantity]:
    """The numbers among the main quantities, their uncertainties, and 1 where the run converged, else 0."""
    names = [name for one in QUANTITIES if one.is_main for name in (one.name, one.name + UNCERTAINTY)]
    chosen = {name: summary[name] for name in (*names, "converged") if name in summary}
    return {
        name: replace(quantity, value=float(quantity.value))
        for name, quantity in chosen.items()
        if not isinstance(quantity.value, str)
    }


def label_of(name: str) -> str:
    """Common name of a quantity.

    >>> label_of("wall_time"), label_of("mass_flow"), label_of("law_perry")
    ('computing time', 'mass flow', 'perry')
    """
    return quantity_named(name).label or name.removeprefix(LAW).replace("_", " ")


def printing_rank(name: str) -> tuple[int, int]:
    """Key by which names are sorted for printing: the coefficients of laws follow the best estimate.

    >>> sorted(["wall_time", "shape", "law_perry", "thrust", "mass_flow"], key=printing_rank)
    ['mass_flow', 'thrust', 'shape', 'law_perry', 'wall_time']
    """
    known = EXPECTED if name.startswith(LAW) else name.removesuffix(UNCERTAINTY)
    order = list(BY_NAME).index(known) if known in BY_NAME else len(QUANTITIES)
    return quantity_named(known).place, order


def table_columns(first: int, last: int) -> list[SummaryQuantity]:
    """The quantities that are columns of a table, with ranks from `first` to `last`, in that order."""
    chosen = [quantity for quantity in QUANTITIES if first <= quantity.column <= last]
    return sorted(chosen, key=lambda quantity: quantity.column)
