"""A document that knows what it was read from, and can be read anew with other values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self, cast, overload

from pydantic import PrivateAttr

from breachflow.document.complete import completed
from breachflow.document.paths import Place
from breachflow.document.source import Override, Source, key_in
from breachflow.document.table import Table
from breachflow.document.toml_text import literal, toml_string
from breachflow.errors import CaseError


class Reader(Protocol):
    """What reads documents of one kind."""

    def read(self, origin: Origin) -> Any:
        """The document in a parsed text. Raises CaseError where it is not valid."""


class Origin(NamedTuple):
    """What a document was read from."""

    source: Source
    place: Place
    path: Path | None
    """The file; None of a text."""
    reader: Reader
    """What reads the document, with all checks."""


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
        """What the document was read from."""
        assert self._origin is not None, "the document was not read from a text"
        return self._origin

    @property
    def path(self) -> Path | None:
        """The file; None if the document was read from a text."""
        return self.origin.path

    @property
    def label(self) -> str:
        """How errors name the document: its file, or just what kind of document it is."""
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
        return completed(self, self.folder)

    @overload
    def replace(self, changes: Mapping[str, object], /) -> Self: ...

    @overload
    def replace(self, key: str, value: object, /, *more: object) -> Self: ...

    def replace(self, *changes: Any) -> Self:
        """The same document with other values, which are checked as if its text had them.

        Takes keys and values in turn, or one mapping of keys to values. Keys are dotted, as `--set` has them;
        values are written as in the document, with their units. The value None removes a key, so that its
        default holds.

        >>> case.replace("orifice.diameter", "3 mm", "numerics.order", 1)           # doctest: +SKIP
        >>> case.replace({"boundary.space": {"kind": "outlet", "pressure": "20 kPa"}})  # doctest: +SKIP

        Raises CaseError where a key is none of the document, a value is not valid or values contradict each
        other.
        """
        origin = self.origin
        overrides = list(_overrides(_pairs(changes, origin.source.name), origin.source.name))
        source = origin.source.overridden(overrides)
        return cast(Self, origin.reader.read(origin._replace(source=source)))


def _pairs(changes: tuple[Any, ...], name: str) -> list[tuple[Any, Any]]:
    """Keys with their values, from a mapping or from keys and values in turn."""
    if len(changes) == 1 and isinstance(changes[0], Mapping):
        return list(changes[0].items())
    if not changes or len(changes) % 2:
        raise CaseError(f'{name}: replace takes keys and values in turn, e.g. "orifice.diameter", "3 mm"')
    return list(zip(changes[::2], changes[1::2], strict=True))


def _overrides(pairs: list[tuple[Any, Any]], name: str) -> Iterator[Override]:
    for key, given in pairs:
        value = _plain(given)
        label = f"replace({_shown(key)}, {'None' if value is None else literal(value)})"
        parts = key_in(key) if isinstance(key, str) else ()
        if not parts:
            raise CaseError(f'{name}: {label}: must have a dotted key, e.g. "orifice.diameter"')
        yield Override(label, parts, value)


def _shown(key: object) -> str:
    return toml_string(key) if isinstance(key, str) else literal(key)


def _plain(value: object) -> object:
    """A value as the TOML parser gives it: paths as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
