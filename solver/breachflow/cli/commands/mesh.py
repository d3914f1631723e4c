"""`breachflow mesh`: the mesh of a case as a file."""

from __future__ import annotations

from pathlib import Path

import click

from breachflow.cli.options import ALLOW_OUTSIDE, CASE, SET
from breachflow.cli.printing.lines import print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(cls=ListedCommand, section=HelpSection.PREPARE)
@CASE
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Mesh file, .msh (Gmsh) or .vtu (VTK); mesh.vtu beside the case if absent.",
)
@SET
@ALLOW_OUTSIDE
def mesh(case: Path, output: Path | None, overrides: tuple[str, ...], allow_outside: bool) -> None:
    """Write the mesh of a case, for a look or for another program.

    It is the finest one of the run; ParaView opens .vtu, Gmsh opens .msh.
    """
    from breachflow.case import load_case
    from breachflow.mesh.quality import mesh_quality
    from breachflow.runs.output import write_case_mesh

    loaded = load_case(case, overrides, allow_outside=allow_outside)
    path = output or loaded.folder / "mesh.vtu"
    made = write_case_mesh(loaded, path)
    print_line(f"wrote {short_path(path)}")
    for line in mesh_quality(made).describe():
        print_line(f"  {line}")
