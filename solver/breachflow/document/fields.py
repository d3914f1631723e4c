"""Annotations that turn the values of a case file into SI floats and safe paths at the gate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from breachflow.document.toml_text import literal
from breachflow.units import Dimension, UnitError, one_of, quantity_pattern, read_quantity

_LONGEST_PATH = 4096
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def _limit(text: str, dimension: Dimension) -> float:
    """The limits of all keys are few, and are asked for with every value of every point of a sweep."""
    return read_quantity(text, dimension)


class LimitError(ValueError):
    """A value is of the right kind, but less or more than its key takes."""


@dataclass(frozen=True)
class Quantity:
    """A field whose value is written as text with a unit; limits are texts of the same kind."""

    dimension: Dimension
    example: str
    above: str | None = None
    least: str | None = None
    most: str | None = None

    def read(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(
                f'is not a {self.dimension}; write a number and a unit in quotes, e.g. "{self.example}"'
            )
        if not isinstance(value, str):
            raise ValueError(self._why_bare(value))
        number = read_quantity(value, self.dimension)
        if not self._allows(number):
            raise LimitError(f"must be {self.range}")
        return number

    @property
    def range(self) -> str:
        lower = f"more than {self.above}" if self.above else f"at least {self.least}" if self.least else ""
        upper = f"at most {self.most}" if self.most else ""
        return " and ".join(words for words in (lower, upper) if words)

    def _allows(self, number: float) -> bool:
        return (
            (self.above is None or number > _limit(self.above, self.dimension))
            and (self.least is None or number >= _limit(self.least, self.dimension))
            and (self.most is None or number <= _limit(self.most, self.dimension))
        )

    def _why_bare(self, value: float) -> str:
        if value != value or value in (float("inf"), float("-inf")):
            return f'is not a finite {self.dimension}; write e.g. "{self.example}"'
        written = literal(value)
        unit = self.example.split(maxsplit=1)[1]
        example = f"{written} {unit}" if len(written) <= 20 else self.example
        return f'needs a unit, e.g. "{example}"; {one_of(self.dimension)}'

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema

    @property
    def json_schema(self) -> dict[str, Any]:
        pattern = quantity_pattern(self.dimension)
        return {"type": "string", "pattern": pattern, "examples": [self.example]}


@dataclass(frozen=True)
class QuantityPair:
    """A field of two quantities: an array of two texts with units."""

    each: Quantity

    def read(self, value: object) -> tuple[float, float]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise ValueError(f"must be an array of two, e.g. {self.example}")
        return self._read_one(value[0], "first"), self._read_one(value[1], "second")

    @property
    def example(self) -> str:
        return f'["{self.each.example}", "{self.each.example}"]'

    def _read_one(self, value: object, which: str) -> float:
        try:
            return self.each.read(value)
        except ValueError as error:
            kind = LimitError if isinstance(error, LimitError) else UnitError
            raise kind(f"the {which} value {literal(value)} {error}") from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "array", "items": self.each.json_schema, "minItems": 2, "maxItems": 2}


@dataclass(frozen=True)
class Place:
    """Where a case lies: paths in it are relative to `folder` and stay inside `root`."""

    folder: Path
    root: Path | None
    """None: paths may point anywhere."""


@dataclass(frozen=True)
class CasePath:
    """A field that is a path relative to the case's folder, resolved, inside the folder or its project."""

    def read(self, value: object, info: ValidationInfo) -> Path:
        if not isinstance(value, str):
            raise ValueError("must be a path in quotes, relative to the case's folder")
        place = info.context
        if not isinstance(place, Place):
            raise ValueError("cannot be resolved without the case's folder")
        return _inside(_resolved(_checked(value), place.folder), place)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": _LONGEST_PATH}


def project_of(folder: Path) -> Path:
    """The nearest folder from here upwards that holds pyproject.toml or .git, or this folder itself.

    The installed package is a project too: of the cases and meshes that come with it.
    """
    for candidate in (folder, *folder.parents):
        if candidate == _PACKAGE or any(
            os.path.lexists(candidate / mark) for mark in ("pyproject.toml", ".git")
        ):
            return candidate
    return folder


def _checked(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; write a path relative to the case's folder")
    if len(text) > _LONGEST_PATH:
        raise ValueError(f"is too long; at most {_LONGEST_PATH} characters are allowed")
    if "~" in text or "$" in text:
        raise ValueError("may not contain ~ or $; write a path relative to the case's folder")
    if not text.isprintable():
        raise ValueError("contains control characters; write a path relative to the case's folder")
    return text


def _resolved(text: str, folder: Path) -> Path:
    try:
        return (folder / text).resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name no file system takes
        raise ValueError("cannot be resolved to a file") from None


def _inside(path: Path, place: Place) -> Path:
    if place.root is None or path.is_relative_to(place.folder) or path.is_relative_to(place.root):
        return path
    raise ValueError("lies outside the case's folder and its project; move it there or use --allow-outside")
