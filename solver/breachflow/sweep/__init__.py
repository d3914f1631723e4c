"""A case over lists and ranges of its values: planned, resumable, each flow solved once.

The package is also the function that does it: `breachflow.sweep(case)`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    """Lets `breachflow.sweep` be both the package and the call, in either order of import."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        from breachflow.sweep.sweep import sweep

        return sweep(*arguments, **options)


sys.modules[__name__].__class__ = _CallableModule
