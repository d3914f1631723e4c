"""Reading a document: from bytes to a valid model, or to one line that says what is wrong and where."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pydantic import ValidationError

from breachflow.document.document import Document, Origin
from breachflow.document.explain import TEXTS, faults_of
from breachflow.document.faults import Fault, is_within
from breachflow.document.paths import Place, project_of
from breachflow.document.source import Source, read_override
from breachflow.document.table import Table
from breachflow.document.unread import UnreadError, known_faults, readable_part
from breachflow.errors import CaseError
from breachflow.toml_gate.parse import LARGEST, MOST_PARTS, long_key
from breachflow.words import single_line

if TYPE_CHECKING:
    from breachflow.document.sweep.rules import SweepRules

Model = TypeVar("Model", bound=Table)

_LONG_NUMBER: Final = re.compile(r"(?<![0-9_])[0-9](?:_?[0-9]){4000}")
_SYNTAX: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_UNQUOTED: Final = re.compile(r"""\s*([\w.-]+)\s*=\s*([^\s"'\[{#=][^"'#=]*?)\s*(?:#.*)?""")

_REASONS: Final = {
    "Cannot overwrite a value": "the key is given twice; remove one",
    "Illegal character '\\n'": "a text is not closed; end it with the quote it began with",
    "Expected \"'''\"": "a text is not closed; end it with the quotes it began with",
    "Unterminated string": "a text is not closed; end it with the quote it began with",
}


def _as_it_is(document: Model) -> Model:
    return document


@dataclass(frozen=True)
class DocumentType(Generic[Model]):
    """A kind of document: its model, its checks and the words that its messages need."""

    model: type[Model]
    noun: str
    """Name of the kind, such as "case"."""
    size: str
    """Usual length, such as "a case has a few dozen lines"."""
    absent: str
    """End of the message for a missing file, after "no such file"."""
    example: tuple[str, str]
    """A key with a value, for messages about overrides, such as ("orifice.diameter", "3 mm")."""
    checks: Sequence[Callable[[Model], Iterable[Fault]]] = ()
    """Checks of conditions on several keys."""
    derive: Callable[[Model], Model] = _as_it_is
    """Fill in the defaults that follow from other keys, before the checks."""
    stand_ins: Mapping[str, object] = field(default_factory=dict)
    """Valid values of required keys which are no quantities, by dotted key, or by TABLE.*.KEY for tables that
    users name; they stand in for wrong ones."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Texts of errors that differ from `explain.TEXTS`."""
    marks: Sequence[str] = ()
    """Tables that only documents of this kind have."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Tables that only documents of another kind have, each with the message about that kind."""
    sweep: SweepRules | None = None
    """What may be swept; None of documents without the table `[sweep]`."""

    def load(self, path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> Model:
        """The document in a file.

        Raises CaseError where the file cannot be read or where the document in it is not valid.
        """
        name = single_line(str(path))
        text = _decoded(_bytes(Path(path), name, self), name)
        return self.parse(text, path=Path(path), overrides=overrides, allow_outside=allow_outside)

    def parse(
        self,
        text: str,
        *,
        path: Path | None = None,
        overrides: Sequence[str] = (),
        allow_outside: bool = False,
    ) -> Model:
        """The document in a text; its paths are relative to the folder of `path`, or else to the current one.

        Raises CaseError where the document is not valid.
        """
        name = self.noun if path is None else single_line(str(path))
        folder = _folder(path, name)
        place = Place(folder, None if allow_outside else project_of(folder), self.noun)
        example = "=".join(self.example)
        read = [read_override(override, name, example) for override in overrides]
        source = _source(text, name, self).overridden(read)
        return self.read(Origin(source, place, folder / path.name if path else None, self))

    def read(self, origin: Origin) -> Model:
        """The document in a parsed text. Raises CaseError where it is not valid."""
        source = origin.source
        self._require_kind(source)
        try:
            valid = self.model.model_validate(source.data, context=origin.place)
        except ValidationError as error:
            faults = faults_of(error, self.model, {**TEXTS, **self.texts})
            raise source.error([*faults, *self._further_faults(error, origin, faults)]) from None
        if isinstance(valid, Document):
            valid = valid.read_from(origin)
        derived = self.derive(valid)
        faults = list(known_faults(self.checks, derived))
        if faults:
            raise source.error(faults)
        return derived

    def _require_kind(self, source: Source) -> None:
        """Raises CaseError where the document is one of another kind."""
        found = [key for key in self.others if key in source.data]
        if found and not any(mark in source.data for mark in self.marks):
            raise source.error([Fault((found[0],), self.others[found[0]])])

    def _further_faults(
        self, error: ValidationError, origin: Origin, faults: Sequence[Fault]
    ) -> Iterator[Fault]:
        """What the checks find beside the faults of single keys."""
        part = readable_part(error, self.model, origin, self.stand_ins)
        if part is None:
            return
        with suppress(UnreadError):  # a default that follows from a key at fault stays open
            part = self.derive(part)
        told = [fault.key for fault in faults]
        for fault in known_faults(self.checks, part):
            if not any(is_within(fault.key, key) or is_within(key, fault.key) for key in told):
                yield fault


def _bytes(path: Path, name: str, kind: DocumentType[Any]) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise CaseError(f"{name}: is a folder; give the {kind.noun} file in it")
        if not stat.S_ISREG(mode):
            raise CaseError(f"{name}: is not a regular file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise CaseError(f"{name}: no such file; {kind.absent}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CaseError(f"{name}: cannot be read: {reason}") from None


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CaseError(f"{name}:{line}: is not UTF-8 text; save the file as UTF-8") from None


def _folder(path: Path | None, name: str) -> Path:
    try:
        return Path.cwd() if path is None else path.parent.resolve()
    except (OSError, RuntimeError, ValueError):
        raise CaseError(f"{name}: its folder cannot be resolved") from None


def _source(text: str, name: str, kind: DocumentType[Any]) -> Source:
    _check_text(text, name, kind)
    return Source(name, text, _parsed(text, name, kind), ())


def _check_text(text: str, name: str, kind: DocumentType[Any]) -> None:
    if len(text) > LARGEST or len(text.encode(errors="replace")) > LARGEST:
        raise CaseError(f"{name}: is larger than 1 MB; {kind.size}")
    if "\0" in text:
        raise CaseError(
            f"{_at(text, text.index(chr(0)), name)}: contains NUL bytes; {_a(kind.noun)} is a TOML text"
        )
    if (start := long_key(text)) is not None:
        raise CaseError(f"{_at(text, start, name)}: a key of more than {MOST_PARTS} parts")


def _parsed(text: str, name: str, kind: DocumentType[Any]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(_why_not_toml(str(error), text, name)) from None
    except RecursionError:
        few = f"{_a(kind.noun)} has tables and arrays of few levels"
        raise CaseError(f"{name}: is nested too deeply; {few}") from None
    except ValueError:  # Python limits the digits of an integer
        number = _LONG_NUMBER.search(text)
        place = _at(text, number.start() if number else 0, name)
        raise CaseError(f"{place}: a number of more than 4000 digits") from None


def _why_not_toml(message: str, text: str, name: str) -> str:
    match = _SYNTAX.fullmatch(message)
    reason, line, column = match.groups() if match else (message, None, None)
    lines = text.split("\n")
    number = int(line) if line else len(lines)
    at = f"{name}:{number}:{column}" if column else f"{name}:{number}"
    unquoted = _UNQUOTED.fullmatch(lines[number - 1].rstrip("\r"))
    if reason in _REASONS:
        return f"{at}: {_REASONS[reason]}"
    if unquoted and len(lines[number - 1]) < 200:
        return f'{at}: text needs quotes; write {unquoted[1]} = "{single_line(unquoted[2])}"'
    return f"{at}: not valid TOML: {single_line(reason)}"


def _at(text: str, position: int, name: str) -> str:
    return f"{name}:{text.count(chr(10), 0, position) + 1}"


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
