"""The machine and the versions with which the measurements are made."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

PACKAGES: Final = ("numpy", "numba", "scipy")
"""Packages whose versions a benchmark states."""

UNKNOWN_CACHE: Final = 32 * 2**20
"""Bytes assumed for the last-level cache where the system does not report it."""

CACHES: Final = Path("/sys/devices/system/cpu/cpu0/cache")
UNITS: Final = {"K": 2**10, "M": 2**20, "G": 2**30}


def machine() -> dict[str, str | int]:
    """Processor, number of cores, bytes of last-level cache, and operating system."""
    return {
        "processor": processor(),
        "cores": core_count(),
        "last_level_cache": last_level_cache(),
        "system": platform.system(),
    }


def core_count() -> int:
    """Number of cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return cores or 1


def versions() -> dict[str, str]:
    """Versions of this program, of Python and of the packages."""
    from breachflow.version import __version__

    packages = {package: version(package) for package in PACKAGES}
    return {"breachflow": __version__, "python": platform.python_version(), **packages}


def last_level_cache() -> int:
    """Bytes of the largest cache of the first core, which may share it with other cores."""
    sizes = [_byte_count(file.read_text(encoding="ascii").strip()) for file in CACHES.glob("index*/size")]
    return max(sizes, default=UNKNOWN_CACHE)


def _byte_count(text: str) -> int:
    """Bytes of a size such as 32768K; 0 for an empty text."""
    unit = UNITS.get(text[-1:], 1)
    return unit * int(text.rstrip("".join(UNITS)) or 0)


def processor() -> str:
    """Name of the processor; its architecture where the system does not report a name."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()
