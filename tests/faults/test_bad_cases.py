"""Invalid cases, each with the line and the message that a user sees."""

# ruff: noqa: E501  (one bad case a line)

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from breachflow.case import json_schema, load_case, parse_case
from breachflow.constants import SPECIES, custom_species
from breachflow.document.places.locate import lines_of_keys
from breachflow.document.toml_text import literal, toml_key, toml_value
from breachflow.errors import CaseError
from breachflow.shipped import starting_case
from breachflow.theory.gases.viscosity import viscosity

GOOD = """\
title = "free flow"
gas = "air"

[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1.6 mm"

[mesh]
template = "orifice"
resolution = "medium"

[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }

[output]
file = "free.vtkhdf"
"""

IMPORTED = """\
title = "imported"
gas = { gamma = 1.4, molar_mass = "28.97 g/mol", viscosity = "1.8e-5 Pa s" }
orifice = { shape = "slit", width = "1 mm", length = "30 mm", plane = "2 mm" }

[mesh]
file = "plate.msh"
geometry = "planar"
unit = "mm"

[boundary]
inside.kind = "reservoir"
inside.pressure = "2 bar"
inside.temperature = "20 degC"
"far away" = { kind = "outlet", pressure = "20 kPa", temperature = "280 K" }
side = { kind = "inflow", pressure = "1 bar", temperature = "300 K", velocity = ["1 km/s", "-2 m/s"] }
wall = { kind = "wall" }
center = { kind = "symmetry" }
top = { kind = "extrapolate" }

[numerics]
flux = "rusanov"
limiter = "none"
order = 1

[run]
mode = "transient"
end_time = "2 ms"
wall_clock = "1 h"

[probes]
lip = [
  "0 mm",   # ] not the end
  "0.5 mm",
]

[output]
file = "out/history.h5"
snapshots = 10
"""

OUTLET = 'space = { kind = "outlet", pressure = "%s" }'
DIAMETER = 'diameter = "2 mm"'
THICKNESS = 'wall_thickness = "1.6 mm"'
SPACE = 'space = { kind = "vacuum" }'
CABIN = 'cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }'
LENGTHS = "a length is in m, dm, cm, mm, um, ft, in or mil"

# (old text, new text, line, message after "FILE:LINE: ") in GOOD.
BAD = [
    # sizes and units
    (DIAMETER, "diameter = 2", 6, f'orifice.diameter = 2: needs a unit, e.g. "2 mm"; {LENGTHS}'),
    (DIAMETER, "diameter = 2.5", 6, 'orifice.diameter = 2.5: needs a unit, e.g. "2 mm"; a length is in m'),
    (DIAMETER, 'diameter = "2"', 6, f'orifice.diameter = "2": has no unit; {LENGTHS}'),
    (DIAMETER, 'diameter = "2mm"', 6, 'needs a space between number and unit; write "2 mm"'),
    (DIAMETER, 'diameter = "2 kPa"', 6, f"is a pressure, not a length; {LENGTHS}"),
    (DIAMETER, 'diameter = "2,5 mm"', 6, 'has a comma; write a decimal point: "2.5 mm"'),
    (DIAMETER, 'diameter = "nan mm"', 6, "is not a finite number"),
    (DIAMETER, 'diameter = "inf mm"', 6, "is not a finite number"),
    (DIAMETER, 'diameter = "2 mmm"', 6, f'unknown unit "mmm"; {LENGTHS}'),
    (DIAMETER, 'diameter = "0 mm"', 6, "must be at least 1e-12 m and at most 1000 m"),
    (DIAMETER, 'diameter = "-2 mm"', 6, "must be at least 1e-12 m and at most 1000 m"),
    (DIAMETER, 'diameter = "1e9 m"', 6, "must be at least 1e-12 m and at most 1000 m"),
    (DIAMETER, 'diameter = "1e999 m"', 6, "is too large to be represented"),
    (DIAMETER, "diameter = nan", 6, "orifice.diameter = nan: is not a finite length"),
    (DIAMETER, "diameter = inf", 6, "orifice.diameter = inf: is not a finite length"),
    (DIAMETER, "diameter = true", 6, 'orifice.diameter = true: is not a length; write a number and a unit'),
    (DIAMETER, "diameter = [2]", 6, "orifice.diameter = [2]: is not a length"),
    (DIAMETER, "diameter = {}", 6, "orifice.diameter: is not a length"),
    (DIAMETER, "diameter = 2024-01-01", 6, "orifice.diameter = 2024-01-01: is not a length"),
    (DIAMETER, 'diameter = "2\\u0000 mm"', 6, 'orifice.diameter = "2\\u0000 mm": is not one plain number'),
    (DIAMETER, "diameter = 0x" + "f" * 9000, 6, "an integer of 36000 bits: needs a unit"),
    (DIAMETER, 'diametr = "2 mm"', 6, 'unknown key "diametr"; allowed: shape, diameter, wall_thickness'),
    (DIAMETER, 'Diameter = "2 mm"', 6, 'did you mean "diameter"?'),
    (DIAMETER, 'width = "2 mm"', 6, "a round hole has `diameter`, not `width`"),
    (DIAMETER, DIAMETER + '\nlength = "2 mm"', 7, "a round hole has no `length`; only a slit has one"),
    (DIAMETER, "", 4, 'orifice.diameter: is missing: diameter of the hole; write e.g. "2 mm"'),
    (THICKNESS, 'wall_thickness = "-1 mm"', 7, "must be at least 0 m and at most 1000 m"),
    ('shape = "round"', 'shape = "crack"', 5, 'allowed: "round", "slit", "outline"; `breachflow estimate` computes tubes and cracks'),
    (THICKNESS, 'wall_thickness = "1001 mm"', 7, "is more than 500 times the diameter; at most 1 m; `breachflow estimate` computes tubes and cracks"),
    (THICKNESS, THICKNESS + '\nchamfer = "1.7 mm"', 8, "is larger than wall_thickness; at most 1.6 mm"),
    (THICKNESS, 'rounding = "1 um"', 7, "is larger than wall_thickness; at most 0 mm"),
    (THICKNESS, 'wall_thickness = "9 mm"\nrounding = "5 mm"', 8, "is more than twice the diameter; at most 4 mm"),
    (THICKNESS, THICKNESS + '\nrounding = "1 mm"\nchamfer = "1 mm"', 8, "a chamfer or a rounding, not both"),
    (THICKNESS, THICKNESS + '\nchamfer = "-1 mm"', 8, "must be at least 0 m"),
    (THICKNESS, THICKNESS + '\nplane = "1 mm"', 8, "the template's hole begins at x = 0; remove plane"),
    # shape
    ('"round"', '"slit"', 6, "a slit has `width`, not `diameter`"),
    ('"round"', '"rund"', 5, 'unknown choice; allowed: "round", "slit", "outline"; did you mean "round"?'),
    ('"round"', "1", 5, 'orifice.shape = 1: must be text in quotes; allowed: "round", "slit", "outline"'),
    ('"round"', "{}", 5, "orifice.shape: must be text in quotes"),
    ('"round"', "[[]]", 5, "orifice.shape = [[...]]: must be text in quotes"),
    ('shape = "round"', "", 4, 'orifice.shape: is missing; allowed: "round", "slit", "outline"'),
    ("[orifice]", "[orifise]", 4, 'unknown key "orifise"; allowed: title, gas, orifice, mesh, boundary'),
    ("[orifice]", "[[orifice]]", 4, "orifice = [{...}]: must be a table"),
    ("[orifice]", "[orifice.x]", 4, "orifice.shape: is missing"),
    # title and gas
    ('"free flow"', "5", 1, "title = 5: must be text in quotes"),
    ('"free flow"', '"""a\nb"""', 1, "title = \"a\\nb\": must be one line without control characters"),
    ('"free flow"', '"' + "x" * 201 + '"', 1, "is too long; at most 200 characters are allowed"),
    ("title", "titl", 1, 'unknown key "titl"'),
    ('"air"', '"Air"', 2, 'gas = "Air": unknown gas; allowed: air, nitrogen, oxygen'),
    ('"air"', '"helum"', 2, 'did you mean "helium"?'),
    ('"air"', '"SF6"', 2, 'did you mean "sulfur_hexafluoride"?'),
    ('"air"', "{ nitrogen = 0.79, oxygen = 0.2 }", 2, "the mole fractions add up to 0.99, not 1"),
    ('"air"', "{ nitrogen = 0.79, oxygn = 0.21 }", 2, 'unknown key "oxygn"; allowed: air, nitrogen'),
    ('"air"', "{ nitrogen = 1.1 }", 2, "gas.nitrogen = 1.1: is out of range; allowed: more than 0, at most 1"),
    ('"air"', "5", 2, "gas = 5: must be text in quotes"),
    ('gas = "air"', "", 1, "gas: is missing: name of a gas"),
    ('"air"', "{ gamma = 1.4 }", 2, 'gas.molar_mass: is missing: molar mass, in g/mol or kg/mol; write e.g. "28'),
    ('"air"', '{ gamma = 1.0, molar_mass = "29 g/mol" }', 2, "allowed: more than 1, at most 1.67"),
    ('"air"', '{ gamma = 1.7, molar_mass = "29 g/mol" }', 2, "gas.gamma = 1.7: is out of range"),
    ('"air"', '{ gamma = "1.4", molar_mass = "29 g/mol" }', 2, "must be a number, without quotes or unit"),
    ('"air"', '{ gamma = true, molar_mass = "29 g/mol" }', 2, "gas.gamma = true: must be a number"),
    ('"air"', '{ gamma = 1.4, molar_mass = "29 kg/mol" }', 2, "must be at least 1 g/mol and at most 400 g/mol"),
    ('"air"', '{ gamma = 1.4, molar_mass = 29 }', 2, 'gas.molar_mass = 29: needs a unit, e.g. "28.97 g/mol"'),
    ('"air"', '{ gamma = 1.4, molar_mass = "29 g/mol", viscosity = "0 Pa s" }', 2, "must be at least 1e-12 Pa s"),
    # mesh
    ('"medium"', '"medum"', 11, 'allowed: "coarse", "medium", "fine"; did you mean "medium"?'),
    ('"medium"', "3", 11, 'mesh.resolution = 3: must be text in quotes; allowed: "coarse"'),
    ('"medium"', "{ across = 10 }", 11, "allowed: at least 8, at most 320, a multiple of 4"),
    ('"medium"', "{ across = 324 }", 11, "mesh.resolution.across = 324: is out of range"),
    ('"medium"', "{ across = 8.0 }", 11, "mesh.resolution.across = 8.0: must be a whole number"),
    ('"medium"', "{ across = true }", 11, "mesh.resolution.across = true: must be a whole number"),
    ('"medium"', "{}", 11, "mesh.resolution.across: is missing: cells over half the opening"),
    ('"medium"', "{ cross = 8 }", 11, 'unknown key "cross"; allowed: across; did you mean "across"?'),
    ('"medium"', '"medium"\ncabin_extent = 2', 12, "allowed: at least 3, at most 1000"),
    ('"medium"', '"medium"\ncabin_extent = "20 mm"', 12, "must be a number, without quotes or unit"),
    ('"medium"', '"medium"\nplume_extent = inf', 12, "mesh.plume_extent = inf: must be a finite number"),
    ('"medium"', '"medium"\ngeometry = "planar"', 12, "belongs to a mesh from a file"),
    ('"medium"', '"medium"\nunit = "mm"', 12, "belongs to a mesh from a file"),
    ('"medium"', '"medium"\nfile = "a.msh"', 12, "give either template or file, not both"),
    ('"medium"', '"medium"\nfile = "../a.msh"', 12, "lies outside the case's folder and its project"),
    ('"medium"', '"medium"\nfile = ""', 12, "is empty; write a path relative to the case's folder"),
    ('"medium"', '"medium"\nfile = "~/a.msh"', 12, "may not contain ~ or $"),
    ('template = "orifice"', 'template = "orifce"', 10, '"jet", "outline", "spatial", "block", "ramp"; did you mean "orifice"?'),
    ('template = "orifice"', 'file = "a.msh"', 9, 'write "planar", "axisymmetric" or "spatial"'),
    # boundaries
    ("[boundary]", "[boundri]", 13, 'did you mean "boundary"?'),
    ("[boundary]", "[boundary.x]", 13, 'boundary.x.kind: is missing; allowed: "reservoir", "vacuum"'),
    (SPACE, "", 13, 'boundary.space: boundary "space" is missing: what is outside; write space = {'),
    (CABIN, "", 13, 'boundary.cabin: boundary "cabin" is missing: the gas inside'),
    ("space =", "spce =", 15, 'unknown boundary; the template has cabin and space; did you mean "space"?'),
    (SPACE, SPACE + '\nhull = { kind = "wall" }', 16, "boundary.hull: unknown boundary; the template has cabin"),
    (SPACE, "space = 5", 15, "boundary.space = 5: must be a table"),
    (SPACE, 'space = "vacuum"', 15, 'boundary.space = "vacuum": must be a table'),
    (SPACE, "space = {}", 15, 'boundary.space.kind: is missing; allowed: "reservoir", "vacuum", "outlet"'),
    ('"vacuum"', '"vacuom"', 15, 'did you mean "vacuum"?'),
    ('"vacuum"', "7", 15, "boundary.space.kind = 7: must be text in quotes"),
    ('"vacuum"', '"wall"', 15, 'the template\'s space must be "vacuum" or "outlet"'),
    ('"vacuum"', '"vacuum", pressure = "1 Pa"', 15, 'a vacuum has no pressure; write kind = "outlet"'),
    (SPACE, OUTLET % "102 kPa", 15, "is above the cabin's 101.325 kPa: gas would flow in; swap cabin and space"),
    (SPACE, OUTLET % "101 kPa", 15, "is too close to the cabin's 101.325 kPa; at most 0.99 of it"),
    (SPACE, SPACE + '\nwall = { kind = "no_slip", temperature = "2001 K" }\n[flow]\nmodel = "laminar"', 16, 'boundary.wall.temperature = "2001 K": the viscosity of air is known from 80 to 2000 K; laminar flow needs it'),
    ("[output]", '[flow]\nmodel = "laminar"\n[run]\nmode = "transient"\nend_time = "1 ms"\n[numerics]\nbackground = 1e-8\n[output]', 18, 'the gas outside is so thin that its friction makes the time steps too short for a run to end; write [numerics] background = 3e-06, a pressure outside of 0.3 Pa or more, mode = "steady" or model = "inviscid"'),
    (SPACE, SPACE + '\nwall = { kind = "slip" }\n[flow]\nmodel = "inviscid"', 16, '"slip" needs friction; write [flow] model = "laminar", or kind = "wall"'),
    (SPACE, OUTLET % "-1 Pa", 15, "must be 0, or at least 1e-15 Pa"),
    (SPACE, OUTLET % "3 psi", 15, 'the unit "psi" is not accepted; gauge or absolute? write psia'),
    (SPACE, OUTLET % "3 psai", 15, 'unknown unit "psai"; a pressure is in Pa, mPa, hPa, kPa'),
    (SPACE, 'space = { kind = "outlet" }', 15, 'boundary.space.pressure: is missing: pressure outside, absolute'),
    ('"101.325 kPa"', '"0 kPa"', 14, "must be at least 1e-15 Pa and at most 1e6 MPa"),
    ('"101.325 kPa"', '"14,7 psi"', 14, 'has a comma; write a decimal point: "14.7 psi"'),
    ('"101.325 kPa"', "101325", 14, 'boundary.cabin.pressure = 101325: needs a unit, e.g. "101.325 kPa"'),
    ('"293.15 K"', '"20 C"', 14, 'the unit "C" is not accepted; write "20 degC"'),
    ('"293.15 K"', '"-280 degC"', 14, "must be at least 1e-6 K and at most 1e6 K"),
    ('"293.15 K"', '"0 K"', 14, "must be at least 1e-6 K"),
    (', temperature = "293.15 K"', "", 14, "boundary.cabin.temperature: is missing: total temperature; write e.g."),
    ('"reservoir", pressure = "101.325 kPa", temperature = "293.15 K"', '"wall"', 14, 'must be a "reservoir"'),
    # numerics, run, probes, output
    ("[output]", "[numerics]\norder = 3\n[output]", 18, "numerics.order = 3: unknown choice; allowed: 1 or 2"),
    ("[output]", "[numerics]\norder = true\n[output]", 18, "numerics.order = true: must be a whole number"),
    ("[output]", '[numerics]\nflux = "HLLC"\n[output]', 18, 'did you mean "hllc"?'),
    ("[output]", '[numerics]\nlimiter = "barth"\n[output]', 18, 'allowed: "none", "van_albada", "van_leer"'),
    ("[output]", "[numerics]\ncfl = 0\n[output]", 18, "numerics.cfl = 0: is out of range; allowed: more than 0, at most 1"),
    ("[output]", "[numerics]\nbackground = 0.1\n[output]", 18, "allowed: at least 1e-12, at most 0.001"),
    ("[output]", '[run]\nmode = "transient"\n[output]', 17, "run.end_time: is missing; a transient run needs it"),
    ("[output]", '[run]\nend_time = "2 ms"\n[output]', 18, 'only for mode = "transient"; remove it or change mode'),
    ("[output]", "[run]\nmax_iterations = 0\n[output]", 18, "allowed: at least 1, at most 1e+06"),
    ("[output]", "[run]\nwall_clock = 60\n[output]", 18, 'run.wall_clock = 60: needs a unit, e.g. "2 h"; a time is in'),
    ("[output]", "[run]\nresidual_drop = 1\n[output]", 18, "run.residual_drop = 1: is out of range"),
    ("[output]", '[probes]\np = ["1 mm"]\n[output]', 18, 'must be an array of two or three, e.g. ["1 mm", "1 mm"]'),
    ("[output]", '[probes]\np = ["1 mm", 2]\n[output]', 18, "the second value 2 needs a unit"),
    ("[output]", '[probes]\n"p/q" = ["1 m", "2 m"]\n[output]', 18, 'probes."p/q" = ["1 m", "2 m"]: a name has'),
    ("[output]", "[sweep]\n[output]", 17, 'sweep: has no key to sweep; write e.g. "orifice.diameter" = ['),
    ("[output]", "[cabin]\n[output]", 17, 'unknown key "cabin"; allowed: title, gas'),
    ("[output]", "[output]\nsnapshots = 2", 18, "a steady run has no snapshots; write 0"),
    ("[output]", "[output]\nsnapshots = -1", 18, "allowed: at least 0, at most 100000"),
    ('"free.vtkhdf"', '"free.vtk"', 18, "must end in .vtkhdf or .h5"),
    ('"free.vtkhdf"', "7", 18, "must be a path in quotes, relative to the case's folder"),
    ('"free.vtkhdf"', '"/etc/free.vtkhdf"', 18, "lies outside the case's folder and its project"),
    ('"free.vtkhdf"', '"${HOME}/free.vtkhdf"', 18, "may not contain ~ or $"),
    ('"free.vtkhdf"', '"a\\u0000.vtkhdf"', 18, "contains control characters"),
    ('"free.vtkhdf"', '"' + "a" * 5000 + '.vtkhdf"', 18, "is too long; at most 4096 characters are allowed"),
    # lines: the first fault is reported, wherever the key is written
    (DIAMETER, '"diameter" = "2 kPa"', 6, "orifice.diameter"),
    (DIAMETER, 'diameter = 2\nwall = """\nx"""', 6, "needs a unit"),
    ('[mesh]\ntemplate = "orifice"\nresolution = "medium"', '[mesh]\nw.y.z = 1', 10, 'unknown key "w"'),
    ('resolution = "medium"', 'resolution.across = 9', 11, "mesh.resolution.across = 9"),
]  # fmt: skip

# Texts that are not TOML: (old text, new text, "LINE:COLUMN" or "LINE", message).
NOT_TOML = [
    (DIAMETER, "diameter = 2 mm", "6:14", 'text needs quotes; write diameter = "2 mm"'),
    ('gas = "air"', "gas = air", "2:7", 'text needs quotes; write gas = "air"'),
    (DIAMETER, DIAMETER + "\n" + DIAMETER, "7:18", "the key is given twice; remove one"),
    (DIAMETER, 'diameter = "2 mm', "6:17", "a text is not closed"),
    (DIAMETER, "diameter =", "6:11", "not valid TOML: Invalid value"),
    ("[output]", "[orifice]\n[output]", "17:9", "not valid TOML: Cannot declare ('orifice',) twice"),
    ("[output]", "[output", "17:8", "not valid TOML: Expected ']' at the end of a table declaration"),
    (SPACE, SPACE[:-1], "15:27", "not valid TOML: Unclosed inline table"),
    ('file = "free.vtkhdf"\n', "file = '''x\n", "19", "a text is not closed"),
    ("[output]", "a\0b\n[output]", "17", "contains NUL bytes; a case is a TOML text"),
    ("[output]", "x = " + "9" * 5000 + "\n[output]", "17", "a number of more than 4000 digits"),
    ("[output]", "a." * 50 + "b = 1\n[output]", "17", "a key of more than 20 parts"),
    ("[output]", "x = " + "[" * 5000 + "]" * 5000 + "\n[output]", None, "is nested too deeply"),
]


def messages_of(text: str, folder: Path, *overrides: str) -> list[str]:
    """A line for each fault, without the name of the file."""
    with pytest.raises(CaseError) as caught:
        parse_case(text, path=folder / "case.toml", overrides=overrides)
    lines = str(caught.value).splitlines()
    assert lines == list(caught.value.faults)
    assert all(line.isprintable() for line in lines)
    return [line.removeprefix(f"{folder / 'case.toml'}:") for line in lines]


def message_of(text: str, folder: Path, *overrides: str) -> str:
    """The first fault."""
    return messages_of(text, folder, *overrides)[0]


def test_there_are_at_least_a_hundred_bad_cases() -> None:
    assert len(BAD) + len(NOT_TOML) >= 100


@pytest.mark.parametrize(("old", "new", "line", "fragment"), BAD)
def test_bad_case(old: str, new: str, line: int, fragment: str, tmp_path: Path) -> None:
    assert old in GOOD
    found_line, message = message_of(GOOD.replace(old, new, 1), tmp_path).split(": ", 1)
    assert fragment in message
    assert found_line == str(line)


@pytest.mark.parametrize(("old", "new", "place", "fragment"), NOT_TOML)
def test_not_toml(old: str, new: str, place: str | None, fragment: str, tmp_path: Path) -> None:
    assert old in GOOD
    message = message_of(GOOD.replace(old, new, 1), tmp_path)
    assert fragment in message
    assert place is None or message.startswith(f"{place}: ")


# The same for IMPORTED.
BAD_IMPORTED = [
    ('geometry = "planar"', "", 5, 'mesh.geometry: is missing; write "planar", "axisymmetric" or "spatial"'),
    ('geometry = "planar"', 'geometry = "axisymmetric"', 7, 'a slit orifice needs geometry = "planar"'),
    ('geometry = "planar"', 'geometry = "plane"', 7, 'did you mean "planar"?'),
    ('unit = "mm"', 'unit = "ft"', 8, 'allowed: "m", "cm", "mm", "um", "in"'),
    ('unit = "mm"', "cabin_extent = 10", 8, "belongs to a mesh from a template; remove it"),
    ('"plate.msh"', '"a~b.msh"', 6, "may not contain ~ or $"),
    ('width = "1 mm"', 'diameter = "1 mm"', 3, "a slit has `width`, not `diameter`"),
    ('"2 bar"', '"2 bars"', 12, 'boundary.inside.pressure = "2 bars": the unit "bars" is not accepted; write "2 bar"'),
    ('"20 degC"', '"-300 degC"', 13, "boundary.inside.temperature"),
    ('temperature = "280 K"', 'temperature = "0 K"', 14, 'boundary."far away".temperature = "0 K": must be at least'),
    ('"-2 m/s"]', '"-2 m"]', 15, 'the second value "-2 m" is a length, not a velocity'),
    ('["1 km/s", "-2 m/s"]', '"1 km/s"', 15, "must be an array of two"),
    ('["1 km/s", "-2 m/s"]', '["1 km/s", nan]', 15, "the second value nan is not a finite velocity"),
    (', velocity = ["1 km/s", "-2 m/s"]', "", 15, "boundary.side.velocity: is missing: velocity in x and y"),
    ('"symmetry"', '"axis"', 17, 'a planar mesh has no axis; write kind = "symmetry"'),
    ('"symmetry"', '"symmetrie"', 17, 'did you mean "symmetry"?'),
    ('"0.5 mm",', "0.5,", 31, 'probes.lip = ["0 mm", 0.5]: the second value 0.5 needs a unit'),
    ("snapshots = 10", "snapshot = 10", 38, 'unknown key "snapshot"; allowed: file, snapshots; did you mean'),
    ('"2 ms"', '"2 Ms"', 27, 'write "2 ms" or "2000000 s"'),
]  # fmt: skip


EXACT = """\
gas = "nitrogen"
[mesh]
template = "block"
geometry = "planar"
x = ["1 m", "2 m"]
y = ["0 m", "1 m"]
cells = [32, 32]
[exact]
solution = "source"
pressure = "1 bar"
temperature = "300 K"
sonic_radius = "1 m"
branch = "subsonic"
[boundary]
left = { kind = "exact" }
right = { kind = "exact" }
bottom = { kind = "symmetry" }
top = { kind = "exact" }
"""

INFLOW = '{ kind = "inflow", pressure = "1 bar", temperature = "300 K", velocity = ["500 m/s", "0 m/s"] }'

# The same for EXACT.
BAD_EXACT = [
    (
        'x = ["1 m", "2 m"]\n',
        "",
        2,
        'mesh.x: is missing: where the mesh begins and ends; write ["0 m", "1 m"]',
    ),
    ('["1 m", "2 m"]', '["2 m", "1 m"]', 5, 'mesh.x = ["2 m", "1 m"]: must begin below its end'),
    ("cells = [32, 32]\n", "", 2, "mesh.cells: is missing: cells along x and y; write e.g. [64, 32]"),
    ("[32, 32]", "[32, 0]", 7, "must be two whole numbers from 1 to 4096, e.g. [64, 32]"),
    ('geometry = "planar"\n', "", 2, 'mesh.geometry: is missing; a block is "planar" or "axisymmetric"'),
    (
        'geometry = "planar"',
        'geometry = "axisymmetric"\nturn = "30 deg"',
        5,
        "keeps its axis: remove turn and mirror",
    ),
    (
        'geometry = "planar"',
        'geometry = "planar"\nresolution = "fine"',
        5,
        'belongs to the template "orifice" or "shield" or "jet"',
    ),
    ('geometry = "planar"', 'geometry = "planar"\nturn = "30"', 5, "has no unit; an angle is in rad or deg"),
    ('"block"', '"ramp"\nangle = "70 deg"', 4, "must lie between -60 and 60 deg"),
    ('"block"', '"ramp"\nangle = "0 deg"\nspacing = [0.0, 1.0]', 5, "must be two numbers from 0.0001 to 1"),
    ('"block"', '"ramp"', 2, 'mesh.angle: is missing: of the wall; write e.g. "10 deg"'),
    (
        "[exact]",
        '[orifice]\nshape = "slit"\nwidth = "1 mm"\n[exact]',
        8,
        'the template "block" has no hole; remove [orifice]',
    ),
    ('"source"', '"sauce"', 9, 'did you mean "source"?'),
    ('solution = "source"\n', "", 8, 'exact.solution: is missing; allowed: "uniform", "vortex", "source"'),
    ('branch = "subsonic"\n', "", 8, "exact.branch: is missing: which of the two flows beyond it"),
    ('"1 bar"', '"1 K"', 10, 'exact.pressure = "1 K": is a temperature, not a pressure'),
    (
        "top =",
        "toop =",
        18,
        'unknown boundary; the template has left, right, bottom and top; did you mean "top"?',
    ),
    ('top = { kind = "exact" }', "", 14, 'boundary "top" is missing: the side of largest y'),
    ('bottom = { kind = "symmetry" }', 'bottom = { kind = "axis" }', 17, "a planar mesh has no axis"),
]


@pytest.mark.parametrize(("old", "new", "line", "fragment"), BAD_EXACT)
def test_bad_verification_case(old: str, new: str, line: int, fragment: str, tmp_path: Path) -> None:
    assert old in EXACT
    found_line, message = message_of(EXACT.replace(old, new, 1), tmp_path).split(": ", 1)
    assert fragment in message
    assert int(found_line) == line


def test_an_exact_boundary_needs_the_solution(tmp_path: Path) -> None:
    begin, end = EXACT.index("[exact]"), EXACT.index("[boundary]")
    text = EXACT[:begin] + EXACT[end:]
    assert 'boundary.left.kind = "exact": "exact" needs the table [exact]' in message_of(text, tmp_path)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {},
            'boundary: a run without a hole needs a boundary of kind "reservoir" or "inflow", or the table [exact]',
        ),
        (
            {
                '{ kind = "extrapolate" }\nright': INFLOW + "\nright",
                "[boundary]": '[run]\nmode = "transient"\nend_time = "1 ms"\n[boundary]',
            },
            'run.mode = "transient": without a hole a transient run needs the table [initial], its start; or write "steady"',
        ),
    ],
)
def test_a_stream_without_a_hole(change: dict[str, str], fault: str, tmp_path: Path) -> None:
    begin, end = EXACT.index("[exact]"), EXACT.index("[boundary]")
    text = (EXACT[:begin] + EXACT[end:]).replace('"exact"', '"extrapolate"')
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new, 1)
    assert fault in message_of(text, tmp_path)


def test_a_moving_solution_needs_a_transient_run(tmp_path: Path) -> None:
    begin, end = EXACT.index('solution = "source"'), EXACT.index("[boundary]")
    tube = 'solution = "riemann"\n' + "".join(
        f'{side} = {{ pressure = "{pressure}", temperature = "300 K" }}\n'
        for side, pressure in (("left", "1 bar"), ("right", "0 Pa"))
    )
    message = message_of(EXACT[:begin] + tube + EXACT[end:], tmp_path)
    assert 'run.mode: the solution "riemann" is not steady; write mode = "transient"' in message


@pytest.mark.parametrize(
    ("solution", "model", "other"),
    [
        ("source", "laminar", "inviscid"),
        ("couette", "inviscid", "laminar"),
        ("poiseuille", "inviscid", "laminar"),
    ],
)
def test_a_solution_of_the_other_model_is_refused(
    solution: str, model: str, other: str, tmp_path: Path
) -> None:
    begin, end = EXACT.index('solution = "source"'), EXACT.index("[boundary]")
    shear = f'solution = "{solution}"\npressure = "1 bar"\ntemperature = "300 K"\nlength = "1 m"\nspeed = "9 m/s"\n'
    plates = shear + ('upper_temperature = "310 K"\n' if solution == "couette" else "")
    text = EXACT if solution == "source" else EXACT[:begin] + plates + EXACT[end:]
    message = message_of(text + f'\n[flow]\nmodel = "{model}"\n', tmp_path)
    stated = f'flow.model = "{model}": the solution "{solution}" is one of {other} flow: write "{other}"'
    assert stated in message


def test_the_completed_verification_case_reads_back() -> None:
    case = parse_case(EXACT, overrides=["mesh.turn=30 deg", "mesh.mirror=true"])
    again = parse_case(case.completed_text)
    assert again.model_dump() == case.model_dump()
    assert again.completed_text == case.completed_text


@pytest.mark.parametrize(("old", "new", "line", "fragment"), BAD_IMPORTED)
def test_bad_imported_case(old: str, new: str, line: int, fragment: str, tmp_path: Path) -> None:
    assert old in IMPORTED
    found_line, message = message_of(IMPORTED.replace(old, new, 1), tmp_path).split(": ", 1)
    assert fragment in message
    assert found_line == str(line)


def test_an_imported_mesh_needs_a_source_of_gas(tmp_path: Path) -> None:
    text = IMPORTED.replace(
        '"inflow", pressure = "1 bar", temperature = "300 K", velocity = ["1 km/s", "-2 m/s"]', '"wall"'
    )
    text = text.replace('inside.kind = "reservoir"', 'inside.kind = "outlet"')
    expected = '10: boundary: needs at least one boundary of kind "reservoir" or "inflow"'
    assert message_of(text, tmp_path) == expected


def test_all_faults_are_told_by_line(tmp_path: Path) -> None:
    text = GOOD.replace('"vacuum"', '"vacuom"').replace('"1.6 mm"', "1.6").replace('"air"', '"ire"')
    gas, wall, space = messages_of(text, tmp_path)
    assert gas.startswith('2: gas = "ire": unknown gas')
    assert wall.startswith("7: orifice.wall_thickness = 1.6: needs a unit")
    assert space.startswith('15: boundary.space.kind = "vacuom": unknown choice')


SEVERAL: dict[str, tuple[dict[str, str], list[str]]] = {
    "a misspelled key hides no contradiction, and its value counts for none": (
        {
            "wall_thickness": "wall_thicknes",
            "[mesh]": 'chamfer = "1 mm"\nrounding = "1 mm"\n[mesh]',
            ".vtkhdf": ".vtk",
        },
        [
            '7: orifice.wall_thicknes = "1.6 mm": unknown key',
            "10: orifice.rounding",
            '20: output.file = "free.vtk": must',
        ],
    ),
    "a wrong quantity is not compared": (
        {
            '"101.325 kPa"': "1e9",
            '"vacuum"': '"outlet", pressure = "2 bar"',
            "[output]": "door.kind = 'wall'\n[output]",
        },
        ["14: boundary.cabin.pressure = 1000000000.0: needs a unit", "17: boundary.door: unknown boundary"],
    ),
    "a wrong choice": (
        {
            "[output]": '[run]\nmode = "transent"\nend_time = "1 ms"\n[output]',
            '"1.6 mm"': '"1.6 mm"\nrounding = "1.7 mm"',
            '"air"': '"ire"',
        },
        [
            '2: gas = "ire": unknown gas',
            '8: orifice.rounding = "1.7 mm": is larger than',
            '19: run.mode = "transent"',
        ],
    ),
    "a missing table": (
        {"[boundary]": "[boundri]", '"1.6 mm"': '"1.6 m"'},
        ["7: orifice.wall_thickness", "13: boundri"],
    ),
}


@pytest.mark.parametrize(("changes", "beginnings"), SEVERAL.values(), ids=list(SEVERAL))
def test_contradictions_are_told_beside_wrong_keys(
    changes: dict[str, str], beginnings: list[str], tmp_path: Path
) -> None:
    text = GOOD
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    found = messages_of(text, tmp_path)
    assert len(found) == len(beginnings)
    for message, beginning in zip(found, beginnings, strict=True):
        assert message.startswith(beginning)


@pytest.mark.parametrize("text", [GOOD, IMPORTED], ids=["template", "mesh file"])
def test_any_one_wrong_value_is_told_alone(text: str, tmp_path: Path) -> None:
    """Whatever key is at fault, no check stumbles over it or finds fault with what depends on it."""
    for key in [
        ".".join(map(toml_key, map(str, key))) for key in lines_of_keys(text) if str(key[-1]) != "file"
    ]:
        found = message_of(text, tmp_path, f"{key}=[[]]")
        assert found.startswith(f" --set {key}=[[]]: ")


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("orifice.diameter=3 kPa", f"is a pressure, not a length; {LENGTHS}"),
        ("orifice.diameter=3", f'needs a unit, e.g. "2 mm"; {LENGTHS}'),
        ("orifice.diameter=", 'is empty; write e.g. "2 mm"'),
        ("numerics.cfl=nan", "must be a finite number"),
        ("gas.gamma=1.4", "gas is not a table"),
        ("gas=helum", "unknown gas; allowed: air"),
        ("orifice.diamete=3 mm", 'unknown key "diamete"; allowed: shape, diameter'),
        ("orifce.diameter=3 mm", 'orifce: unknown key "orifce"; allowed: title'),
        ("sweep.count=3", 'must be a list such as ["1 mm", "2 mm"] or a range'),
        ("boundary.space={ kind = 'outlet' }", "boundary.space.pressure: is missing"),
        ("output.file=/etc/x.vtkhdf", "lies outside the case's folder"),
        ("orifice", "must be KEY=VALUE, e.g. orifice.diameter=3 mm"),
        ("=3 mm", "must be KEY=VALUE"),
        ("a..b=3 mm", "must be KEY=VALUE"),
    ],
)  # fmt: skip
def test_bad_override(override: str, message: str, tmp_path: Path) -> None:
    found = message_of(GOOD, tmp_path, override)
    assert found.startswith(f" --set {override}: ")
    assert message in found


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("orifice.diameter", "3 kPa"),
        ("orifice.diameter", 3),
        ("orifice.diameter", ""),
        ("gas.gamma", 1.4),
        ("gas", "helum"),
        ("orifce.diameter", "3 mm"),
        ("orifice.wall_thickness", "1001 mm"),
        ("boundary.space", {"kind": "outlet"}),
        ("boundary.space", {"kind": "outlet", "pressure": "101 kPa"}),
        ("output.file", "/etc/x.vtkhdf"),
        ("numerics.flux", "HLLC"),
        ("mesh.cells", (3, 0)),
    ],
)
def test_a_replaced_value_is_checked_as_a_set_one(key: str, value: object, tmp_path: Path) -> None:
    written = toml_value(list(value) if isinstance(value, tuple) else value)
    expected = message_of(GOOD, tmp_path, f"{key}={written}").removeprefix(f" --set {key}={written}")
    case = parse_case(GOOD, path=tmp_path / "case.toml")
    with pytest.raises(CaseError) as caught:
        case.replace(key, value)
    shown = literal(list(value) if isinstance(value, tuple) else value)
    assert str(caught.value) == f'{tmp_path / "case.toml"}: replace("{key}", {shown}){expected}'


def test_replace_gives_the_case_that_overrides_give(tmp_path: Path) -> None:
    case = parse_case(GOOD, path=tmp_path / "case.toml", overrides=["gas=helium"])
    outlet = {"kind": "outlet", "pressure": "20 kPa"}
    other = case.replace("orifice.diameter", "3 mm", "numerics.order", 1, "boundary.space", outlet)
    overrides = ["gas=helium", "orifice.diameter=3 mm", "numerics.order=1"]
    overrides.append('boundary.space={ kind = "outlet", pressure = "20 kPa" }')
    same = parse_case(GOOD, path=tmp_path / "case.toml", overrides=overrides)
    assert other.completed_text == same.completed_text
    assert (other.path, other.text) == (case.path, GOOD)
    assert case.replace({"orifice.diameter": "3 mm"}).hole.diameter == 0.003
    assert case.hole.diameter == 0.002
    assert case.replace("gas", "air").replace("orifice.diameter", "1 mm").gas == "air"
    ramp = case.replace("run.mode", "transient", "run.end_time", "1 ms")
    assert ramp.replace("run.mode", "steady", "run.end_time", None).model_dump() == case.model_dump()


def test_pressure_ratio_of_a_case(tmp_path: Path) -> None:
    case = parse_case(GOOD)
    assert (case.pressure_ratio, case.driving_gas) == (0.0, (101325.0, 293.15))
    outlet = {"kind": "outlet", "pressure": "50.6625 kPa"}
    assert case.replace("boundary.space", outlet).pressure_ratio == 0.5
    unknown = parse_case(IMPORTED).replace("boundary.'far away'", {"kind": "extrapolate"})
    assert (unknown.outside_pressure, unknown.pressure_ratio) == (None, None)
    pressure, temperature = unknown.replace("boundary.inside", {"kind": "wall"}).driving_gas
    mach = math.hypot(1000.0, 2.0) / math.sqrt(1.4 * 8.31446261815324 / 0.02897 * 300.0)
    assert temperature == pytest.approx(300.0 * (1.0 + 0.2 * mach**2), rel=1e-12)
    assert pressure == pytest.approx(1e5 * (1.0 + 0.2 * mach**2) ** 3.5, rel=1e-12)


def test_an_override_with_control_characters_stays_on_one_line(tmp_path: Path) -> None:
    assert message_of(GOOD, tmp_path, "a\nb=1").startswith(" --set a\\nb=1: must be KEY=VALUE")


def test_overrides_replace_values_of_any_kind(tmp_path: Path) -> None:
    overrides = (
        "orifice.diameter=3 mm",
        "gas=helium",
        "numerics.order=1",
        "mesh.resolution={ across = 40 }",
        'boundary.space={ kind = "outlet", pressure = "0 Pa" }',
        "boundary.'cabin'.pressure=\"2 bar\"",
    )
    case = parse_case(GOOD, path=tmp_path / "case.toml", overrides=overrides)
    assert case.orifice.diameter == 0.003
    assert case.species == SPECIES["helium"]
    assert case.numerics.order == 1
    assert case.mesh.model_dump()["resolution"] == {"across": 40}
    assert case.outside_pressure == 0.0
    assert case.reservoir is not None
    assert case.reservoir.pressure == 2e5


def test_a_good_case(tmp_path: Path) -> None:
    case = parse_case(GOOD, path=tmp_path / "case.toml")
    assert case.title == "free flow"
    assert case.species == SPECIES["air"]
    assert case.orifice.area == pytest.approx(3.141592653589793e-6, rel=1e-15)
    assert (case.orifice.wall_thickness, case.orifice.chamfer, case.orifice.length) == (0.0016, 0.0, None)
    assert (case.mesh.source, case.mesh.mesh_file, case.mesh.resolution) == ("orifice", None, "medium")
    assert case.outside_pressure == 0.0
    assert case.result_path == tmp_path / "free.vtkhdf"
    assert (case.path, case.text) == (tmp_path / "case.toml", GOOD)


def test_an_imported_case(tmp_path: Path) -> None:
    case = parse_case(IMPORTED, path=tmp_path / "case.toml")
    assert case.species == custom_species(1.4, 0.02897, 1.8e-5)
    assert case.orifice.diameter == 0.001
    assert case.orifice.area == pytest.approx(3e-5, rel=1e-15)
    assert (case.mesh.source, case.mesh.mesh_file, case.mesh.unit) == ("file", tmp_path / "plate.msh", "mm")
    assert case.outside_pressure == 20000.0
    assert case.boundary["side"].model_dump()["velocity"] == (1000.0, -2.0)
    assert case.probes == {"lip": (0.0, 0.0005)}
    assert (case.run.end_time, case.run.wall_clock) == (0.002, 3600.0)
    assert case.result_path == tmp_path / "out" / "history.h5"


def test_a_custom_gas_has_the_viscosity_given_for_it_at_300_kelvins() -> None:
    law = parse_case(IMPORTED).species.viscosity
    assert law is not None
    assert viscosity(law, 300.0) == 1.8e-5
    # Sutherland's law with 111 K: (400/300)^1.5 411/511.
    assert viscosity(law, 400.0) == pytest.approx(1.8e-5 * 1.5396007 * 411.0 / 511.0, rel=1e-7)


def test_a_mixture_by_mole_is_a_gas() -> None:
    mixed = parse_case(GOOD.replace('"air"', "{ oxygen = 0.21, nitrogen = 0.79 }"))
    assert mixed.species.molar_mass == pytest.approx(0.79 * 28.0134e-3 + 0.21 * 31.9988e-3, rel=1e-12)
    assert mixed.species.name == "0.79 nitrogen + 0.21 oxygen"
    assert "gas = { nitrogen = 0.79, oxygen = 0.21 }" in mixed.completed_text
    assert parse_case(mixed.completed_text).species == mixed.species


@pytest.mark.parametrize("text", [GOOD, IMPORTED, starting_case('a "quoted" \\ title')])
def test_a_completed_case_reads_back_to_the_same_case(text: str, tmp_path: Path) -> None:
    case = parse_case(text, path=tmp_path / "case.toml")
    again = parse_case(case.completed_text, path=tmp_path / "other.toml")
    assert again.model_dump() == case.model_dump()
    assert again.completed_text == case.completed_text


def test_a_flow_without_friction_has_no_long_bore(tmp_path: Path) -> None:
    overrides = ("flow.model=inviscid", "orifice.wall_thickness=41 mm")
    friction = 'friction rules a longer one: write [flow] model = "laminar"'
    assert f"more than 20 times the diameter; at most 40 mm; {friction}" in message_of(
        GOOD, tmp_path, *overrides
    )
    custom = 'gas={ gamma = 1.4, molar_mass = "29 g/mol" }'
    told = message_of(GOOD, tmp_path, custom, overrides[1])
    assert "friction rules a longer one: give the gas a viscosity" in told


def test_the_longest_bore_is_accepted(tmp_path: Path) -> None:
    """500 diameters of 0.1 um are 49.999999999999996 um in binary numbers."""
    bore = ("orifice.diameter=0.1 um", "boundary.cabin.pressure=10 MPa")
    told = message_of(GOOD, tmp_path, *bore, "orifice.wall_thickness=51 um")
    assert "more than 500 times the diameter; at most 50 um;" in told
    longest = parse_case(GOOD, overrides=[*bore, "orifice.wall_thickness=50 um"])
    assert longest.hole.wall_thickness == 50e-6


def test_the_completed_case_says_every_default() -> None:
    assert (
        parse_case(GOOD).completed_text
        == """\
title = "free flow"
gas = "air"

[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1.6 mm"
chamfer = "0 mm"
rounding = "0 mm"
plane = "0 mm"

[mesh]
template = "orifice"
resolution = "medium"

[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }

[flow]
model = "laminar"

[numerics]
flux = "hllc"
limiter = "van_albada"
order = 2
cfl = 0.8
background = 1e-08

[run]
mode = "steady"
residual_drop = 1e-06
mass_flow_tolerance = 1e-06
mean_tolerance = 0.01
max_iterations = 400

[output]
file = "free.vtkhdf"
snapshots = 0
"""
    )


def file_message(path: Path) -> str:
    with pytest.raises(CaseError) as caught:
        load_case(path)
    return str(caught.value).removeprefix(str(path))


def test_files_that_are_no_cases(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    assert file_message(path) == ": no such file; `breachflow init` writes a case to start from"
    assert file_message(tmp_path) == ": is a folder; give the case file in it"
    os.mkfifo(tmp_path / "pipe")
    assert file_message(tmp_path / "pipe") == ": is not a regular file"
    path.write_bytes(b'title = "a"\ngas = "\xff"\n')
    assert file_message(path) == ":2: is not UTF-8 text; save the file as UTF-8"
    path.write_bytes(b"#" * 1_000_001)
    assert file_message(path) == ": is larger than 1 MB; a case has a few dozen lines"
    path.write_bytes(b"")
    assert file_message(path).startswith(":1: gas: is missing: name of a gas")
    assert file_message(tmp_path / ("x" * 5000)) == ": cannot be read: File name too long"
    assert file_message(path / "x").startswith(": cannot be read: Not a directory")
    with pytest.raises(CaseError, match=r"^case\\u0000.toml: cannot be read: embedded null"):
        load_case("case\0.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(GOOD)
    path.chmod(0)
    assert file_message(path) == ": cannot be read: Permission denied"


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_case(path).orifice.diameter == 0.002
    path.write_bytes(GOOD.replace('"1.6 mm"', "1.6").replace("\n", "\r\n").encode())
    assert file_message(path).startswith(":7: orifice.wall_thickness = 1.6: needs a unit")


def test_paths_may_reach_the_project_but_not_beyond(tmp_path: Path) -> None:
    folder = tmp_path / "project" / "cases" / "one"
    folder.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    path = folder / "case.toml"
    path.write_text(IMPORTED.replace("plate.msh", "../../meshes/plate.msh"))
    case = load_case(path)
    assert case.mesh.mesh_file == tmp_path / "project" / "meshes" / "plate.msh"
    assert 'file = "../../meshes/plate.msh"' in case.completed_text
    path.write_text(IMPORTED.replace("plate.msh", "../../../plate.msh"))
    assert file_message(path).startswith(':6: mesh.file = "../../../plate.msh": lies outside')
    outside = load_case(path, allow_outside=True)
    assert outside.mesh.mesh_file == tmp_path / "plate.msh"


def test_links_do_not_lead_outside(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    (folder / "loop").symlink_to("loop")
    for file in ("link/plate.msh", "loop/plate.msh"):
        message = message_of(IMPORTED.replace("plate.msh", file), folder)
        assert message.startswith(f'6: mesh.file = "{file}": ')
        assert "lies outside" in message or "cannot be resolved" in message


def test_lines_of_keys_in_every_notation() -> None:
    text = """\
a = [ { b = 1 },   # "
  'x]', \"\"\"
]\"\"\" ]
c.'d e'."f\\u0067" = { g.h = '''
''', i = 2020-01-01T00:00:00Z }

[ j . k ]  # [no]
"l=m" = ''
n = "" # = "
o = -1.5e3
[[p]]
q = [
  1,
  [ 2 ],
]
r = true"""
    expected = {
        "a": 1, "a.0": 1, "a.0.b": 1, "c": 4, "c.d e": 4, "c.d e.fg": 4, "c.d e.fg.g": 4, "c.d e.fg.g.h": 4,
        "c.d e.fg.i": 5, "j": 7, "j.k": 7, "j.k.l=m": 8, "j.k.n": 9, "j.k.o": 10, "p": 11, "p.0": 11,
        "p.0.q": 12, "p.0.r": 16,
    }  # fmt: skip
    assert {".".join(map(str, key)): line for key, line in lines_of_keys(text).items()} == expected


def test_the_json_schema_names_every_key_and_no_null() -> None:
    schema = json_schema()
    assert schema["required"] == ["gas", "boundary"]
    assert list(schema["properties"]) == [
        "title", "gas", "orifice", "mesh", "boundary", "exact", "initial", "hull", "flow", "numerics", "run", "probes", "output", "sweep",
    ]  # fmt: skip
    diameter = schema["$defs"]["RoundOrifice"]["properties"]["diameter"]
    assert (diameter["type"], diameter["description"]) == ("string", "Diameter of the hole.")
    assert "null" not in json.dumps(schema)
    assert schema["$defs"]["SlitOrifice"]["properties"]["wall_thickness"]["default"] == "0 mm"
    assert schema["properties"]["gas"]["else"] == {"enum": list(SPECIES)}


def test_reading_a_case_imports_no_heavy_package() -> None:
    code = (
        "import sys, breachflow.units;"
        "light = 'pydantic' not in sys.modules;"
        "import breachflow.case as c;"
        "from breachflow.shipped import starting_case;"
        "c.parse_case(starting_case('t')).completed_text; c.json_schema();"
        "print(light, [m for m in ('numba', 'h5py', 'meshio', 'matplotlib', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True []\n"
