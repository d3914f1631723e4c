"""Rules that every module keeps, as `tools/house.py` measures them; a new module is measured too."""

from __future__ import annotations

import pytest

import house

ONE_NAME = {"Decorator", "Floats", "Place", "Source"}
"""Names that are still used for two things."""

MOST_MODULES = 12
FULL_FOLDERS: dict[str, str] = {}
"""Folders that hold more modules, and why: one file for each thing of a kind, found by its name."""


def listed(places: list[str]) -> str:
    return "\n  ".join(["", *places])


def test_one_name_is_one_thing():
    """A class and a type alias are found by their name alone."""
    found = house.names_defined_twice()
    fresh = [f"{name}: {', '.join(places)}" for name, places in found.items() if name not in ONE_NAME]
    assert not fresh, f"rename one of each, or import the alias from where it stands:{listed(fresh)}"


def test_no_folder_is_full():
    full = [
        f"{folder}: {count}"
        for folder, count in house.modules_of_folders().items()
        if count > MOST_MODULES and folder not in FULL_FOLDERS
    ]
    assert not full, (
        f"more than {MOST_MODULES} modules; divide the folder by what its modules do:{listed(full)}"
    )


@pytest.mark.parametrize("kinds", [("import",)], ids=" ".join)
def test_no_modules_import_each_other(kinds):
    found = [" <-> ".join(circle) for circle in house.circles(kinds)]
    assert not found, f"move what they share to a module below:{listed(found)}"
