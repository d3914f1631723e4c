"""Every formula's published worked example, as its docstring states it."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import breachflow.analytic

MODULES = [
    f"breachflow.analytic.{module.name}" for module in pkgutil.iter_modules(breachflow.analytic.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0
