"""How much memory a run can have: what the machine has free, and what limits this process."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Final, NamedTuple

from breachflow.errors import NotEnoughMemory

_ROOT: Final = Path("/")

_GROUPS: Final = {
    "": ("sys/fs/cgroup{}/memory.max", "sys/fs/cgroup{}/memory.current"),
    "memory": (
        "sys/fs/cgroup/memory{}/memory.limit_in_bytes",
        "sys/fs/cgroup/memory{}/memory.usage_in_bytes",
    ),
}
"""Files of the limit and of what is used, by the controllers of a control group: version 2, version 1."""

_UNLIMITED: Final = 1 << 60
"""Bytes from which a limit is none: version 1 states about 2^63."""


class FreeMemory(NamedTuple):
    """Memory that this process can have."""

    size: float
    """Bytes; infinite where the system does not tell."""
    limit: str
    """What limits it, in words."""


def require_memory(needed: float) -> None:
    """Raise NotEnoughMemory, before anything large is built, where a run needs more than there is."""
    free = free_memory()
    if needed > free.size:
        raise NotEnoughMemory(
            f"the run needs about {needed / 1e9:.1f} GB and {free.size / 1e9:.1f} GB are free "
            f"({free.limit}): choose a coarser mesh ([mesh] resolution)"
        )


def free_memory(root: Path = _ROOT) -> FreeMemory:
    """The least of what is free on this machine, in its control groups and below its limit of addresses.

    `root` is the folder that holds `proc` and `sys`.
    """
    found = [
        FreeMemory(_available(root), "of this machine"),
        *(FreeMemory(size, "of the container or batch job") for size in _of_groups(root)),
        FreeMemory(_of_addresses(root), "ulimit -v"),
    ]
    return min(found)


def _available(root: Path) -> float:
    """Bytes that can be had without swapping."""
    lines = _text(root / "proc/meminfo").splitlines()
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return 1024.0 * float(kilobytes[0]) if kilobytes else inf


def _of_groups(root: Path) -> list[float]:
    """Bytes below the limits of the control groups of this process and of all above them."""
    sizes = []
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers in _GROUPS:
            folders = [path.rstrip("/"), *(str(above).rstrip("/") for above in Path(path).parents)]
            sizes += [_of_group(root, controllers, folder) for folder in folders]
    return sizes


def _of_group(root: Path, controllers: str, folder: str) -> float:
    limit, used = (_number(root / file.format(folder)) for file in _GROUPS[controllers])
    return max(limit - used, 0.0) if limit < _UNLIMITED and used < _UNLIMITED else inf


def _of_addresses(root: Path) -> float:
    """Bytes below the limit of this process's addresses."""
    try:
        import resource
    except ImportError:
        return inf
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    pages = _text(root / "proc/self/statm").split()
    used = int(pages[0]) * resource.getpagesize() if pages else 0
    return inf if limit == resource.RLIM_INFINITY else max(float(limit - used), 0.0)


def _number(file: Path) -> float:
    text = _text(file).strip()
    return float(text) if text.isdecimal() else inf


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
