"""The copy of the package that tests of recipes edit: the copy is run, and the original is unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from breachflow import constants
from edited_package import EditedPackage

CONSTANTS = "solver/breachflow/constants.py"


@pytest.fixture
def edited_package(tmp_path: Path) -> Iterator[EditedPackage]:
    """A copy for each test."""
    package = EditedPackage(tmp_path / "edited")
    yield package
    package.close()


def seconds_per_day() -> float:
    from breachflow.constants import SECONDS_PER_DAY

    return SECONDS_PER_DAY


def kernels() -> str:
    """The folder in which a kernel looks for its machine code."""
    from breachflow.numerics.space.residual import states

    return str(states.stats.cache_path)  # type: ignore[attr-defined]


def write_to_both_streams(text: str) -> None:
    """Print a text, with the process's own streams, and raise an error."""
    import os
    import sys

    print(text, flush=True)
    os.write(2, b"and to the other\n")
    sys.stdin.read()
    raise ValueError("the end")


def test_the_copy_is_what_runs(edited_package: EditedPackage) -> None:
    edited_package.replace(CONSTANTS, "SECONDS_PER_DAY: Final = 86400.0", "SECONDS_PER_DAY: Final = 1.0")
    assert edited_package.call(seconds_per_day) == 1.0
    assert edited_package.edited == {CONSTANTS}
    assert constants.SECONDS_PER_DAY == 86400.0
    edited_package.replace(CONSTANTS, "SECONDS_PER_DAY: Final = 1.0", "SECONDS_PER_DAY: Final = 2.0")
    assert edited_package.call(seconds_per_day) == 2.0


def test_an_error_in_the_copy_fails_with_all_that_was_printed(edited_package: EditedPackage) -> None:
    with pytest.raises(AssertionError, match=r"(?s)^one\nand to the other\n.*ValueError: the end"):
        edited_package.call(write_to_both_streams, "one")
    with pytest.raises(AssertionError, match=r"^breachflow: error: "):
        edited_package.breachflow("check", "none.toml")
    assert edited_package.breachflow("check", "none.toml", status=3).count("\n") == 1


@pytest.mark.slow
def test_tests_read_the_documents_of_the_copy(edited_package: EditedPackage) -> None:
    choice = ("tests/cases/test_documents.py", "-k", "gases")
    edited_package.tests(*choice)
    edited_package.replace("docs/user_guide.md", "| `carbon_dioxide` |", "| `carbon dioxide` |")
    with pytest.raises(AssertionError, match="1 failed"):
        edited_package.tests(*choice)


def test_machine_code_of_the_original_serves_as_long_as_no_kernel_is_edited(
    edited_package: EditedPackage,
) -> None:
    original = edited_package.call(kernels)
    edited_package.append(CONSTANTS, "NEW = 1\n")
    assert edited_package.call(kernels) == original
    edited_package.append("solver/breachflow/physics/gas.py", "NEW = 1\n")
    assert str(edited_package.folder) in edited_package.call(kernels, plain=False)


def test_an_edit_that_finds_no_place(edited_package: EditedPackage) -> None:
    with pytest.raises(AssertionError, match=r"has 0 times 'no such text'"):
        edited_package.replace(CONSTANTS, "no such text", "")
    with pytest.raises(AssertionError, match="belongs to the original"):
        edited_package.append("cases/new.toml", "")
