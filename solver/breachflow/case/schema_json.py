"""The JSON schema of a case, for editors and for programs that write cases."""

from __future__ import annotations

from typing import Any

from breachflow.case.schema import Case


def json_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a case file; TOML has no null, so neither has the schema."""
    schema: dict[str, Any] = _without_null(Case.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": "Breachflow case"}


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
