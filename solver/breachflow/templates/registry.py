"""The sources of meshes that the folder `library` offers, and to which of them a key of `[mesh]` belongs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from breachflow.document.table import Misplaced
from breachflow.registry import module_names
from breachflow.templates import library
from breachflow.templates.source import FILE, MeshSource


@cache
def mesh_sources() -> dict[str, type[MeshSource]]:
    """Every template by its name, in the order of their ranks, and mesh files last, as `file`.

    Each then knows the keys of the others, for messages about a key that it does not have.
    """
    found = {name: _source_in(name) for name in module_names(library.__path__)}
    files = found.pop(FILE)
    sources = {**dict(sorted(found.items(), key=lambda item: item[1].rank)), FILE: files}
    for name, source in sources.items():
        source.misplaced = _foreign_keys(name, sources)
    return sources


@cache
def templates() -> dict[str, type[MeshSource]]:
    """Every template by its name, in the order of their ranks."""
    return {name: source for name, source in mesh_sources().items() if name != FILE}


def default_template() -> str:
    """The name of the template of a case that names neither a template nor a file."""
    return next(
        name for name, source in templates().items() if not source.model_fields["template"].is_required()
    )


def owners(key: str, source: str) -> str:
    """The other meshes that a key of `[mesh]` belongs to which `source` does not have, in words."""
    return _owners(key, source, mesh_sources())


def _source_in(name: str) -> type[MeshSource]:
    source: type[MeshSource] = import_module(f"{library.__name__}.{name}").SOURCE
    return source


def _foreign_keys(name: str, sources: Mapping[str, type[MeshSource]]) -> dict[str, Misplaced]:
    keys = {key for source in sources.values() for key in source.model_fields}
    meant = {key: _owners(key, name, sources) for key in keys}
    return {key: Misplaced(f"belongs to {homes}; remove it") for key, homes in meant.items() if homes}


def _owners(key: str, source: str, sources: Mapping[str, type[MeshSource]]) -> str:
    homes = [name for name, other in sources.items() if key in other.model_fields]
    if source in homes or not homes:
        return ""
    if source == FILE:
        return "a mesh from a template"
    named = " or ".join(f'"{home}"' for home in homes if home != FILE)
    files = ["a mesh from a file"] if FILE in homes else []
    return " or to ".join([*files, *([f"the template {named}"] if named else [])])
