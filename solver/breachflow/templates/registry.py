"""The sources of meshes that the folder `library` offers, and to which of them a key of `[mesh]` belongs."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from breachflow.registry import module_names
from breachflow.templates import library
from breachflow.templates.source import FILE, MeshSource


@cache
def mesh_sources() -> dict[str, type[MeshSource]]:
    """Return every template by its name, in the order of their ranks, and mesh files last, as `file`."""
    found = {name: _source_in(name) for name in module_names(library.__path__)}
    files = found.pop(FILE)
    return {**dict(sorted(found.items(), key=lambda item: item[1].rank)), FILE: files}


@cache
def templates() -> dict[str, type[MeshSource]]:
    """Return every template by its name, in the order of their ranks."""
    return {name: source for name, source in mesh_sources().items() if name != FILE}


def default_template() -> str:
    """Return the name of the template of a case that names neither a template nor a file."""
    return next(
        name for name, source in templates().items() if not source.model_fields["template"].is_required()
    )


def owners(key: str, source: str) -> str:
    """Say to which other meshes a key of `[mesh]` belongs that `source` does not have; empty if to none."""
    homes = [name for name, other in mesh_sources().items() if key in other.model_fields]
    if source in homes or not homes:
        return ""
    if source == FILE:
        return "a mesh from a template"
    named = " or ".join(f'"{home}"' for home in homes if home != FILE)
    files = ["a mesh from a file"] if FILE in homes else []
    return " or to ".join([*files, *([f"the template {named}"] if named else [])])


def _source_in(name: str) -> type[MeshSource]:
    source: type[MeshSource] = import_module(f"{library.__name__}.{name}").SOURCE
    return source
