"""The strictness that all tables of a document share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

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
    example: ClassVar[str] = ""
    """Example of the table, where it may stand in place of a name."""


def schema_of(model: type[Table], title: str) -> dict[str, Any]:
    """JSON schema (2020-12) of the documents of a model; TOML has no null, so neither has the schema."""
    schema: dict[str, Any] = _without_null(model.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": title}


def _without_null(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_null(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _without_null(value) for key, value in node.items() if not (key == "default" and value is None)
    }
    if len(kept.get("anyOf", ())) == 1:
        kept = kept.pop("anyOf")[0] | kept
    return kept
