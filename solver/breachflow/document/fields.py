"""Annotations of fields: quantities with units, which become SI floats, and choices of names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from breachflow.document.toml_text import literal
from breachflow.units import Dimension, UnitError, one_of, quantity_pattern, read_quantity
from breachflow.units.deviation import with_deviation

COUNTS: Final = {2: "two", 3: "three"}
"""How many quantities an array has, in words."""
_PLACES: Final = ("first", "second", "third")


@cache
def _limit(text: str, dimension: Dimension) -> float:
    """A limit in SI units; kept, as every value of every point of a sweep is compared with it."""
    return read_quantity(text, dimension)


class LimitError(ValueError):
    """A value is of the right kind, but less or more than its key takes."""


@dataclass(frozen=True)
class Missing:
    """The text of an error where a required field is missing, in place of one made from its description."""

    text: str


@dataclass(frozen=True)
class QuantityField:
    """A field whose value is written as text with a unit; limits are texts of the same kind."""

    dimension: Dimension
    example: str
    above: str | None = None
    least: str | None = None
    most: str | None = None
    or_zero: bool = False
    """Whether 0 is allowed beside the range."""

    def read(self, value: object) -> float:
        """The value in SI units.

        Raises ValueError where it is no quantity of the dimension, and LimitError where it is out of range.
        """
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(
                f'is not a {self.dimension}; write a number and a unit in quotes, e.g. "{self.example}"'
            )
        if not isinstance(value, str):
            raise ValueError(self._why_bare(value))
        number = read_quantity(value, self.dimension)
        if not self._allows(number) and not (self.or_zero and number == 0.0):
            raise LimitError(f"must be {self.range}")
        return number

    @property
    def range(self) -> str:
        """The limits as a phrase, such as "more than 0 mm and at most 1000 m"."""
        lower = f"more than {self.above}" if self.above else f"at least {self.least}" if self.least else ""
        upper = f"at most {self.most}" if self.most else ""
        return "0, or " * self.or_zero + " and ".join(words for words in (lower, upper) if words)

    def _allows(self, number: float) -> bool:
        return (
            (self.above is None or number > _limit(self.above, self.dimension))
            and (self.least is None or number >= _limit(self.least, self.dimension))
            and (self.most is None or number <= _limit(self.most, self.dimension))
        )

    def _why_bare(self, value: float) -> str:
        if value != value or value in (float("inf"), float("-inf")):
            return f'is not a finite {self.dimension}; write e.g. "{self.example}"'
        return f'needs a unit, e.g. "{self.example}"; {one_of(self.dimension)}'

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema

    @property
    def json_schema(self) -> dict[str, Any]:
        """The JSON schema of the text."""
        pattern = quantity_pattern(self.dimension)
        return {"type": "string", "pattern": pattern, "examples": [self.example]}


@dataclass(frozen=True)
class QuantityArray:
    """A field of several quantities: an array of texts with units."""

    each: QuantityField
    counts: tuple[int, ...] = (2,)
    """How many there may be, the fewest first."""

    def read(self, value: object) -> tuple[float, ...]:
        """The values in SI units.

        Raises ValueError where they are not so many quantities, and LimitError where one is out of range.
        """
        if not isinstance(value, list | tuple) or len(value) not in self.counts:
            raise ValueError(f"must be an array of {self._counted}, e.g. {self.example}")
        return tuple(self._read_one(item, which) for item, which in zip(value, _PLACES, strict=False))

    @property
    def example(self) -> str:
        """Example of such an array as a document writes it."""
        one = f'"{self.each.example}"'
        return f"[{', '.join([one] * self.counts[0])}]"

    @property
    def _counted(self) -> str:
        return " or ".join(COUNTS[count] for count in self.counts)

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
        fewest, most = self.counts[0], self.counts[-1]
        return {"type": "array", "items": self.each.json_schema, "minItems": fewest, "maxItems": most}


@dataclass(frozen=True)
class TimedNumber:
    """A field of a quantity and a plain number of at least 0: an array of a text with a unit and a number."""

    each: QuantityField
    most: float

    def read(self, value: object) -> tuple[float, float]:
        """The quantity in SI units, and the number.

        Raises ValueError where they are not a quantity and a number, LimitError where one is out of range.
        """
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise ValueError(f"must be an array of a quantity and a number, e.g. {self.example}")
        number = value[1]
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < math.inf:
            raise UnitError(f"the second value {literal(number)} must be a number, without quotes or unit")
        if number < 0.0:
            raise LimitError(f"the second value {literal(number)} must not be below 0")
        if number > self.most:
            raise LimitError(f"the second value {literal(number)} must be at most {self.most:g}")
        try:
            return self.each.read(value[0]), float(number)
        except ValueError as error:
            kind = LimitError if isinstance(error, LimitError) else UnitError
            raise kind(f"the first value {literal(value[0])} {error}") from None

    @property
    def example(self) -> str:
        """Example of such a pair as a document writes it."""
        return f'["{self.each.example}", 1.0]'

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        items = [self.each.json_schema, {"type": "number", "minimum": 0, "maximum": self.most}]
        return {"type": "array", "prefixItems": items, "minItems": 2, "maxItems": 2}


@dataclass(frozen=True)
class MeasuredField:
    """A field of a quantity of either sign with its standard deviation: a text, "1.3 +- 0.2 mmHg/h"."""

    dimension: Dimension
    example: str

    def read(self, value: object) -> tuple[float, float]:
        """The value and its standard deviation in SI units.

        Raises ValueError where they are none, and LimitError where the deviation is not above 0.
        """
        if not isinstance(value, str):
            raise ValueError(f'must be a text with its standard deviation, e.g. "{self.example}"')
        number, deviation = with_deviation(value)
        if deviation is None:
            raise ValueError(f'has no standard deviation; write e.g. "{self.example}"')
        found = read_quantity(number, self.dimension), read_quantity(deviation, self.dimension)
        if not found[1] > 0.0:
            raise LimitError("must have a standard deviation above 0")
        return found

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "examples": [self.example]}


@dataclass(frozen=True)
class ChoiceField:
    """A field that takes one of several names, which a registry knows when the program runs."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.names))


def dimension_of(field: FieldInfo) -> Dimension | None:
    """The dimension of the quantities that a field holds; None of other fields."""
    for item in field.metadata:
        if isinstance(item, QuantityField | QuantityArray):
            return (item.each if isinstance(item, QuantityArray) else item).dimension
    return None


POSITION: Final = QuantityField(Dimension.LENGTH, "1 mm", least="-1000 m", most="1000 m")
"""A coordinate, m, in documents of any kind."""

ANGLE: Final = QuantityField(Dimension.ANGLE, "10 deg", least="-360 deg", most="360 deg")
"""An angle, rad, in documents of any kind."""
