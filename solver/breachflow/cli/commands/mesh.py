"""`breachflow mesh`: the mesh of a case as a file."""

from __future__ import annotations

from pathlib import Path

import click

from breachflow.cli.options import CaseArgument, output, with_case
from breachflow.cli.printing.lines import print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(
    cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow mesh breach/case.toml -o breach.vtu"
)
@with_case
@output("FILE", "Mesh file, .msh (Gmsh) or .vtu (VTK); mesh.vtu beside the case if absent.")
def mesh(case: CaseArgument, output: Path | None) -> None:
    """Write the mesh of a case, to view it or for another program.

    It is the finest mesh of the run. ParaView opens .vtu, Gmsh opens .msh.
    """
    from breachflow.mesh.quality import mesh_quality
    from breachflow.runs.output import write_case_mesh

    loaded = case.load()
    path = output or loaded.folder / "mesh.vtu"
    made = write_case_mesh(loaded, path)
    print_line(f"wrote {short_path(path)}")
    for line in mesh_quality(made).describe():
        print_line(f"  {line}")
