"""The cases that come with the program, in an installed package and in a clone; a case to start from."""

from __future__ import annotations

import textwrap
import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from breachflow.case_kinds import CASE_FILE, CaseKind, kind_of
from breachflow.constants import SPECIES
from breachflow.document.toml_text import toml_string
from breachflow.errors import UsageError
from breachflow.physics import fluxes, limiters
from breachflow.words import suggested

EXPECTED: Final = "expected.toml"
LAW: Final = "law.h5"
"""The table of a shipped sweep, with the law that was fitted to it."""

SCHEMA: Final = "case-schema.json"
"""The JSON schema beside a case, by which editors complete and check it."""

_STARTING_CASE: Final = """\
#:schema ./{schema}
title = {title}
gas = "air"                                # or {{ gamma = 1.4, molar_mass = "28.97 g/mol" }}, or
{gases}

[orifice]
shape = "round"                            # round (axisymmetric) or slit (planar: `width`, no `diameter`)
diameter = "2 mm"
wall_thickness = "1.6 mm"                  # "0 mm" is a knife edge
# chamfer = "0.5 mm"                       # of the upstream edge, 45 degrees; or: rounding = "0.5 mm"

[mesh]
template = "orifice"                       # or file = "a.msh", geometry = "axisymmetric", unit = "mm"
resolution = "medium"                      # coarse, medium, fine, or {{ across = 40 }} cells in a radius

[boundary]
cabin = {{ kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }}
space = {{ kind = "vacuum" }}                # or {{ kind = "outlet", pressure = "20 kPa" }}

[output]
file = "result.vtkhdf"

# All that follows has good defaults; `breachflow check` prints the completed case.
# [numerics]
# flux = "hllc"                            # {fluxes}
# limiter = "van_albada"                   # {limiters}
# order = 2

# [run]
# mode = "transient"                       # steady is the default
# end_time = "2 ms"

# [probes]
# lip = ["0 mm", "0.9 mm"]                 # x along the axis, y from it
"""


_COMMENT_COLUMN: Final = 43
"""Where the comments of the starting case begin."""


class ShippedCase(NamedTuple):
    """A folder with a case and its expected numbers."""

    name: str
    """Group and folder, such as orifice/slit."""
    folder: Path

    @property
    def title(self) -> str:
        """The title of the case."""
        return str(self._data.get("title", ""))

    @property
    def is_swept(self) -> bool:
        """Whether the case has a table [sweep]."""
        return "sweep" in self._data

    @property
    def law(self) -> Path | None:
        """The table with the law that the sweep of the case was fitted with; None of other cases."""
        path = self.folder / LAW
        return path if path.is_file() else None

    @property
    def kind(self) -> CaseKind:
        """The kind of the case, by its keys."""
        return kind_of(self._data)

    def copied_files(self) -> dict[str, bytes]:
        """The files of a copy by name: the case, its expected numbers, its meshes or its record."""
        text = (self.folder / CASE_FILE).read_text(encoding="utf-8")
        files = {EXPECTED: (self.folder / EXPECTED).read_bytes()}
        meshes = self._data.get("mesh", {}).get("file", [])
        named = [meshes] if isinstance(meshes, str) else meshes
        for name in [*named, self._data["record"]] if self.kind is CaseKind.RECORD else named:
            files[Path(name).name] = (self.folder / name).read_bytes()
            text = text.replace(f'"{name}"', f'"{Path(name).name}"')
        return {CASE_FILE: text.encode(), **files}

    @property
    def _data(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / CASE_FILE).read_text(encoding="utf-8"))


def root() -> Path:
    """The folder of `cases` and `meshes`: the package itself in a wheel, the repository in a clone."""
    package = Path(__file__).resolve().parent
    return package if (package / "cases").is_dir() else package.parents[1]


def cases() -> list[ShippedCase]:
    """All cases with expected numbers, sorted by name."""
    home = root() / "cases"
    folders = sorted(
        path.parent for path in home.glob(f"**/{CASE_FILE}") if path.with_name(EXPECTED).is_file()
    )
    return [ShippedCase(folder.relative_to(home).as_posix(), folder) for folder in folders]


def cases_with_law() -> dict[str, ShippedCase]:
    """The sweeps whose fitted laws are shipped, by name."""
    return {case.name: case for case in cases() if case.law is not None}


def find_cases(name: str) -> list[ShippedCase]:
    """The case of this name, or all cases of the group of this name."""
    name = name.rstrip("/")
    return [case for case in cases() if case.name == name or case.name.startswith(f"{name}/")]


def find_case(name: str) -> ShippedCase:
    """The case of this name. Raises UsageError, which names the nearest case, where there is none."""
    found = [case for case in cases() if case.name == name.rstrip("/")]
    if not found:
        raise unknown_case(name)
    return found[0]


def named_by(path: Path) -> ShippedCase | None:
    """The shipped case that the end of a path names: GROUP/NAME or NAME, perhaps with case.toml."""
    parts = path.parent.parts if path.name == CASE_FILE else path.parts
    ends = {"/".join(parts[-2:]), "/".join(parts[-1:])}
    found = [case for case in cases() if ends & {case.name, case.folder.name}]
    return found[0] if found else None


def unknown_case(name: str, group: bool = False) -> UsageError:
    """The error that there is no such case, or group where one is allowed; it names the nearest one."""
    names = [case.name for case in cases()]
    known = sorted({*names, *(case.split("/")[0] for case in names)}) if group else names
    hint = suggested(name, known) or "; `breachflow init --list` lists them"
    return UsageError(f'no shipped case "{name}"{hint}')


def starting_case(title: str) -> str:
    """The text of a commented case that runs as it is."""
    return _STARTING_CASE.format(
        schema=SCHEMA,
        title=toml_string(title),
        gases=_commented(", ".join(name for name in SPECIES if name != "air")),
        fluxes=", ".join(fluxes.NAMES),
        limiters=", ".join(limiters.NAMES),
    )


def _commented(words: str) -> str:
    """Words as comment lines below the comments of the starting case."""
    margin = " " * _COMMENT_COLUMN + "# "
    return textwrap.fill(words, 100, initial_indent=margin, subsequent_indent=margin)
