"""The copy of the package that tests of recipes edit: the copy is run, and the original is unchanged."""

from __future__ import annotations

import pytest

from breachflow.constants import SECONDS_PER_DAY

CONSTANTS = "solver/breachflow/constants.py"


def test_the_copy_is_what_runs(edited_package):
    edited_package.replace(CONSTANTS, "SECONDS_PER_DAY: Final = 86400.0", "SECONDS_PER_DAY: Final = 1.0")
    code = "from breachflow.constants import SECONDS_PER_DAY; print(SECONDS_PER_DAY)"
    assert edited_package.python(code) == "1.0\n"
    assert edited_package.edited == {CONSTANTS}
    assert SECONDS_PER_DAY == 86400.0


def test_tests_read_the_documents_of_the_copy(edited_package):
    choice = ("tests/cases/test_documents.py", "-k", "gases")
    edited_package.tests(*choice)
    edited_package.replace("docs/user_guide.md", '`"carbon_dioxide"`', "`carbon dioxide`")
    with pytest.raises(AssertionError, match="1 failed"):
        edited_package.tests(*choice)


def test_machine_code_of_the_original_serves_as_long_as_no_kernel_is_edited(edited_package):
    cold = "from breachflow.compiled import cache_folder; print(cache_folder())"
    original = edited_package.python(cold)
    edited_package.append(CONSTANTS, "NEW = 1\n")
    assert edited_package.python(cold) == original
    edited_package.append("solver/breachflow/physics/gas.py", "NEW = 1\n")
    assert str(edited_package.folder) in edited_package.python(cold)


def test_an_edit_that_finds_no_place(edited_package):
    with pytest.raises(AssertionError, match=r"has 0 times 'no such text'"):
        edited_package.replace(CONSTANTS, "no such text", "")
    with pytest.raises(AssertionError, match="belongs to the original"):
        edited_package.append("cases/new.toml", "")
