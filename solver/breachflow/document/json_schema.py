"""The JSON schema of a document, with which an editor checks it while it is written.

A choice between tables becomes `if` and `then`: a table is checked against the one kind that it is of, so
that an editor names the wrong key. From a plain `oneOf` it learns that no kind fits, and not why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from breachflow.document.table import Table

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_of(model: type[Table], title: str) -> Schema:
    """JSON schema (2020-12) of the documents of a model; TOML has no null, so neither has the schema."""
    schema: Schema = _without_null(model.model_json_schema())
    made: Schema = _conditional(schema, schema.get("$defs", {}))
    return {"$schema": DIALECT} | made | {"title": title}


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


def _conditional(node: Any, tables: Mapping[str, Schema]) -> Any:
    """A schema in which each choice between tables is one of conditions."""
    if isinstance(node, list):
        return [_conditional(item, tables) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _conditional(value, tables) for key, value in node.items()}
    if "oneOf" not in node:
        return made
    told_apart = made.pop("discriminator", {}).get("propertyName")
    members = made.pop("oneOf")
    return made | (_by_word(members, told_apart, tables) if told_apart else _by_form(members, tables))


def _by_word(members: list[Schema], key: str, tables: Mapping[str, Schema]) -> Schema:
    """One of several tables, which a key tells apart; without the key it is the table that has it by default.

    All keys are listed too, for editors that complete keys from there alone.
    """
    kinds = [_table(member, tables) for member in members]
    words = [kind["properties"][key]["const"] for kind in kinds]
    described = {
        name: {"description": entry["description"]} if "description" in entry else {}
        for kind in kinds
        for name, entry in kind["properties"].items()
    }
    needed = [key] if all(key in kind.get("required", ()) for kind in kinds) else []
    branches = [
        {"if": _is_word(key, word, kind), "then": member}
        for member, word, kind in zip(members, words, kinds, strict=True)
    ]
    return {
        "type": "object",
        **({"required": needed} if needed else {}),
        "properties": described | {key: {"enum": words}},
        "allOf": branches,
    }


def _is_word(key: str, word: str, kind: Schema) -> Schema:
    """The condition that a table is of a kind; the kind by default needs no key."""
    condition: Schema = {"properties": {key: {"const": word}}}
    return condition if "default" in kind["properties"][key] else condition | {"required": [key]}


def _by_form(members: list[Schema], tables: Mapping[str, Schema]) -> Schema:
    """A value, or tables that their keys tell apart; any other choice stays."""
    if len(members) == 3 and all("$ref" in member for member in members[1:]):
        value, plain, free = members
        return {"if": {"type": "object"}, "then": _with_any_key(free, plain, tables), "else": value}
    if len(members) != 2 or "$ref" not in members[1]:
        return {"oneOf": members}
    other, table = members
    if other.get("type") != "object":
        return {"if": {"type": "object"}, "then": table, "else": other}
    only_there = set(_table(table, tables)["required"]) - set(other["properties"])
    return {"if": {"required": sorted(only_there)}, "then": table, "else": other}


def _with_any_key(free: Schema, plain: Schema, tables: Mapping[str, Schema]) -> Schema:
    """A table that requires none of its keys where it has one of them, otherwise the other table."""
    keys = [{"required": [key]} for key in _table(free, tables)["properties"]]
    return {"if": {"anyOf": keys}, "then": free, "else": plain}


def _table(member: Schema, tables: Mapping[str, Schema]) -> Schema:
    """The table that a member of a choice refers to."""
    return tables[member["$ref"].rpartition("/")[2]]
