"""The table `[mesh]`: the keys of the template that it names, or those of a mesh file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union

from pydantic import Discriminator, Field, Tag, WrapValidator
from pydantic_core import PydanticCustomError

from breachflow.templates.registry import default_template, mesh_sources, templates
from breachflow.templates.source import FILE, MeshSource


def _with_one_source(data: Any, validate: Callable[[Any], Any]) -> Any:
    """Validate the keys of the default template where a case names none; refuse a template beside a file."""
    if not isinstance(data, dict):
        return validate(data)
    if FILE in data and "template" in data:
        validate({FILE: data[FILE], "geometry": "planar"})  # what is wrong with the file itself comes first
        raise PydanticCustomError(
            "at_key",
            "{text}",
            {"inner": (FILE,), "text": "give either template or file, not both; remove one"},
        )
    return validate(data if FILE in data else {"template": default_template(), **data})


def _kind_of_source(data: Any) -> str:
    is_file = FILE in data if isinstance(data, dict) else isinstance(data, mesh_sources()[FILE])
    return FILE if is_file else "template"


if TYPE_CHECKING:
    MeshChoice: TypeAlias = MeshSource
else:
    _Template = Union[tuple(templates().values())]  # noqa: UP007  # types known only when the program runs
    MeshChoice = Annotated[
        Annotated[Annotated[_Template, Field(discriminator="template")], Tag("template")]
        | Annotated[mesh_sources()[FILE], Tag(FILE)],
        Discriminator(_kind_of_source),
        WrapValidator(_with_one_source),
    ]
