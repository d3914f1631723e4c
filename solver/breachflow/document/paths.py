"""Paths in a document: relative to its folder, and inside its project unless the reader allows more."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from breachflow.document.toml_text import literal

_LONGEST: Final = 4096
"""Characters of a path."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_PROJECT_MARKS: Final = ("pyproject.toml", ".git")


@dataclass(frozen=True)
class Place:
    """Place of a document: paths in it are relative to `folder` and stay inside `root`."""

    folder: Path
    root: Path | None
    """None: paths may point anywhere."""
    noun: str = "case"
    """Kind of document, for messages."""


@dataclass(frozen=True)
class PathField:
    """A field that is a path relative to the document's folder, inside that folder or its project."""

    def read(self, value: object, info: ValidationInfo) -> Path:
        """The resolved path.

        Raises ValueError where the value is no path, or one that leads out of the document's folder and
        project.
        """
        place = info.context
        if not isinstance(place, Place):
            raise ValueError("cannot be resolved without the document's folder")
        if not isinstance(value, str):
            raise ValueError(f"must be a path in quotes, relative to the {place.noun}'s folder")
        return _inside(_resolved(_checked(value, place), place.folder), place)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": _LONGEST}


@dataclass(frozen=True)
class PathsField:
    """A field that is a path as `PathField` reads it, or a list of such paths."""

    def read(self, value: object, info: ValidationInfo) -> Path | tuple[Path, ...]:
        """The resolved path, or paths; a list of one path is that path.

        Raises ValueError as `PathField.read` does, and where the list is empty or names a path twice.
        """
        if not isinstance(value, list):
            return PathField().read(value, info)
        paths = tuple(_item(item, info) for item in value)
        if not paths:
            raise ValueError("is empty; give at least one path")
        for number, path in enumerate(paths):
            if path in paths[:number]:
                raise ValueError(f"names {literal(value[number])} twice; remove one")
        return paths if len(paths) > 1 else paths[0]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        one = PathField().__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def project_of(folder: Path) -> Path:
    """The nearest folder from here upward that holds pyproject.toml or .git, or this folder itself.

    The installed package is a project too: that of the cases and meshes that come with it.
    """
    for candidate in (folder, *folder.parents):
        if candidate == _PACKAGE or any(os.path.lexists(candidate / mark) for mark in _PROJECT_MARKS):
            return candidate
    return folder


def _item(value: object, info: ValidationInfo) -> Path:
    try:
        return PathField().read(value, info)
    except ValueError as error:
        raise ValueError(f"{literal(value)}: {error}") from None


def _checked(text: str, place: Place) -> str:
    advice = f"write a path relative to the {place.noun}'s folder"
    if not text.strip():
        raise ValueError(f"is empty; {advice}")
    if len(text) > _LONGEST:
        raise ValueError(f"is too long; at most {_LONGEST} characters are allowed")
    if "~" in text or "$" in text:
        raise ValueError(f"may not contain ~ or $; {advice}")
    if not text.isprintable():
        raise ValueError(f"contains control characters; {advice}")
    return text


def _resolved(text: str, folder: Path) -> Path:
    try:
        return (folder / text).resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name no file system takes
        raise ValueError("cannot be resolved to a file") from None


def _inside(path: Path, place: Place) -> Path:
    if place.root is None or path.is_relative_to(place.folder) or path.is_relative_to(place.root):
        return path
    raise ValueError(
        f"lies outside the {place.noun}'s folder and its project; move it there or use --allow-outside"
    )
