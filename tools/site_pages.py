"""What the documentation site takes from outside of `docs`: a hook of MkDocs, named in `mkdocs.yml`.

The site also shows README.md, CONTRIBUTING.md, CHANGELOG.md and the README.md of every case. The hook turns
their links, which are written for the repository, into links to the same pages on the site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
PATTERNS = (
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "meshes/README.md",
    "cases/*/*/README.md", "cases/*/*/*.toml",
)  # fmt: skip
"""Files outside of `docs` that the site has."""
LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)")
"""The target of a link to a file, without its fragment."""
EXAMPLE = re.compile(r"^>>> .*(?:\n\S.*)*", flags=re.MULTILINE)
"""An example with what it prints, up to an empty line."""


def site_path(path: str) -> str:
    """Place on the site of a file, given by its path in the repository."""
    return "index.md" if path == "README.md" else path.removeprefix("docs/")


def repository_path(place: str) -> str:
    """Path in the repository of a file, given by its place on the site."""
    if place == "index.md":
        return "README.md"
    return f"docs/{place}" if (ROOT / "docs" / place).exists() else place


def files_outside() -> Iterator[str]:
    """Paths in the repository of the files that the site takes from outside of `docs`."""
    for pattern in PATTERNS:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix()


def link_on_site(target: str, page: str) -> str:
    """A link as the site needs it, given as it stands in the repository on a page with this path."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
    if (ROOT / path / "README.md").is_file():
        path = f"{path}/README.md"
    return posixpath.relpath(site_path(path), posixpath.dirname(site_path(page)) or ".")


def on_files(files: Files, *, config: Any) -> Files:
    """Add the files from outside of `docs`; links and the search lead to those of cases, no menu does."""
    for path in files_outside():
        files.append(File.generated(config, site_path(path), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """The text of a page with its links as the site needs them."""
    here = repository_path(page.file.src_uri)
    return LINK.sub(lambda found: link_on_site(found[1], here), markdown)


class Examples(griffe.Extension):
    """Shows examples in docstrings as code; griffe itself knows only those in a section of their own."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Put the lines of each example between fences."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(docstring: str) -> str:
    """A docstring with a fence around each paragraph that begins as an example.

    >>> fenced("One.\\n\\n>>> 1 + 1\\n2")
    'One.\\n\\n```pycon\\n>>> 1 + 1\\n2\\n```'
    """
    return EXAMPLE.sub(r"```pycon\n\g<0>\n```", docstring)
