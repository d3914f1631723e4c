"""How gas leaves a pressurized hull through a breach: mass flow, discharge coefficient, thrust.

>>> import breachflow
>>> case = breachflow.load_case("case.toml")        # doctest: +SKIP
>>> result = breachflow.run(case)                   # doctest: +SKIP
>>> result.discharge_coefficient                    # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from breachflow.case import load_case
    from breachflow.leak.fitted.law_file import read_law
    from breachflow.results import read_result
    from breachflow.results.table import read_table
    from breachflow.runs.run import run
    from breachflow.sweeps.driver import sweep

__version__ = "0.1.0"

__all__ = ["__version__", "load_case", "read_law", "read_result", "read_table", "run", "sweep"]

_HOMES = {
    "run": "breachflow.runs.run",
    "sweep": "breachflow.sweeps.driver",
    "load_case": "breachflow.case",
    "read_law": "breachflow.leak.fitted.law_file",
    "read_result": "breachflow.results",
    "read_table": "breachflow.results.table",
}


def __getattr__(name: str) -> Any:
    """Import the public functions on first use: `import breachflow` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'breachflow' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
