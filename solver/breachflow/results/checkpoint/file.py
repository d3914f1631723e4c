"""A checkpoint as a file: an HDF5 image with a seal, which holds a packed record and what it belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.files import write_atomically
from breachflow.results.checkpoint.packing import Packed, Record, pack, unpack
from breachflow.results.files.check import is_dataset, open_checked, read_attribute, require_format
from breachflow.results.files.layout import CHECKPOINT_ATTRIBUTE, ContentError
from breachflow.results.files.seal import image_digest, seal
from breachflow.version import PROGRAM

if TYPE_CHECKING:
    import h5py

CHECKPOINT_VERSION: Final = 1


class Checkpoint(NamedTuple, Generic[Record]):
    """A record, and what it belongs to."""

    number: int
    """Of two checkpoints of a run the later one has the higher number."""
    owner: Mapping[str, str]
    """The case, the sources and what else a computation must agree in to go on from here, by name."""
    record: Record


def write_checkpoint(path: Path, checkpoint: Checkpoint[Any]) -> None:
    """Write a checkpoint, whole or not at all.

    Raises ResultError where the file cannot be written; a previous file is then unchanged.
    """
    image = _image(checkpoint)
    write_atomically(path, (image, seal(image_digest(image))))


class Head(NamedTuple):
    """What a checkpoint says of itself: any version of the program can read it, whatever its records are."""

    number: int
    owner: Mapping[str, str]


def read_head(path: Path) -> Head:
    """Number and owner of a checkpoint. Raises ResultError where the file is damaged or no checkpoint."""
    with open_checked(path) as (root, digest):
        _require_ours(root, digest)
        return Head(int(read_attribute(root, "number")), _texts(_json(root, "owner")))


def read_checkpoint(path: Path, kind: type[Record]) -> Checkpoint[Record]:
    """The checkpoint in a file, whose record is of a type.

    Raises ResultError where the file is damaged, of another version or no checkpoint of this type.
    """
    with open_checked(path) as (root, digest):
        _require_ours(root, digest)
        number, owner = int(read_attribute(root, "number")), _texts(_json(root, "owner"))
        arrays = [_values(root, f"arrays/{i}") for i in range(len(root["arrays"]))]
        return Checkpoint(number, owner, unpack(kind, Packed(_json(root, "record"), arrays)))


def _image(checkpoint: Checkpoint[Any]) -> memoryview:
    """The HDF5 image of a checkpoint: no filters, which would take longer than the disk."""
    import h5py

    packed = pack(checkpoint.record)
    image = BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs[CHECKPOINT_ATTRIBUTE] = CHECKPOINT_VERSION
        file.attrs["program"] = np.bytes_(PROGRAM)
        file.attrs["number"] = checkpoint.number
        _write_json(file, "owner", dict(checkpoint.owner))
        _write_json(file, "record", packed.tree)
        group = file.create_group("arrays")
        for i, array in enumerate(packed.arrays):
            group.create_dataset(str(i), data=array)
    return image.getbuffer()


def _write_json(file: h5py.File, name: str, tree: Any) -> None:
    """Write a tree as text. Python writes and reads every float with all its bits, nan and inf too."""
    file.create_dataset(name, data=np.frombuffer(json.dumps(tree).encode(), dtype=np.uint8))


def _require_ours(root: h5py.File, digest: str | None) -> None:
    if CHECKPOINT_ATTRIBUTE not in root.attrs:
        raise ContentError("not a checkpoint")
    require_format(root, CHECKPOINT_ATTRIBUTE, CHECKPOINT_VERSION, "a checkpoint")
    if digest is None:
        raise ContentError("the file is damaged (the checksum at its end is missing)")


def _json(root: h5py.File, name: str) -> Any:
    try:
        return json.loads(_values(root, name).tobytes())
    except (ValueError, RecursionError):
        raise ContentError(f"/{name}: is no JSON") from None


def _texts(tree: Any) -> dict[str, str]:
    if not (isinstance(tree, dict) and all(isinstance(text, str) for text in tree.values())):
        raise ContentError("/owner: is no table of texts")
    return tree


def _values(root: h5py.File, name: str) -> NDArray[Any]:
    dataset = root.get(name)
    if not is_dataset(dataset):
        raise ContentError(f"/{name}: missing")
    return np.asarray(dataset[()])
