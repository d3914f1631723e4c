"""Names of the modules in a folder of the package. Adding one takes one file."""

from __future__ import annotations

from collections.abc import Iterable
from pkgutil import iter_modules


def module_names(folders: Iterable[str]) -> tuple[str, ...]:
    """Names of the modules in a package's folders (its `__path__`), sorted; none of them is imported."""
    return tuple(sorted(module.name for module in iter_modules(folders) if not module.name.startswith("_")))
