"""The strictness that all tables of a document share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict


class Misplaced(NamedTuple):
    """A key that people write in a table that does not have it."""

    advice: str
    """Text of the error, in place of a list of the keys of the table."""
    instead: str = ""
    """Key of the table that is meant, if there is one."""


class Table(BaseModel):
    """One table of a document: no unknown key, no conversion between types, never changed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    misplaced: ClassVar[Mapping[str, Misplaced]] = {}
    """Keys of other tables that people write in this one."""
    elsewhere: ClassVar[Mapping[str, str]] = {}
    """Kinds of tables in this one that people ask for and that it does not have, and where they are found."""
    example: ClassVar[str] = ""
    """Example of the table, where it may stand in place of a name."""
