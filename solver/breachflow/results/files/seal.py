"""The seal: the SHA-256 of a file's HDF5 image, appended as a line of text.

HDF5 ignores what follows its image. Its own checksum (fletcher32) covers the chunks of filtered datasets. The
seal also covers scalars, attributes and the structure of the file, where a flipped bit can crash the HDF5
library. It detects damage, not forgery.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import BinaryIO, Final

from breachflow.results.files.layout import ContentError

_PATTERN: Final = re.compile(rb"\nbreachflow sha256 ([0-9a-f]{64})\n")
_LENGTH: Final = len("\nbreachflow sha256 ") + 64 + 1
_RESTORE: Final = "restore it from a copy or run the case again"
_BLOCK: Final = 1 << 20
_SUPERBLOCK: Final = 8
"""Place of the superblock's version, after the signature."""
_END_ADDRESS: Final = 40
"""Place of the address of the end, after those of the base and of free space."""


def image_digest(image: bytes | memoryview) -> str:
    """SHA-256 of an image, hexadecimal."""
    return hashlib.sha256(image).hexdigest()


def seal(digest: str) -> bytes:
    """The line that is appended to an image with this digest."""
    return f"\nbreachflow sha256 {digest}\n".encode()


def has_seal(path: Path) -> bool:
    """Whether a file ends with a seal: this program wrote it, even if it is damaged now."""
    try:
        with path.open("rb") as file:
            return _read_seal(file, path.stat().st_size) is not None
    except OSError:
        return False


def check_seal(file: BinaryIO, size: int) -> str | None:
    """The digest in the seal of a file; None where it has no seal, because another program rewrote it.

    Raises ContentError where the file is cut off, or its contents do not match the seal.
    """
    length = size - _LENGTH
    sealed, told = _read_seal(file, size), _image_length(file)
    if sealed is None:
        if length == told:
            raise ContentError(
                f"the file is damaged (the checksum at its end, from byte {told}, is); restore it from a copy"
            )
        if size < told:
            raise ContentError(f"the file is cut off: it ends after {size} of {told} bytes; {_RESTORE}")
        return None
    if _digest_of(file, length) != sealed:
        where = "" if told in (0, length) else f", of {told},"
        raise ContentError(
            f"the file is damaged (its bytes up to {length}{where} do not match the checksum behind them); "
            f"{_RESTORE}"
        )
    return sealed


def _read_seal(file: BinaryIO, size: int) -> str | None:
    if size < _LENGTH:
        return None
    file.seek(size - _LENGTH)
    match = _PATTERN.fullmatch(file.read(_LENGTH))
    return match[1].decode() if match else None


def _image_length(file: BinaryIO) -> int:
    """Bytes of the image by its superblock of version 0, as ours have (HDF5 specification); or 0."""
    file.seek(_SUPERBLOCK)
    version, *_, offsets = file.read(6).ljust(6, b"\xff")
    if version != 0 or offsets != 8:
        return 0
    file.seek(_END_ADDRESS)
    return int.from_bytes(file.read(8), "little")


def _digest_of(file: BinaryIO, length: int) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while length > 0 and (block := file.read(min(length, _BLOCK))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()
