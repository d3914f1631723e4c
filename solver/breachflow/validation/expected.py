"""`expected.toml`: the numbers that a case must give, with tolerances and sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, PlainValidator, model_validator

from breachflow.document.read import DocumentType
from breachflow.document.table import Table

KINDS: Final = ("value", "like", "at_least", "at_most")


def _overrides(given: object) -> object:
    if given is False:
        return False
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return tuple(given)
    raise ValueError(
        'must be overrides such as ["mesh.resolution=coarse"], or false to leave the case out of --fast'
    )


NonEmptyText: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Overrides: TypeAlias = tuple[str, ...] | Literal[False]
FastOverrides: TypeAlias = Annotated[Overrides, PlainValidator(_overrides)]


class Expected(Table):
    """One number that a case must give, from a source other than this program."""

    quantity: NonEmptyText = Field(description="name in the result's summary, or probes.NAME.FIELD")
    value: float | None = Field(default=None, description="the number, in the result's unit")
    like: NonEmptyText | None = Field(
        default=None,
        description="the same quantity of another case, CASE or CASE:VARIANT; of this case if CASE is empty",
    )
    times: float = Field(default=1.0, description="factor on the other case's number")
    at_least: float | None = Field(default=None, description="least number that is right")
    at_most: float | None = Field(default=None, description="largest number that is right")
    tolerance: float | None = Field(default=None, ge=0.0, description="largest error, of the case as written")
    fast_tolerance: float | None = Field(default=None, ge=0.0, description="largest error with --fast")
    fast_at_least: float | None = Field(default=None, description="at_least with --fast")
    fast_at_most: float | None = Field(default=None, description="at_most with --fast")
    why: NonEmptyText = Field(description="where the tolerance or the bound comes from")
    source: NonEmptyText = Field(description="who says so: author, year, equation or table")
    miss: NonEmptyText | None = Field(
        default=None, description="why the number is missed, where that is known"
    )

    def tolerance_in(self, fast: bool) -> float | None:
        """The largest error, as written or with the fast overrides."""
        return self.fast_tolerance if fast and self.fast_tolerance is not None else self.tolerance

    def bounds_in(self, fast: bool) -> tuple[float | None, float | None]:
        """Least and largest number that is right, as written or with the fast overrides."""
        least = self.fast_at_least if fast and self.fast_at_least is not None else self.at_least
        most = self.fast_at_most if fast and self.fast_at_most is not None else self.at_most
        return least, most

    @model_validator(mode="after")
    def _is_one_statement(self) -> Self:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if given not in (["value"], ["like"], ["at_least"], ["at_most"], ["at_least", "at_most"]):
            raise ValueError("must have value, or like, or at_least and/or at_most, and one of these alone")
        bounded = given[0].startswith("at_")
        if bounded == (self.tolerance is not None):
            raise ValueError(
                "a bound has no tolerance" if bounded else "tolerance is missing: the largest error"
            )
        self._require("times", "like", self.times != 1.0)
        for name in ("tolerance", "at_least", "at_most"):
            self._require(f"fast_{name}", name, getattr(self, f"fast_{name}") is not None)
        return self

    def _require(self, name: str, other: str, given: bool) -> None:
        if given and getattr(self, other) is None:
            raise ValueError(f"{name} says nothing without {other}")


class Variant(Table):
    """The same case with other values, in a run of its own."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = Field(description="what sets it apart")
    set: Annotated[list[str], Field(min_length=1)] = Field(description="keys of the case to replace")
    x: float | None = Field(default=None, description="the varied number, for figures")
    fast: Annotated[Overrides | None, PlainValidator(_overrides)] = Field(
        default=None, description="overrides for --fast, or false; the case's if absent"
    )
    full: bool = Field(default=False, description="whether it runs only with --full")
    expected: Annotated[list[Expected], Field(min_length=1)] = Field(description="what it must give")


class Expectations(Table):
    """A whole `expected.toml`."""

    fast: FastOverrides = Field(default=(), description="overrides for --fast, or false")
    full: bool = Field(default=False, description="whether the case runs only with --full")
    x_label: str = Field(default="", max_length=200, description="what x of the variants is, for figures")
    expected: list[Expected] = Field(default=[], description="what the case as written must give")
    variant: list[Variant] = Field(default=[], description="the same case with other values")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.expected and not self.variant:
            raise ValueError("states nothing; add an [[expected]] entry")
        names = [variant.name for variant in self.variant]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'two variants have the name "{name}"')
        return self

    def variant_named(self, name: str) -> Variant | None:
        """The variant of this name, if there is one."""
        return next((variant for variant in self.variant if variant.name == name), None)


EXPECTATIONS: Final = DocumentType(
    Expectations,
    noun="expected.toml",
    size="it has a few dozen lines",
    absent="it states what the case must give",
    example=("full", "true"),
    texts={"extra_forbidden": "unknown key", "greater_than_equal": "must not be negative"},
)


def read_expectations(path: Path) -> Expectations:
    """Read what a file states.

    Raises CaseError where it cannot be read or is not valid; the message names file, line and key.
    """
    return EXPECTATIONS.load(path)
