"""Places in a document and the annotations of its models that hold there."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin

from pydantic import Tag
from pydantic.fields import FieldInfo

from breachflow.document.faults import Key
from breachflow.document.table import Table

Location: TypeAlias = tuple[int | str, ...]
"""Location of an error of pydantic: a key and the tags of the union members that it went through."""

Annotation: TypeAlias = Any
"""An annotation of a field; the typing module has no type for all of them."""

_NONE: Final = type(None)


class Spot(NamedTuple):
    """A place in a document."""

    key: Key
    table: type[Table]
    """The table that the key belongs to; of the key of a dict of tables, the table above."""
    field: FieldInfo | None
    """The field of the key; None if the table does not have it."""
    annotation: Annotation
    """Annotation of the values allowed here."""


def spot_at(model: type[Table], location: Location) -> Spot:
    """The place of a pydantic error in a document of the given model."""
    spot = Spot((), model, None, model)
    for part in location:
        spot = _within(spot, part)
    return spot


def keys_of(table: type[Table]) -> list[str]:
    """The keys of a table, as a document writes them."""
    return [field.alias or name for name, field in table.model_fields.items()]


def bare(annotation: Annotation) -> Annotation:
    """An annotation without its metadata and without None.

    >>> bare(Annotated[float | None, "metadata"])
    <class 'float'>
    """
    while True:
        if _origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif is_union(annotation) and _NONE in get_args(annotation):
            annotation = Union[tuple(kind for kind in get_args(annotation) if kind is not _NONE)]  # noqa: UP007
        else:
            return annotation


def annotation_of(field: FieldInfo) -> Annotation:
    """The annotation of a field with its metadata, which pydantic keeps apart."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def metadata_of(annotation: Annotation) -> tuple[Any, ...]:
    """The metadata of an annotation; empty if it has none."""
    return get_args(annotation)[1:] if _origin(annotation) is Annotated else ()


def is_union(annotation: Annotation) -> bool:
    """Whether an annotation is a choice of several."""
    return _origin(annotation) in (Union, types.UnionType)


def is_table(annotation: Annotation) -> bool:
    """Whether an annotation is the model of a table."""
    return isinstance(annotation, type) and issubclass(annotation, Table)


def members_of(annotation: Annotation) -> list[Annotation]:
    """The members of a union, and of unions in it, without None; of any other annotation, itself alone."""
    inner = bare(annotation)
    if not is_union(inner):
        return [annotation]
    return [within for member in get_args(inner) for within in members_of(member)]


def table_among(annotation: Annotation) -> type[Table] | None:
    """The first table of a key that takes a name or a table; None of any other key."""
    members = [bare(member) for member in members_of(annotation)]
    tables: list[type[Table]] = [member for member in members if is_table(member)]
    return tables[0] if 0 < len(tables) < len(members) else None


def tagged(annotation: Annotation, key: str) -> list[str]:
    """The values that tell the tables of a union apart, which they have under a key."""
    return [word for member in members_of(annotation) for word in _literals(bare(member), key)]


def values_of(annotation: Annotation) -> Annotation:
    """Annotation of the values of a dict or of the items of a list; None of other annotations."""
    inner = bare(annotation)
    if _origin(inner) not in (dict, list):
        return None
    return get_args(inner)[-1]


def _origin(annotation: Annotation) -> object:
    """`get_origin`, whose types mypy resolves wrongly for an annotation of any kind."""
    return get_origin(annotation)


def _within(spot: Spot, part: int | str) -> Spot:
    """The next place on the way along a location."""
    inner = bare(spot.annotation)
    if is_union(inner):
        return spot._replace(annotation=_member(inner, str(part)))
    if not is_table(inner):
        return spot._replace(key=(*spot.key, part), annotation=values_of(inner))
    field = _field_named(inner, str(part))
    annotation = annotation_of(field) if field else _extra(inner)
    return Spot((*spot.key, str(part)), inner, field, annotation)


def _field_named(table: type[Table], key: str) -> FieldInfo | None:
    fields: Mapping[str, FieldInfo] = table.model_fields
    return fields.get(key) or next((field for field in fields.values() if field.alias == key), None)


def _extra(table: type[Table]) -> Annotation:
    """Annotation of the keys that a table takes beyond its fields; None if it takes none."""
    return values_of(inspect.get_annotations(table, eval_str=True).get("__pydantic_extra__"))


def _member(union: Annotation, tag: str) -> Annotation:
    return next((member for member in get_args(union) if tag in _tags(member)), None)


def _tags(member: Annotation) -> list[str]:
    given = [item.tag for item in metadata_of(member) if isinstance(item, Tag)]
    inner = bare(member)
    names = (
        [word for name in inner.model_fields for word in _literals(inner, name)] if is_table(inner) else []
    )
    return given or names


def _literals(table: type[Table], key: str) -> list[str]:
    """The one value of a key that tells a table apart; none of other keys."""
    annotation = table.model_fields[key].annotation if key in table.model_fields else None
    words = list(get_args(annotation)) if _origin(annotation) is Literal else []
    return words if len(words) == 1 else []
