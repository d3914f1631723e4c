"""Which cases share one solution and which do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_sweeps import case_text, small_case

from breachflow.case import Case, load_case, parse_case
from breachflow.case.similarity import Groups, groups_of, has_scaled_flow
from breachflow.runs.run import compute
from breachflow.sweeps import digest
from breachflow.sweeps.flow.similarity import case_digest, flow_digest
from breachflow.version import source_digest

MESHES = Path(__file__).parents[2] / "meshes"

LENGTHS = {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "um": 1e-6, "in": 0.0254}
PRESSURES = {"Pa": 1.0, "kPa": 1e3, "bar": 1e5, "torr": 101325.0 / 760.0}

scales = st.floats(1e-2, 1e2)
spans = st.sampled_from([(0.0, 0.0), (1.6, 0.0), (1.0, 0.25), (1e-3, 0.0), (0.7, 0.35)])
"""Wall thickness and edge over the diameter."""


def scaled_text(
    ratios: tuple[float, float],
    edge: str,
    outside: float,
    size: tuple[float, str],
    gas: tuple[float, str, float],
) -> str:
    """A case with the size (m, and the unit that it is written in) and the gas (Pa, unit, K) of the cabin."""
    diameter, length = size[0] / LENGTHS[size[1]], size[1]
    pressure, unit, temperature = gas[0] / PRESSURES[gas[1]], gas[1], gas[2]
    warmth = 0.8 * temperature
    return f"""
gas = "air"
flow = {{ model = "inviscid" }}
[orifice]
shape = "round"
diameter = "{diameter!r} {length}"
wall_thickness = "{diameter * ratios[0]!r} {length}"
{edge} = "{diameter * ratios[1]!r} {length}"
[boundary]
cabin = {{ kind = "reservoir", pressure = "{pressure!r} {unit}", temperature = "{temperature!r} K" }}
space = {{ kind = "outlet", pressure = "{outside * pressure!r} {unit}", temperature = "{warmth!r} K" }}
"""


@given(
    spans, st.sampled_from(["chamfer", "rounding"]), st.sampled_from([0.0, 0.3, 0.85]),
    scales, scales, scales, st.sampled_from(list(LENGTHS)), st.sampled_from(list(PRESSURES)),
)  # fmt: skip
@settings(max_examples=40, derandomize=True)
def test_scales_and_units_do_not_count(ratios, edge, outside, size, pressure, warmth, length, unit) -> None:
    plain = parse_case(scaled_text(ratios, edge, outside, (2e-3, "mm"), (1e5, "kPa", 300.0)))
    gas = (1e4 * pressure, unit, 300.0 * max(min(warmth, 3.0), 0.5))
    other = parse_case(scaled_text(ratios, edge, outside, (1e-3 * size, length), gas))
    assert groups_of(other) == groups_of(plain)
    assert flow_digest(other) == flow_digest(plain)


def test_groups_are_ratios() -> None:
    case = small_case("round", 1.6, 30.0)
    assert groups_of(case) == Groups(0.3, 0.8, 1.4)
    assert groups_of(small_case("slit", 1.6, 0.0)) == Groups(0.0, 0.8, 1.4)


SAME_FLOW = {
    "title": "title=other",
    "result file": "output.file=elsewhere.h5",
    "longest time": "run.wall_clock=1 h",
    "temperature": "boundary.cabin.temperature=250 K",
    "another gas of the same gamma": "gas=nitrogen",
    "steps of transient runs": "numerics.cfl=0.5",
    "the default, written": "mesh.cabin_extent=6",
    "the extent of the template, written": "mesh.plume_extent=6",
}

SAME_CASE = ("title", "result file", "longest time")

CHANGES = {
    "thickness": "orifice.wall_thickness=0.401 mm",
    "chamfer": "orifice.chamfer=0.1 mm",
    "rounding": "orifice.rounding=0.1 mm",
    "outside pressure": "boundary.space.pressure=60.1 kPa",
    "cabin pressure": "boundary.cabin.pressure=101 kPa",
    "outside temperature": "boundary.space.temperature=250 K",
    "another one": "boundary.space.temperature=260 K",
    "gas": "gas=argon",
    "resolution": "mesh.resolution=coarse",
    "cabin": "mesh.cabin_extent=7",
    "plume": "mesh.plume_extent=7",
    "flux": "numerics.flux=hlle",
    "limiter": "numerics.limiter=van_leer",
    "order": "numerics.order=1",
    "background": "numerics.background=1e-7",
    "residual": "run.residual_drop=1e-5",
    "mass flow": "run.mass_flow_tolerance=1e-5",
    "iterations": "run.max_iterations=401",
}


def digests(*overrides: str) -> tuple[str, str]:
    case = small_case("round", 0.4, 60.0, *overrides)
    return flow_digest(case), case_digest(case)


@pytest.mark.parametrize("what", SAME_FLOW)
def test_what_does_not_count(what: str) -> None:
    flow, case = digests(SAME_FLOW[what])
    assert flow == digests()[0]
    assert (case == digests()[1]) == (what in SAME_CASE)


def test_every_group_and_choice_counts() -> None:
    found = [digests(change) for change in CHANGES.values()]
    found += [digests(), tuple(f(small_case("slit", 0.4, 60.0)) for f in (flow_digest, case_digest))]
    for one in zip(*found, strict=True):
        assert len(set(one)) == len(CHANGES) + 2


def test_two_spellings_of_one_choice() -> None:
    coarse = small_case("round", 0.4, 60.0, "mesh.resolution=coarse")
    assert flow_digest(coarse) == digests("mesh.resolution.across=20")[0]
    slit = small_case("slit", 0.4, 60.0)
    assert flow_digest(slit) == flow_digest(small_case("slit", 0.4, 60.0, "orifice.length=30 mm"))


def test_no_pressure_outside_is_a_vacuum() -> None:
    outlet = small_case("round", 0.4, 0.0)
    vacuum = parse_case(
        case_text("round", 0.4).replace('kind = "outlet", pressure = "0.0 kPa"', 'kind = "vacuum"')
    )
    assert flow_digest(outlet) == flow_digest(vacuum)
    assert case_digest(outlet) != case_digest(vacuum)
    solved = [compute(case, threads=1).summary["discharge_coefficient"].value for case in (outlet, vacuum)]
    assert solved[0] == solved[1]


def test_the_last_digits_of_a_ratio_do_not_count() -> None:
    small, large = (
        small_case("round", t, 0.0, f"orifice.diameter={d} mm") for t, d in ((0.3, 0.1), (3.0, 1.0))
    )
    assert small.hole.wall_thickness / small.hole.diameter != large.hole.wall_thickness / large.hole.diameter
    assert flow_digest(small) == flow_digest(large)
    near = small_case("round", 3.00000000003, 0.0, "orifice.diameter=1 mm")
    assert flow_digest(near) != flow_digest(large)


def test_an_update_of_python_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    monkeypatch.setattr("sys.version", "3.99.9 (main)")
    source_digest.cache_clear()
    assert digests() == before


def test_the_sources_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    monkeypatch.setattr(digest, "source_digest", lambda _: "others")
    assert not set(before) & set(digests())


def test_the_parts_of_the_package_that_answer() -> None:
    """The layers below sweeps, except those for texts and files."""
    package = Path(digest.__file__).parents[1]
    assert all((package / part).exists() for part in digest.NOT_ANSWERING)
    assert {"case", "compiled.py", "constants.py", "numerics", "physics", "runs"} < set(digest.ANSWERING)
    assert not {"py.typed", "cases", "__pycache__", *digest.NOT_ANSWERING} & set(digest.ANSWERING)


# ---- meshes from files, and probes: cases that cannot be scaled ----


def plate(folder: Path, mesh: bytes, name: str = "plate.msh") -> Case:
    (folder / name).write_bytes(mesh)
    (folder / "case.toml").write_text(
        f"""
gas = "air"
flow = {{ model = "inviscid" }}
orifice = {{ shape = "round", diameter = "2 mm", wall_thickness = "1 mm" }}
mesh = {{ file = "{name}", geometry = "axisymmetric", unit = "mm" }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "100 kPa", temperature = "293 K" }}
space = {{ kind = "vacuum" }}
wall = {{ kind = "wall" }}
axis = {{ kind = "axis" }}
"""
    )
    return load_case(folder / "case.toml")


def test_mesh_files_count_by_their_content(tmp_path: Path) -> None:
    mesh = (MESHES / "plate_triangles.msh").read_bytes()
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    case = plate(first, mesh)
    digest = flow_digest(case)
    assert not has_scaled_flow(case)
    assert digest == case_digest(case) == flow_digest(plate(second, mesh))
    assert digest != flow_digest(plate(second, mesh + b"\n"))
    os.utime(first / "plate.msh", (1e9, 1e9))
    assert flow_digest(case) == digest
    (first / "plate.msh").write_bytes(mesh + b"\n")
    assert flow_digest(case) != digest
    (first / "plate.msh").unlink()
    assert len(flow_digest(case)) == len(digest)


def test_sizes_and_pressures_count_where_nothing_is_scaled(tmp_path: Path) -> None:
    case = plate(tmp_path, b"")
    probed = small_case("round", 0.4, 0.0, 'probes.far=["1 mm", "0 mm"]')
    transient = small_case("round", 0.4, 0.0, "run.mode=transient", "run.end_time=1 ms")
    for one in (case, probed, transient):
        assert flow_digest(one) == case_digest(one)
    larger = small_case("round", 0.8, 0.0, "orifice.diameter=4 mm", 'probes.far=["1 mm", "0 mm"]')
    assert groups_of(larger) == groups_of(probed)
    assert flow_digest(larger) != flow_digest(probed)
    assert flow_digest(
        parse_case(case.text, path=case.path, overrides=["run.wall_clock=1 h"])
    ) == flow_digest(case)
