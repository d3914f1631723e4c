"""Where case, mesh, physics and numerics meet: steady and transient runs, monitors, the summary.

The package is also the function that runs a case: `breachflow.run(case)`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    """Lets `breachflow.run` be both the package and the call that runs a case, in either order of import."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        from breachflow.run.run import run

        return run(*arguments, **options)


sys.modules[__name__].__class__ = _CallableModule
