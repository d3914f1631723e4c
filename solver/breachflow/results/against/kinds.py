"""Which kind of result a file is."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Final

from breachflow.results.files.check import open_checked
from breachflow.results.files.layout import (
    CABIN_ATTRIBUTE,
    CHECKPOINT_ATTRIBUTE,
    LAYOUT_ATTRIBUTE,
    TABLE_ATTRIBUTE,
    not_ours,
)


class FileKind(Enum):
    """What a file holds, in words."""

    RUN = "the result of a run"
    TABLE = "the table of a sweep"
    CABIN = "the result of a cabin"
    CHECKPOINT = "a checkpoint"


_KINDS: Final = {
    LAYOUT_ATTRIBUTE: FileKind.RUN,
    TABLE_ATTRIBUTE: FileKind.TABLE,
    CABIN_ATTRIBUTE: FileKind.CABIN,
    CHECKPOINT_ATTRIBUTE: FileKind.CHECKPOINT,
}


def file_kind(path: Path) -> FileKind:
    """The kind of a file. Raises ResultError where it is damaged, unsafe or none of Breachflow's."""
    with open_checked(path) as (root, _):
        for attribute, kind in _KINDS.items():
            if attribute in root.attrs:
                return kind
        raise not_ours(*_KINDS)
