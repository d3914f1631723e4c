"""Names that writing and reading share: groups, attributes, files of snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote

LAYOUT_VERSION: Final = 1
LAYOUT_ATTRIBUTE: Final = "breachflow_layout"
TABLE_ATTRIBUTE: Final = "breachflow_table"
"""Attribute of the table of a sweep, in place of `LAYOUT_ATTRIBUTE`."""

CABIN_ATTRIBUTE: Final = "breachflow_cabin"
"""Attribute of the result of a cabin, in place of `LAYOUT_ATTRIBUTE`."""

CHECKPOINT_ATTRIBUTE: Final = "breachflow_checkpoint"
"""Attribute of a checkpoint, in place of `LAYOUT_ATTRIBUTE`."""

VTK_VERSION: Final = (1, 0)
VTK_VERSION_OF_STEPS: Final = (2, 0)
"""The lowest versions of VTKHDF with all that is needed, without and with times: most programs read them.

VTK 9.2 (ParaView 5.11) warns of every version above 1.0.
"""
VTK_TYPE: Final = b"UnstructuredGrid"

SNAPSHOT_FIELDS: Final = "fields"
_SNAPSHOT_FILE: Final = re.compile(r"[0-9]{6,9}\.h5")
_UNSAFE_IN_NAMES: Final = re.compile(r"[%/\x00-\x1f]|^\.$")


class ContentError(Exception):
    """The contents of a file are wrong; `check.open_checked` adds the name of the file."""


def not_ours(*attributes: str) -> ContentError:
    """The error of a file without an attribute that says what is in it."""
    named = " or ".join(map(repr, attributes))
    return ContentError(f"an HDF5 file, but not one that Breachflow wrote: its root has no attribute {named}")


UNREADABLE: Final = (LookupError, RuntimeError, ValueError, TypeError, AttributeError)
"""What HDF5 and numpy raise at contents that are damaged, beside OSError without a number."""


@contextmanager
def reading(place: str) -> Iterator[None]:
    """Name a member of a file, such as "/history/time", where reading it fails.

    Raises ContentError in place of the errors of HDF5 and numpy.
    """
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            raise
        raise _unreadable(place, error) from error
    except UNREADABLE as error:
        raise _unreadable(place, error) from error


def _unreadable(place: str, error: Exception) -> ContentError:
    reason = str(error.args[0] if error.args else error).strip().splitlines()
    said = reason[0] if reason else "unreadable"
    return ContentError(f"{place}: damaged or not a Breachflow result ({said})")


class SnapshotStep(NamedTuple):
    """The entry of a snapshot in the index of a transient result."""

    file: str
    """Name inside the folder of snapshots."""
    time: float
    """s."""
    digest: str
    """SHA-256 of the image of the snapshot, hexadecimal; that of another run differs."""


def steps_folder(path: Path) -> Path:
    """The folder of the snapshots of a result: NAME.steps beside NAME.vtkhdf.

    Any other suffix stays in the name, so that a.h5 and a.vtkhdf have folders of their own.
    """
    name = path.stem if path.suffix == ".vtkhdf" else path.name
    return path.with_name(f"{name}.steps")


def snapshot_file(number: int) -> str:
    """The name of the file of a snapshot.

    >>> snapshot_file(12)
    '000012.h5'
    """
    return f"{number:06d}.h5"


def is_snapshot_file(name: str) -> bool:
    """Whether a name is that of a file of a snapshot."""
    return _SNAPSHOT_FILE.fullmatch(name) is not None


def snapshot_numbers(names: Iterable[str]) -> list[int]:
    """The sorted numbers of those files that are snapshots."""
    return sorted(int(Path(name).stem) for name in names if is_snapshot_file(name))


def encode_name(name: str) -> str:
    """The name as HDF5 takes it, in which `/` separates groups; probes and patches are named by users.

    >>> encode_name("left/lip")
    'left%2Flip'
    """
    return _UNSAFE_IN_NAMES.sub(lambda match: f"%{ord(match[0]):02X}", name)


def decode_name(name: str) -> str:
    """The inverse of `encode_name`."""
    return unquote(name)
