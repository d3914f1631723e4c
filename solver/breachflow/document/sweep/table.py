"""The table `[sweep]`: the values that keys of the document take in turn, and how they are combined.

The models here know the form of the table only. `keys` tells which keys may be swept, `values` what their
values are, `checks` what must hold together; `points` lists the documents.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from breachflow.document.table import Table

Value: TypeAlias = str | int | float | list[Any] | dict[str, Any]
"""A value as it is written in a document."""

MOST_POINTS: Final = 100_000
_LARGEST_SEED: Final = 2**63 - 1

_END: Final[dict[str, Any]] = {"type": ["string", "number"]}


class Range(Table):
    """Evenly spread values between two ends, which belong to them."""

    first: Any = Field(
        alias="from", description="The first value, written like one of the key.", json_schema_extra=_END
    )
    last: Any = Field(
        alias="to", description="The last value, written like one of the key.", json_schema_extra=_END
    )
    points: int | None = Field(
        default=None,
        ge=2,
        le=10_000,
        description="Number of values, both ends included; required but in a latin hypercube.",
    )
    spacing: Literal["linear", "log"] = Field(
        default="linear", description="Equal steps (linear) or equal ratios (log) from value to value."
    )


class LatinHypercube(Table):
    """Random points that cover every range evenly."""

    latin_hypercube: int = Field(ge=2, le=MOST_POINTS, description="Number of points.")
    seed: int = Field(
        ge=0, le=_LARGEST_SEED, description="Where the random numbers begin; write e.g. seed = 1."
    )


_DEEPEST: Final = 3
"""Parts of the longest key that may be swept; messages show no more of nested tables."""

_RANGE_KEYS: Final = {field.alias or name for name, field in Range.model_fields.items()}


def _quoted(value: object) -> object:
    """Refuse nested tables, which are what TOML makes of a dotted key without quotes."""
    inner: list[str] = []
    found = value
    while isinstance(found, dict) and found and not _RANGE_KEYS & set(found) and len(inner) < _DEEPEST:
        name, found = next(iter(found.items()))
        inner.append(name)
    if inner:
        raise PydanticCustomError("unquoted", "must be written in quotes", {"inner": tuple(inner)})
    return value


def _known_mode(value: object) -> object:
    if value not in ("grid", "paired"):
        raise ValueError(
            'unknown mode; allowed: "grid", "paired" or a table { latin_hypercube = 64, seed = 1 }'
        )
    return value


def _is_table(value: object) -> bool:
    return isinstance(value, dict | Table)


def _some(values: object) -> object:
    if not isinstance(values, list):
        raise ValueError('must be a list such as ["1 mm", "2 mm"] or a range { from = "1 mm", to = "2 mm" }')
    if not values:
        raise ValueError("is empty; give at least one value")
    return values


Values: TypeAlias = Annotated[list[Any], Field(min_length=1), BeforeValidator(_some)]
Entry: TypeAlias = Annotated[
    Annotated[Values, Tag("list")] | Annotated[Range, Tag("range")],
    Discriminator(lambda value: "range" if _is_table(value) else "list"),
    BeforeValidator(_quoted),
]
Mode: TypeAlias = Annotated[
    Annotated[Literal["grid", "paired"], BeforeValidator(_known_mode), Tag("name")]
    | Annotated[LatinHypercube, Tag("table")],
    Discriminator(lambda value: "table" if _is_table(value) else "name"),
]


class Sweep(Table):
    """Every other key is a key of the case in quotes, with a list of its values or a range."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Entry]

    mode: Mode = Field(
        default="grid",
        description="How values go together: all with all (grid), first with first (paired), or at random.",
    )

    @property
    def entries(self) -> dict[str, list[Any] | Range]:
        """Lists of values and ranges by key of the case, as written."""
        return self.__pydantic_extra__
