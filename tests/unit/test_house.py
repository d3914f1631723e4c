"""Rules that every module keeps, as `tools/house.py` measures them; a new module is measured too."""

from __future__ import annotations

import pytest

import house

MOST_MODULES = 12
FULL_FOLDERS = {"cli/commands": "one file for each command: the folder is the list of commands"}
"""Folders that hold more modules, and why."""

MOST_ARGUMENTS, USUAL_ARGUMENTS = 8, 6
"""Of a compiled function; of nine in ten."""


def broken(rule: str, places: list[str], answer: str) -> str:
    """A message that says what to do."""
    return "\n  ".join([f"{rule}: {answer}", *places])


def test_one_name_is_one_thing():
    """A class and a type alias are found by their name alone."""
    found = house.names_defined_twice()
    places = [f"{name}: {', '.join(where)}" for name, where in found.items()]
    assert not places, broken("one name, two things", places, "rename one, or import the alias from its home")


def test_no_folder_is_full():
    places = [
        f"{folder}: {count}"
        for folder, count in house.modules_of_folders().items()
        if count > MOST_MODULES and folder not in FULL_FOLDERS
    ]
    assert not places, broken(
        f"more than {MOST_MODULES} modules", places, "divide the folder by what they do"
    )


def test_no_modules_import_each_other():
    """Nor inside functions. Imports under TYPE_CHECKING do not count: nothing of them is left at run time."""
    places = [" <-> ".join(circle) for circle in house.circles(("import", "lazy"))]
    assert not places, broken("circles of imports", places, "move what they share to a module below them")


def test_everything_public_has_a_docstring():
    places = house.undocumented()
    assert not places, broken("no docstring", places, "say what it is or gives, with units")


def test_arrays_have_shapes():
    """Of a function's docstring, or of the types of `arrays.py` that it returns."""
    places = house.without_shape()
    answer = "state it in the docstring, such as (n_cells, nvar), or return a type of arrays.py that does"
    assert not places, broken("returns an array of unknown shape", places, answer)


def test_errors_are_announced():
    places = house.without_raises()
    assert not places, broken("raises an error unannounced", places, 'add "Raises NAME where ..."')


def test_compiled_functions_have_few_arguments():
    answer = "put what always travels together into one record"
    assert not house.wide_kernels(MOST_ARGUMENTS), broken(
        "too wide", house.wide_kernels(MOST_ARGUMENTS), answer
    )
    counts = [len(found.arguments) for found in house.kernels()]
    usual = house.wide_kernels(USUAL_ARGUMENTS)
    assert house.percentile(counts, 0.9) <= USUAL_ARGUMENTS, broken("one in ten is wide", usual, answer)


@pytest.mark.parametrize("package", ["numerics", "physics"])
def test_types_of_kernels_are_named(package):
    places = house.any_in_signatures(package)
    assert not places, broken("Any in a signature", places, "name the type, or one of arrays.py")


def test_adding_one_takes_few_files():
    """Files of code that the tests of CONTRIBUTING's recipes edit: one, where the kind of thing allows it."""
    counts = {name: len(house.code_files(files)) for name, files in house.recipes().items()}
    assert counts == {
        "boundary": 2,  # its table in a case, its flux
        "case key": 1,
        "column": 1,
        "command": 1,
        "exact solution": 3,  # formula, table in a case, entry for runs
        "figure": 1,
        "flux": 1,
        "gas": 1,
        "law": 3,  # formula, flow, entry
        "limiter": 1,
        "picture": 1,
        "summary quantity": 2,  # entry, value
        "template": 1,
    }


def test_the_table_measures_something():
    """The rules above would hold for an empty package too."""
    assert len(house.functions()) > 1000
    assert len(house.kernels()) > 50
    assert len(house.returning_arrays()) > 40
    assert len(house.raising()) > 60
    assert len(house.imports()) > 500
    assert len(house.recipes()) > 10
