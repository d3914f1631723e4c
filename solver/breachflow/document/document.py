"""A document that knows what it was read from, and can be read anew with other values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self, cast

from pydantic import PrivateAttr

from breachflow.document.complete import completed
from breachflow.document.faults import DottedKey
from breachflow.document.paths import Place
from breachflow.document.source import Override, Source, key_in
from breachflow.document.table import Table
from breachflow.document.toml_text import literal, toml_string
from breachflow.errors import CaseError


class Reader(Protocol):
    """Reader of documents of one kind."""

    @property
    def example(self) -> tuple[str, str]:
        """A key with a value, for messages."""

    def read(self, origin: Origin) -> Any:
        """The document in a parsed text. Raises CaseError where it is not valid."""


class Origin(NamedTuple):
    """Origin of a document."""

    source: Source
    place: Place
    path: Path | None
    """The file; None of a text."""
    reader: Reader
    """Reader of the document, with all checks."""


class Document(Table):
    """A whole document with the text that it was read from."""

    _origin: Origin | None = PrivateAttr(default=None)

    def read_from(self, origin: Origin, **changed: object) -> Self:
        """The same document, with some fields changed, knowing what it was read from."""
        document = self.model_copy(update=changed)
        document._origin = origin
        return document

    @property
    def origin(self) -> Origin:
        """Origin of the document."""
        assert self._origin is not None, "the document was not read from a text"
        return self._origin

    @property
    def path(self) -> Path | None:
        """The file; None if the document was read from a text."""
        return self.origin.path

    @property
    def label(self) -> str:
        """Name of the document in errors: its file, or the kind of document."""
        return str(self.path or self.origin.place.noun)

    @property
    def text(self) -> str:
        """The document as given."""
        return self.origin.source.text

    @property
    def folder(self) -> Path:
        """The folder that paths in the document are relative to."""
        return self.origin.place.folder

    @property
    def completed_text(self) -> str:
        """The document as TOML with every default written out; it reads back to the same document."""
        return completed(self, self.folder, self.unstated)

    @property
    def unstated(self) -> Collection[DottedKey]:
        """Keys whose absence says something, and which are absent: the completed text does not have them."""
        return ()

    def replace(self, key: str | Mapping[str, object], /, *values: object) -> Self:
        """The same document with other values, which are checked as if its text had them.

        Takes a key and its value, then further keys and values in turn; or one mapping of keys to values.
        Keys are dotted, as `--set` has them; values are written as in the document, with their units. The
        value None removes a key, so that its default holds.

        >>> case.replace("orifice.diameter", "3 mm", "numerics.order", 1)           # doctest: +SKIP
        >>> case.replace({"boundary.space": {"kind": "outlet", "pressure": "20 kPa"}})  # doctest: +SKIP

        Raises CaseError where a key is none of the document, a value is not valid or values contradict each
        other.
        """
        origin = self.origin
        pairs = _pairs((key, *values), origin)
        source = origin.source.overridden([_override(*pair, origin) for pair in pairs])
        return cast(Self, origin.reader.read(origin._replace(source=source)))


def _pairs(changes: tuple[object, ...], origin: Origin) -> list[tuple[object, object]]:
    """Keys with their values, from a mapping or from keys and values in turn."""
    if len(changes) == 1 and isinstance(changes[0], Mapping):
        return list(changes[0].items())
    if len(changes) % 2:
        example = ", ".join(map(toml_string, origin.reader.example))
        raise CaseError(f"{origin.source.name}: replace takes keys and values in turn, e.g. {example}")
    return list(zip(changes[::2], changes[1::2], strict=True))


def _override(key: object, given: object, origin: Origin) -> Override:
    value = _plain(given)
    label = f"replace({_shown(key)}, {'None' if value is None else literal(value)})"
    parts = key_in(key) if isinstance(key, str) else ()
    if not parts:
        example = toml_string(origin.reader.example[0])
        raise CaseError(f"{origin.source.name}: {label}: must have a dotted key, e.g. {example}")
    return Override(label, parts, value)


def _shown(key: object) -> str:
    return toml_string(key) if isinstance(key, str) else literal(key)


def _plain(value: object) -> object:
    """A value as the TOML parser gives it: paths as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
