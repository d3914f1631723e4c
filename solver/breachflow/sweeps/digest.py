"""Digests that name cases and solutions; they also name the sources that answers depend on."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from breachflow.version import source_digest

_PACKAGE: Final = Path(__file__).resolve().parents[1]

NOT_ANSWERING: Final = (
    "__init__.py", "__main__.py", "bench", "cli", "errors.py", "files.py", "report", "shipped.py", "sweeps",
    "validation", "version.py", "words.py",
)  # fmt: skip
"""Parts of the package on which no answer of a run depends."""

ANSWERING: Final = tuple(
    part
    for part in sorted(path.name for path in _PACKAGE.iterdir())
    if part not in NOT_ANSWERING and (part.endswith(".py") or (_PACKAGE / part / "__init__.py").is_file())
)
"""All other parts of the package: answers of other sources of these are not taken for answers of these."""


def digest_of(text: str) -> str:
    """Name of what a text says and of the sources that compute it: 24 hexadecimal digits."""
    return sha256(f"{source_digest(ANSWERING)} {text}".encode()).hexdigest()[:24]


def file_digest(path: Path) -> str:
    """Digest of a file that a case reads; empty if it cannot be read, which its run reports."""
    try:
        state = path.stat()
        return _content_digest(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return ""


@cache
def _content_digest(path: Path, _changed: int, _size: int) -> str:
    """The digest of a file, which is read once for all points and again when it has changed."""
    return sha256(path.read_bytes()).hexdigest()
