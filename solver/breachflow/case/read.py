"""Reading a case: from bytes to a valid `Case`, or to one line that says what is wrong and where."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from breachflow.case.checks import faults_in
from breachflow.case.explain import faults_of
from breachflow.case.schema import Case
from breachflow.document.fields import Place, project_of
from breachflow.document.source import Source, apply_override, read_override
from breachflow.errors import CaseError
from breachflow.words import single_line

LARGEST: Final = 1_000_000
"""Bytes of a case file."""

_MOST_PARTS: Final = 20
"""Parts of a dotted key; the memory the parser takes grows with their square."""

_PART: Final = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{_MOST_PARTS}}}")
_LONG_NUMBER: Final = re.compile(r"(?<![0-9_])[0-9](?:_?[0-9]){4000}")
_SYNTAX: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_UNQUOTED: Final = re.compile(r"""\s*([\w.-]+)\s*=\s*([^\s"'\[{#=][^"'#=]*?)\s*(?:#.*)?""")

_REASONS: Final = {
    "Cannot overwrite a value": "the key is given twice; remove one",
    "Illegal character '\\n'": "a text is not closed; end it with the quote it began with",
    "Expected \"'''\"": "a text is not closed; end it with the quotes it began with",
    "Unterminated string": "a text is not closed; end it with the quote it began with",
}


def load_case(path: str | Path, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> Case:
    """The case in a file, with keys replaced by overrides such as 'orifice.diameter=3 mm'."""
    name = single_line(str(path))
    text = _decoded(_bytes(Path(path), name), name)
    return parse_case(text, path=Path(path), overrides=overrides, allow_outside=allow_outside)


def parse_case(
    text: str, *, path: Path | None = None, overrides: Sequence[str] = (), allow_outside: bool = False
) -> Case:
    """The case in a text; its paths are relative to the folder of `path`, or to the working directory."""
    name = "case" if path is None else single_line(str(path))
    folder = _folder(path, name)
    place = Place(folder, None if allow_outside else project_of(folder))
    source = _source(text, name, overrides)
    try:
        valid = Case.model_validate(source.data, context=place)
    except ValidationError as error:
        raise source.error(faults_of(error)) from None
    case = valid.read_from(source, folder / path.name if path else None, place)
    faults = list(faults_in(case))
    if faults:
        raise source.error(faults)
    return case


def _bytes(path: Path, name: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise CaseError(f"{name}: is a folder; give the case file in it")
        if not stat.S_ISREG(mode):
            raise CaseError(f"{name}: is not a regular file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise CaseError(f"{name}: no such file; `breachflow init` writes a case to start from") from None
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


def _source(text: str, name: str, overrides: Sequence[str]) -> Source:
    _check_text(text, name)
    data = _parsed(text, name)
    read = tuple(read_override(override, name) for override in overrides)
    for override in read:
        apply_override(override, data, name)
    return Source(name, text, data, read)


def _check_text(text: str, name: str) -> None:
    if len(text) > LARGEST or len(text.encode(errors="replace")) > LARGEST:
        raise CaseError(f"{name}: is larger than 1 MB; a case has a few dozen lines")
    if "\0" in text:
        raise CaseError(f"{_at(text, text.index(chr(0)), name)}: contains NUL bytes; a case is a TOML text")
    if long_key := _LONG_KEY.search(text):
        raise CaseError(f"{_at(text, long_key.start(), name)}: a key of more than {_MOST_PARTS} parts")


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(_why_not_toml(str(error), text, name)) from None
    except RecursionError:
        raise CaseError(f"{name}: is nested too deeply; a case has tables and arrays of few levels") from None
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
