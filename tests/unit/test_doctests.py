"""Every formula's published worked example, as its docstring states it."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import breachflow.leak
import breachflow.theory

MODULES = [
    module.name
    for package in (breachflow.theory, breachflow.leak)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if (not module.ispkg and ".fitted." not in module.name) or module.name.endswith(".round_hole")
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0
