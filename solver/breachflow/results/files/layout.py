"""Names that writing and reading share: groups, attributes, the snapshots beside a result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote

LAYOUT_VERSION: Final = 1
LAYOUT_ATTRIBUTE: Final = "breachflow_layout"
TABLE_ATTRIBUTE: Final = "breachflow_table"
"""Of the table of a sweep, instead."""

VTK_VERSION: Final = (2, 0)
"""The lowest version of VTKHDF that serves: it is read by the most programs."""
VTK_TYPE: Final = b"UnstructuredGrid"

SNAPSHOT_FIELDS: Final = "fields"
_SNAPSHOT_FILE: Final = re.compile(r"[0-9]{6,9}\.h5")
_UNSAFE_IN_NAMES: Final = re.compile(r"[%/\x00-\x1f]|^\.$")


class ContentError(Exception):
    """What is wrong with the contents of a file; `check.open_checked` adds which file it is."""


class SnapshotStep(NamedTuple):
    """One snapshot as the index knows it."""

    file: str
    """Name inside the folder of snapshots."""
    time: float
    digest: str
    """SHA-256 of the snapshot's image, hexadecimal: tells it from one of another run."""


def steps_folder(path: Path) -> Path:
    """Folder of the snapshots of a result: NAME.steps beside NAME.vtkhdf.

    Any other suffix is kept in the name, so that a.h5 and a.vtkhdf never share snapshots.
    """
    name = path.stem if path.suffix == ".vtkhdf" else path.name
    return path.with_name(f"{name}.steps")


def snapshot_file(number: int) -> str:
    return f"{number:06d}.h5"


def is_snapshot_file(name: str) -> bool:
    return _SNAPSHOT_FILE.fullmatch(name) is not None


def snapshot_numbers(names: Iterable[str]) -> list[int]:
    """The numbers of those files that are snapshots."""
    return sorted(int(Path(name).stem) for name in names if is_snapshot_file(name))


def encode_name(name: str) -> str:
    """A name that HDF5 takes: `/` separates groups there, and probes are named by the user."""
    return _UNSAFE_IN_NAMES.sub(lambda match: f"%{ord(match[0]):02X}", name)


def decode_name(name: str) -> str:
    return unquote(name)
