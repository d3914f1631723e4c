"""Invalid sweeps, each with the line and the message that a user sees, and invalid points of valid sweeps."""

# ruff: noqa: E501  (one bad sweep a line)

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.case import parse_case, sweep_axes, sweep_points
from breachflow.constants import SPECIES
from breachflow.errors import CaseError

HEAD = """\
gas = "air"

[orifice]
shape = "round"
diameter = "2 mm"
wall_thickness = "1.6 mm"

[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "outlet", pressure = "20 kPa" }

[sweep]
"""

DIAMETER = '"orifice.diameter" = '
ITERATIONS = '"run.max_iterations" = '
EXTENT = '"mesh.cabin_extent" = '
CUBE = "mode = { latin_hypercube = 8, seed = 1 }\n"

LENGTHS = "a length is in m, dm, cm, mm, um, ft, in or mil"
ORIFICE = "orifice.diameter, orifice.wall_thickness, orifice.chamfer, orifice.rounding, orifice.plane, orifice.angle"
MESH = "mesh.resolution, mesh.cabin_extent, mesh.plume_extent"
CABIN = "boundary.cabin.pressure, boundary.cabin.temperature"
SPACE = "boundary.space.pressure, boundary.space.temperature"
NUMERICS = "flow.model, numerics.flux, numerics.limiter, numerics.order, numerics.cfl, numerics.background"
RUN = "run.residual_drop, run.mass_flow_tolerance, run.mean_tolerance, run.max_iterations"
ALL = f"gas, {ORIFICE}, {MESH}, {CABIN}, {SPACE}, {NUMERICS}, {RUN}"
LIST_OR_RANGE = 'must be a list such as ["1 mm", "2 mm"] or a range { from = "1 mm", to = "2 mm" }'
GASES = ", ".join(SPECIES)
MIXTURE = "{ nitrogen = 0.79, oxygen = 0.21 }"
GAS = '{ gamma = 1.4, molar_mass = "28.97 g/mol" }'
MODES = '"grid", "paired" or a table { latin_hypercube = 64, seed = 1 }'
NOT_SWEPT = "cannot be swept:"
EACH_MESH = f"{NOT_SWEPT} each mesh has keys of its own; write a case for each"

# (text under [sweep], line, message after "FILE:LINE: ").
BAD = [
    # values: units, types, names
    (DIAMETER + '["1 mm", "5 kg/s"]', 13, f'sweep."orifice.diameter" = "5 kg/s": is a mass flow, not a length; {LENGTHS}'),
    (DIAMETER + '["1 mm", "5 kg"]', 13, f'sweep."orifice.diameter" = "5 kg": is a mass, not a length; {LENGTHS}'),
    (DIAMETER + '["1 mm", 2]', 13, f'sweep."orifice.diameter" = 2: needs a unit, e.g. "2 mm"; {LENGTHS}'),
    (DIAMETER + '["2"]', 13, f'sweep."orifice.diameter" = "2": has no unit; {LENGTHS}'),
    (DIAMETER + '["2mm"]', 13, 'sweep."orifice.diameter" = "2mm": needs a space between number and unit; write "2 mm"'),
    (DIAMETER + '["nan mm"]', 13, 'sweep."orifice.diameter" = "nan mm": is not a finite number'),
    (DIAMETER + '[true]', 13, 'sweep."orifice.diameter" = true: is not a length; write a number and a unit in quotes, e.g. "2 mm"'),
    (DIAMETER + '[["1 mm"]]', 13, 'sweep."orifice.diameter" = ["1 mm"]: is not a length; write a number and a unit in quotes, e.g. "2 mm"'),
    (DIAMETER + '[2020-01-01]', 13, 'sweep."orifice.diameter" = 2020-01-01: is not a length; write a number and a unit in quotes, e.g. "2 mm"'),
    (DIAMETER + '["1 mm", 2, "3 kPa"]', 13, f'sweep."orifice.diameter" = 2: needs a unit, e.g. "2 mm"; {LENGTHS}\ncase.toml:13: sweep."orifice.diameter" = "3 kPa": is a pressure, not a length; {LENGTHS}'),
    ('"boundary.space.pressure" = ["3 psi"]', 13, 'sweep."boundary.space.pressure" = "3 psi": the unit "psi" is not accepted; gauge or absolute? write psia (a gauge pressure needs the ambient pressure added)'),
    ('gas = ["air", "helum"]', 13, f'sweep.gas = "helum": unknown gas; allowed: {GASES} or a table {GAS} or a mixture {MIXTURE}; did you mean "helium"?'),
    ("gas = [5]", 13, "sweep.gas = 5: must be text in quotes"),
    ('gas = [{ gamma = "1.3", molar_mass = "30 g/mol" }]', 13, 'sweep.gas = {...}: gas.gamma = "1.3": must be a number, without quotes or unit'),
    ("gas = [{ gamma = 1.3 }]", 13, 'sweep.gas = {...}: gas.molar_mass: is missing: molar mass, in g/mol or kg/mol; write e.g. "28.97 g/mol"'),
    ('"mesh.resolution" = ["coarse", "medum"]', 13, 'sweep."mesh.resolution" = "medum": unknown choice; allowed: "coarse", "medium", "fine"; did you mean "medium"?'),
    ('"mesh.resolution" = [{ cross = 8 }]', 13, 'sweep."mesh.resolution" = {...}: mesh.resolution.cross = 8: unknown key "cross"; allowed: across; did you mean "across"?'),
    (EXTENT + '[6, "20 mm"]', 13, 'sweep."mesh.cabin_extent" = "20 mm": must be a number, without quotes or unit'),
    (EXTENT + "[nan]", 13, 'sweep."mesh.cabin_extent" = nan: must be a finite number'),
    (EXTENT + "[6, 99999999999999999999]", 13, 'sweep."mesh.cabin_extent" = 99999999999999999999: is too large: a whole number has at most 63 bits'),
    (ITERATIONS + "[100, 200.0]", 13, 'sweep."run.max_iterations" = 200.0: must be a whole number'),
    ('"numerics.order" = [1, 3]', 13, 'sweep."numerics.order" = 3: unknown choice; allowed: 1 or 2'),
    ('"numerics.flux" = ["hllc", "HLLE"]', 13, 'sweep."numerics.flux" = "HLLE": unknown choice; allowed: "hllc", "hlle", "rusanov"; did you mean "hlle"?'),
    # lists
    (DIAMETER + '["1 mm", "2 mm", "1 mm"]', 13, 'sweep."orifice.diameter" = "1 mm": is given twice; remove one'),
    (DIAMETER + '["1 mm", "2 mm", "1000 um"]', 13, 'sweep."orifice.diameter" = "1000 um": is the same as "1 mm"; remove one'),
    (EXTENT + "[6, 6.0]", 13, 'sweep."mesh.cabin_extent" = 6.0: is given twice; remove one'),
    ('gas = [{ gamma = 1.3, molar_mass = "30 g/mol" }, { molar_mass = "0.03 kg/mol", gamma = 1.30 }]', 13, "sweep.gas = {...}: is the same as {...}; remove one"),
    (DIAMETER + "[]", 13, 'sweep."orifice.diameter" = []: is empty; give at least one value'),
    (DIAMETER + '"2 mm"', 13, f'sweep."orifice.diameter" = "2 mm": {LIST_OR_RANGE}'),
    ('size = 3', 13, f"sweep.size = 3: {LIST_OR_RANGE}"),
    # ranges
    (DIAMETER + '{ from = "1 mm", to = "5 kPa", points = 3 }', 13, f'sweep."orifice.diameter".to = "5 kPa": is a pressure, not a length; {LENGTHS}'),
    (DIAMETER + '{ from = 1, to = "5 mm", points = 3 }', 13, f'sweep."orifice.diameter".from = 1: needs a unit, e.g. "2 mm"; {LENGTHS}'),
    (DIAMETER + '{ from = "1 mm", to = "2 mm" }', 13, 'sweep."orifice.diameter".points: is missing: the number of values; write e.g. points = 25'),
    (DIAMETER + '{ from = "1 mm", points = 3 }', 13, 'sweep."orifice.diameter".to: is missing: the last value, written like one of the key'),
    (DIAMETER + '{ from = "1 mm", too = "2 mm", points = 3 }', 13, 'sweep."orifice.diameter".too = "2 mm": unknown key "too"; allowed: from, to, points, spacing; did you mean "to"?'),
    (DIAMETER + '{ from = "1 mm", to = "2 mm", points = 1 }', 13, 'sweep."orifice.diameter".points = 1: is out of range; allowed: at least 2, at most 10000'),
    (DIAMETER + '{ from = "1 mm", to = "2 mm", points = 10001 }', 13, 'sweep."orifice.diameter".points = 10001: is out of range; allowed: at least 2, at most 10000'),
    (DIAMETER + '{ from = "1 mm", to = "2 mm", points = 3.0 }', 13, 'sweep."orifice.diameter".points = 3.0: must be a whole number'),
    (DIAMETER + '{ from = "1 mm", to = "2 mm", points = 3, spacing = "lin" }', 13, 'sweep."orifice.diameter".spacing = "lin": unknown choice; allowed: "linear", "log"; did you mean "linear"?'),
    (DIAMETER + '{ from = "1 mm", to = "1000 um", points = 3 }', 13, 'sweep."orifice.diameter".to = "1000 um": is the same as `from`; write a list of one value'),
    ('"boundary.space.pressure" = { from = "0 Pa", to = "20 kPa", points = 3, spacing = "log" }', 13, 'sweep."boundary.space.pressure".spacing = "log": equal ratios need both ends above zero'),
    ('[sweep."orifice.diameter"]\nfrom = "1 mm"\nto = "2 K"\npoints = 3', 15, f'sweep."orifice.diameter".to = "2 K": is a temperature, not a length; {LENGTHS}'),
    (EXTENT + "{ from = 3, to = inf, points = 3 }", 13, 'sweep."mesh.cabin_extent".to = inf: must be a finite number'),
    (EXTENT + "{ from = 3.0, to = 3.0000000000000004, points = 3 }", 13, 'sweep."mesh.cabin_extent" = 3.0: is given twice; remove one'),
    (ITERATIONS + "{ from = 100, to = 401, points = 4 }", 13, 'sweep."run.max_iterations": takes whole numbers, which 4 points from 100 to 401 are not'),
    (ITERATIONS + '{ from = 100, to = 300, points = 3, spacing = "log" }', 13, 'sweep."run.max_iterations": takes whole numbers, which 3 points from 100 to 300 are not'),
    ('gas = { from = "air", to = "helium", points = 2 }', 13, "sweep.gas: has no values between two others; write a list of them"),
    ('"numerics.order" = { from = 1, to = 2, points = 2 }', 13, 'sweep."numerics.order": has no values between two others; write a list of them'),
    # keys
    ('orifice.diameter = ["1 mm"]', 13, 'sweep.orifice.diameter = ["1 mm"]: write the key in quotes: "orifice.diameter"'),
    ('\nboundary.space.pressure = { from = "1 Pa", to = "2 Pa", points = 2 }', 14, 'sweep.boundary.space.pressure: write the key in quotes: "boundary.space.pressure"'),
    ('[sweep.orifice]\ndiameter = ["1 mm"]', 14, 'sweep.orifice.diameter = ["1 mm"]: write the key in quotes: "orifice.diameter"'),
    ('values = { "flow.model" = ["laminar"] }', 13, 'sweep.values."flow.model" = ["laminar"]: write the key in [sweep] itself: "flow.model"'),
    ("gas.gamma = [1.3, 1.4]", 13, 'sweep.gas.gamma = [1.3, 1.4]: write the key in quotes: "gas.gamma"'),
    ('"orifice.diametr" = ["1 mm"]', 13, f'sweep."orifice.diametr" = ["1 mm"]: unknown key; allowed: {ORIFICE}; did you mean "orifice.diameter"?'),
    ('diameter = ["1 mm"]', 13, f'sweep.diameter = ["1 mm"]: unknown key; allowed: {ALL}; did you mean "orifice.diameter"?'),
    ('"orifice.area" = [1]', 13, f'sweep."orifice.area" = [1]: unknown key; allowed: {ORIFICE}; did you mean "orifice.plane"?'),
    ('"orifice.diameter.x" = [1]', 13, f'sweep."orifice.diameter.x" = [1]: unknown key; allowed: {ORIFICE}; did you mean "orifice.diameter"?'),
    ('"orifice.width" = ["1 mm"]', 13, 'sweep."orifice.width" = ["1 mm"]: a round hole has `diameter`, not `width`'),
    ('"boundary.spce.pressure" = ["1 Pa"]', 13, f'sweep."boundary.spce.pressure" = ["1 Pa"]: unknown key; allowed: {CABIN}, {SPACE}; did you mean "boundary.space.pressure"?'),
    ('"orifice..diameter" = ["1 mm"]', 13, 'sweep."orifice..diameter" = ["1 mm"]: is no key of a case; write e.g. "orifice.diameter"'),
    ('"" = [1]', 13, 'sweep."" = [1]: is no key of a case; write e.g. "orifice.diameter"'),
    ('"gas = 0 #" = ["air"]', 13, 'sweep."gas = 0 #" = ["air"]: is no key of a case; write e.g. "orifice.diameter"'),
    ('orifice = ["1 mm"]', 13, f'sweep.orifice = ["1 mm"]: is a table; allowed: {ORIFICE}'),
    ('"boundary.space" = ["1 Pa"]', 13, f'sweep."boundary.space" = ["1 Pa"]: is a table; allowed: {SPACE}'),
    ('"gas.gamma" = [1.3]', 13, f'sweep."gas.gamma" = [1.3]: gas is a name in this case; write {GAS} to sweep a key of it'),
    ('"mesh.resolution.across" = [8]', 13, 'sweep."mesh.resolution.across" = [8]: mesh.resolution is a name in this case; write { across = 40 } to sweep a key of it'),
    ('"mesh.cells" = [[8, 8]]', 13, 'sweep."mesh.cells" = [[...]]: belongs to the template "block" or "ramp"'),
    ('"mesh.unit" = ["mm"]', 13, 'sweep."mesh.unit" = ["mm"]: belongs to a mesh from a file'),
    (DIAMETER + '["1 mm"]\n"\'orifice\'.diameter" = ["2 mm"]', 14, 'sweep."\'orifice\'.diameter" = ["2 mm"]: overlaps "orifice.diameter"; remove one'),
    # keys that are the same in all points
    ('title = ["a"]', 13, f'sweep.title = ["a"]: {NOT_SWEPT} it changes no flow'),
    ('"output.file" = ["a.h5"]', 13, f'sweep."output.file" = ["a.h5"]: {NOT_SWEPT} it changes no flow; a sweep names its own files'),
    ('"probes.lip" = [["0 mm", "1 mm"]]', 13, f'sweep."probes.lip" = [[...]]: {NOT_SWEPT} it changes no flow'),
    ('"sweep.mode" = ["grid"]', 13, f'sweep."sweep.mode" = ["grid"]: {NOT_SWEPT} it is the sweep itself'),
    ('"exact.length" = ["1 m"]', 13, f'sweep."exact.length" = ["1 m"]: {NOT_SWEPT} it belongs to verification'),
    ('"run.wall_clock" = ["1 h"]', 13, f'sweep."run.wall_clock" = ["1 h"]: {NOT_SWEPT} it changes no flow'),
    ('"run.mode" = ["steady"]', 13, f'sweep."run.mode" = ["steady"]: {NOT_SWEPT} a sweep is of steady runs'),
    ('"run.end_time" = ["1 s"]', 13, f'sweep."run.end_time" = ["1 s"]: {NOT_SWEPT} a sweep is of steady runs'),
    ('"orifice.shape" = ["round", "slit"]', 13, f'sweep."orifice.shape" = ["round", "slit"]: {NOT_SWEPT} each shape has keys of its own; write a case for each'),
    ('"boundary.space.kind" = ["vacuum"]', 13, f'sweep."boundary.space.kind" = ["vacuum"]: {NOT_SWEPT} each kind has keys of its own; write a case for each; an outlet at "0 Pa" is a vacuum'),
    ('"mesh.file" = ["a.msh"]', 13, 'sweep."mesh.file" = ["a.msh"]: belongs to a mesh from a file'),
    ('"mesh.template" = ["jet"]', 13, f'sweep."mesh.template" = ["jet"]: {EACH_MESH}'),
    ('"mesh.geometry" = ["planar"]', 13, f'sweep."mesh.geometry" = ["planar"]: {EACH_MESH}'),
    # modes and counts
    ("", 12, 'sweep: has no key to sweep; write e.g. "orifice.diameter" = ["1 mm", "2 mm"]'),
    ('mode = "grd"\n' + EXTENT + "[6]", 13, f'sweep.mode = "grd": unknown mode; allowed: {MODES}'),
    ('mode = "latin_hypercube"\n' + EXTENT + "[6]", 13, f'sweep.mode = "latin_hypercube": unknown mode; allowed: {MODES}'),
    ("mode = { latin_hypercube = 8 }\n" + EXTENT + "{ from = 3, to = 9 }", 13, "sweep.mode.seed: is missing: where the random numbers begin; write e.g. seed = 1"),
    ("mode = { latin_hypercube = 1, seed = 1 }\n" + EXTENT + "{ from = 3, to = 9 }", 13, "sweep.mode.latin_hypercube = 1: is out of range; allowed: at least 2, at most 100000"),
    ("mode = { latin_hypercube = 100001, seed = 1 }\n" + EXTENT + "{ from = 3, to = 9 }", 13, "sweep.mode.latin_hypercube = 100001: is out of range; allowed: at least 2, at most 100000"),
    ("mode = { latin_hypercube = 8, seed = -1 }\n" + EXTENT + "{ from = 3, to = 9 }", 13, "sweep.mode.seed = -1: is out of range; allowed: at least 0, at most 9.22337e+18"),
    ("mode = { latin_hypercub = 8, seed = 1 }\n" + EXTENT + "{ from = 3, to = 9 }", 13, 'sweep.mode.latin_hypercub = 8: unknown key "latin_hypercub"; allowed: latin_hypercube, seed; did you mean "latin_hypercube"?'),
    (CUBE + EXTENT + "[6]", 14, 'sweep."mesh.cabin_extent" = [6]: a latin hypercube takes ranges, { from = ..., to = ... }, and no lists'),
    (CUBE + EXTENT + "{ from = 3, to = 9, points = 8 }", 14, 'sweep."mesh.cabin_extent".points = 8: a latin hypercube has its own number of points; remove this'),
    (CUBE + ITERATIONS + "{ from = 3, to = 9 }", 14, 'sweep."run.max_iterations": takes whole numbers, which a latin hypercube does not give'),
    ('mode = "paired"\n' + DIAMETER + '["1 mm", "2 mm", "3 mm"]\n' + EXTENT + "{ from = 3, to = 9, points = 2 }", 15, 'sweep."mesh.cabin_extent": has 2 values, but "orifice.diameter" has 3; paired lists are equally long'),
    ('mode = "paired"\n' + DIAMETER + '["1 mm", "1 mm", "1000 um"]\n' + EXTENT + "[6, 7, 6.0]", 12, 'sweep: pairs 1 and 3 are the same, orifice.diameter = "1 mm", mesh.cabin_extent = 6.0; remove one'),
    (EXTENT + "{ from = 3, to = 9, points = 400 }\n" + DIAMETER + '{ from = "1 mm", to = "9 mm", points = 300 }', 12, "sweep: has 120000 points (400 x 300); at most 100000 are allowed"),
    (EXTENT + "[" + "1," * 100001 + "]", 12, "sweep: has 100001 points; at most 100000 are allowed"),
    ('mode = "paired"\n' + EXTENT + "[" + "1," * 100001 + "]", 12, "sweep: has 100001 points; at most 100000 are allowed"),
]  # fmt: skip


def message_of(text: str, *overrides: str) -> str:
    with pytest.raises(CaseError) as caught:
        parse_case(text, path=Path("case.toml"), overrides=overrides)
    assert all(line.isprintable() for line in caught.value.faults)
    return str(caught.value)


@pytest.mark.parametrize(("sweep", "line", "message"), BAD)
def test_bad_sweep(sweep: str, line: int, message: str) -> None:
    assert message_of(HEAD + sweep + "\n") == f"case.toml:{line}: {message}"


# (changes of HEAD, text under [sweep], line, message): what kind of case may be swept.
BAD_CASES = [
    ({'"outlet", pressure = "20 kPa"': '"vacuum"'}, '"boundary.space.pressure" = ["1 Pa"]', 13, 'sweep."boundary.space.pressure" = ["1 Pa"]: a vacuum has no pressure; write kind = "outlet" to give one'),
    ({'"outlet", pressure = "20 kPa"': '"vacuum"'}, '"boundary.space" = ["1 Pa"]', 13, f'sweep."boundary.space" = ["1 Pa"]: is a table; allowed: {CABIN}'),
    ({'"round"\ndiameter': '"slit"\nwidth'}, '"orifice.diameter" = ["1 mm"]', 13, 'sweep."orifice.diameter" = ["1 mm"]: a slit has `width`, not `diameter`'),
    ({"[sweep]": '[run]\nmode = "transient"\nend_time = "1 ms"\n[sweep]'}, '"orifice.diameter" = ["1 mm"]', 15, 'sweep: a transient run cannot be swept; write mode = "steady" in [run]'),
    ({'"2 mm"': "2"}, '"orifice.diameter" = ["1 kg"]', 5, f'orifice.diameter = 2: needs a unit, e.g. "2 mm"; {LENGTHS}\ncase.toml:13: sweep."orifice.diameter" = "1 kg": is a mass, not a length; {LENGTHS}'),
    ({'"1.6 mm"': '"1.1 m"'}, '"orifice.diameter" = ["1 Pa"]', 6, 'orifice.wall_thickness = "1.1 m": is more than 500 times the diameter; at most 1 m; `breachflow estimate` computes tubes and cracks\ncase.toml:13: sweep."orifice.diameter" = "1 Pa": is a pressure, not a length; ' + LENGTHS),
    ({'"air"': '{ gamma = 1.3, molar_mass = "30 g/mol" }'}, '"gas.gama" = [1.3]', 13, 'sweep."gas.gama" = [1.3]: unknown key; allowed: gas, gas.name, gas.gamma, gas.molar_mass, gas.viscosity, gas.viscosity_exponent, gas.prandtl; did you mean "gas.gamma"?'),
    ({'"air"': '{ gamma = 1.3, molar_mass = "30 g/mol" }'}, 'gas = ["air"]\n"gas.gamma" = [1.3]', 14, 'sweep."gas.gamma" = [1.3]: overlaps "gas"; remove one'),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sweep", "line", "message"), BAD_CASES)
def test_cases_that_cannot_be_swept(changes: dict[str, str], sweep: str, line: int, message: str) -> None:
    text = HEAD
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    assert message_of(text + sweep) == f"case.toml:{line}: {message}"


BLOCK = """\
gas = "nitrogen"
[mesh]
template = "block"
geometry = "planar"
x = ["1 m", "2 m"]
y = ["0 m", "1 m"]
cells = [32, 32]
[boundary]
left = { kind = "inflow", pressure = "1 bar", temperature = "300 K", velocity = ["500 m/s", "0 m/s"] }
right = { kind = "extrapolate" }
bottom = { kind = "symmetry" }
top = { kind = "symmetry" }
[sweep]
"mesh.cells" = [[8, 8]]
"""


def test_a_case_without_a_hole_cannot_be_swept() -> None:
    assert (
        message_of(BLOCK) == "case.toml:13: sweep: a case without [orifice] cannot be swept; remove [sweep]"
    )


def test_a_verification_case_cannot_be_swept() -> None:
    exact = '[exact]\nsolution = "uniform"\npressure = "1 bar"\ntemperature = "300 K"\n[sweep]'
    message = message_of(BLOCK.replace("[sweep]", exact))
    assert message == "case.toml:17: sweep: a case with [exact] cannot be swept; remove [sweep]"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ('sweep."orifice.diameter"=["1 Pa"]', f'sweep."orifice.diameter" = "1 Pa": is a pressure, not a length; {LENGTHS}'),
        ('sweep."orifice.diameter"="1 mm"', LIST_OR_RANGE),
        ('sweep.orifice.diameter=["1 mm"]', 'write the key in quotes: "orifice.diameter"'),
        ("sweep.mode=paired", 'sweep."orifice.diameter": has 3 values, but "mesh.cabin_extent" has 2; paired lists are equally long'),
    ],
)  # fmt: skip
def test_bad_overrides_of_a_sweep(override: str, message: str) -> None:
    text = HEAD + EXTENT + "[6, 9]\n" + DIAMETER + '{ from = "1 mm", to = "3 mm", points = 3 }\n'
    where = "case.toml:14: " if "mode" in override else f"case.toml: --set {override}: "
    assert message_of(text, override) == where + message


# (text under [sweep], numbers of the invalid points with their errors).
BAD_POINTS = [
    (DIAMETER + '["1 mm", "0 mm", "-2 mm", "2000 m"]', {
        1: 'orifice.diameter = "0 mm": must be at least 1e-12 m and at most 1000 m',
        2: 'orifice.diameter = "-2 mm": must be at least 1e-12 m and at most 1000 m',
        3: 'orifice.diameter = "2000 m": must be at least 1e-12 m and at most 1000 m',
    }),
    (DIAMETER + '["0.5 um"]\n"orifice.wall_thickness" = ["0 mm"]', {0: 'orifice.diameter = "0.5 um": is too small for so thin a gas: rarefaction parameter delta = 3.4, and laminar flow with slip is refused below 5; `breachflow estimate` knows rarefied gas'}),
    (DIAMETER + '["0.003 mm"]', {0: 'orifice.wall_thickness = "1.6 mm": is more than 500 times the diameter; at most 1.5 mm; `breachflow estimate` computes tubes and cracks'}),
    ('"orifice.wall_thickness" = ["0 mm", "1.001 m"]', {1: 'orifice.wall_thickness = "1.001 m": is more than 500 times the diameter; at most 1 m; `breachflow estimate` computes tubes and cracks'}),
    ('"orifice.chamfer" = ["0 mm", "1 mm", "1.7 mm"]\n"orifice.rounding" = ["0 mm", "1 mm"]', {
        3: 'orifice.rounding = "1 mm": an edge has a chamfer or a rounding, not both; remove one',
        4: 'orifice.chamfer = "1.7 mm": is larger than wall_thickness; at most 1.6 mm',
        5: 'orifice.rounding = "1 mm": an edge has a chamfer or a rounding, not both; remove one; orifice.chamfer = "1.7 mm": is larger than wall_thickness; at most 1.6 mm',
    }),
    ('"orifice.plane" = ["0 mm", "1 mm"]', {1: 'orifice.plane = "1 mm": the template\'s hole begins at x = 0; remove plane'}),
    ('"boundary.space.pressure" = ["0 Pa", "101 kPa", "2 bar"]', {
        1: 'boundary.space.pressure = "101 kPa": is too close to the cabin\'s 101.325 kPa; at most 0.99 of it',
        2: 'boundary.space.pressure = "200 kPa": is above the cabin\'s 101.325 kPa: gas would flow in; swap cabin and space',
    }),
    ('"boundary.cabin.pressure" = ["10 kPa", "0 Pa"]', {
        0: 'boundary.space.pressure = "20 kPa": is above the cabin\'s 10 kPa: gas would flow in; swap cabin and space',
        1: 'boundary.cabin.pressure = "0 Pa": must be at least 1e-15 Pa and at most 1e6 MPa',
    }),
    ('"boundary.cabin.temperature" = ["-300 degC", "20 degC"]', {0: 'boundary.cabin.temperature = "-26.85 K": must be at least 1e-6 K and at most 1e6 K'}),
    ('gas = ["air", { gamma = 1.0, molar_mass = "30 g/mol" }]', {1: "gas.gamma = 1.0: is out of range; allowed: more than 1, at most 1.67"}),
    ('"mesh.resolution" = [{ across = 8 }, { across = 10 }]', {1: "mesh.resolution.across = 10: is out of range; allowed: at least 8, at most 320, a multiple of 4"}),
    (EXTENT + "{ from = 1, to = 3, points = 3 }", {
        0: "mesh.cabin_extent = 1.0: is out of range; allowed: at least 3, at most 1000",
        1: "mesh.cabin_extent = 2.0: is out of range; allowed: at least 3, at most 1000",
    }),
    (ITERATIONS + "[0, 1]", {0: "run.max_iterations = 0: is out of range; allowed: at least 1, at most 1e+06"}),
]  # fmt: skip


@pytest.mark.parametrize(("sweep", "errors"), BAD_POINTS)
def test_bad_points_do_not_spoil_a_sweep(sweep: str, errors: dict[int, str]) -> None:
    points = sweep_points(parse_case(HEAD + sweep + "\n"))
    assert {point.number: point.error for point in points if point.error} == errors
    assert [point.case is None for point in points] == [bool(point.error) for point in points]


def test_a_case_without_a_sweep_has_no_points() -> None:
    case = parse_case(HEAD.replace("[sweep]\n", ""), path=Path("/folder/case.toml"))
    expected = (
        "/folder/case.toml: has no table [sweep], the keys to sweep; "
        'write e.g. "orifice.diameter" = ["1 mm", "2 mm"] in it'
    )
    for function in (sweep_points, sweep_axes):
        with pytest.raises(CaseError) as caught:
            function(case)
        assert str(caught.value) == expected
