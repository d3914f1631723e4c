"""The registry of the quantities of a summary: it is complete, and the guide lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.results.quantities import (
    EXPECTED,
    QUANTITIES,
    UNCERTAINTY,
    PrintingPlace,
    SummaryQuantity,
    UnitScaling,
    printing_rank,
    table_columns,
)
from breachflow.runs.measure.flow_rate import FlowRate
from breachflow.runs.summary.values import VALUES

GUIDE = (Path(__file__).parents[2] / "docs" / "user_guide.md").read_text(encoding="utf-8")


def test_every_quantity_has_a_value() -> None:
    assert {quantity.name for quantity in QUANTITIES} - {EXPECTED} == VALUES.keys()


def test_names_and_ranks_are_unique() -> None:
    ranks = [quantity.column for quantity in QUANTITIES if quantity.column]
    assert len(ranks) == len(set(ranks))
    assert len(QUANTITIES) == len({quantity.name for quantity in QUANTITIES})
    assert len(table_columns(1, max(ranks))) == len(ranks)


def test_an_uncertainty_goes_with_its_quantity() -> None:
    """An uncertainty has unit, place and scaling of its quantity, and is a column if the quantity is one."""
    by_name = {quantity.name: quantity for quantity in QUANTITIES}
    pairs = [
        (quantity, by_name[quantity.name.removesuffix(UNCERTAINTY)])
        for quantity in QUANTITIES
        if quantity.name.endswith(UNCERTAINTY)
    ]
    assert len(pairs) == 3
    for uncertainty, quantity in pairs:
        assert uncertainty._replace(name="", meaning="", column=0, is_main=False, in_history=False) == (
            quantity._replace(name="", meaning="", column=0, is_main=False, in_history=False)
        )
        assert bool(uncertainty.column) == bool(quantity.column)


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_the_guide_lists_a_quantity(quantity: SummaryQuantity) -> None:
    """The guide has the full name of a quantity, or its ending in a row with the first part."""
    first = quantity.name
    endings = [first[place:] for place in range(len(first)) if first[place] == "_"]
    abbreviated = [
        ending
        for ending in endings
        if f"`{first.removesuffix(ending)}`" in GUIDE and f"`...{ending}`" in GUIDE
    ]
    assert f"`{first}`" in GUIDE or abbreviated


def test_what_the_history_records_is_of_the_flow_rate() -> None:
    names = {quantity.name for quantity in QUANTITIES if quantity.in_history}
    assert names == {"mass_flow", "inlet_mass_flow", "discharge_coefficient"}
    assert names < set(FlowRate._fields)


def test_only_fields_of_verification_transients_and_lengths_are_not_scaled() -> None:
    kept_out = {quantity.name for quantity in QUANTITIES if quantity.scaling is UnitScaling.NONE}
    assert {"mach_disk_distance", "time", "density_error"} < kept_out
    assert not {quantity.name for quantity in QUANTITIES if quantity.column} & kept_out


def test_printing_order_is_by_place() -> None:
    names = sorted((quantity.name for quantity in QUANTITIES), key=printing_rank)
    places = {quantity.name: quantity.place for quantity in QUANTITIES}
    assert [places[name] for name in names] == sorted(places.values())
    assert names[0] == "mass_flow"
    assert names[-1] == "wall_time"
    assert printing_rank("of another version")[0] is PrintingPlace.MIDDLE
