"""`breachflow.bench`: counts, figures from repeats, tables and verdicts. No test judges a time."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

import breachflow
import breachflow.bench
from breachflow.bench.block_flow import block_flow, block_mesh
from breachflow.bench.compare import Verdict, compare
from breachflow.bench.holes import case_file, hole, puncture
from breachflow.bench.machine import _byte_count
from breachflow.bench.measure import friction, limits, memory, startup, steady, throughput, transient
from breachflow.bench.measure.limits import Limits, limits_of
from breachflow.bench.measure.steady import IterationSample, exponent, falling_time, settling_time
from breachflow.bench.options import RESOLUTIONS, BenchOptions
from breachflow.bench.process import Finished, breachflow_process
from breachflow.bench.records import (
    Benchmark,
    Measurement,
    description,
    duration,
    find,
    rate,
    read_benchmark,
    write_benchmark,
)
from breachflow.bench.sections import SECTIONS, chosen, measure
from breachflow.bench.tables import LAYOUTS, DisplayTable, tables
from breachflow.bench.timing import FEWEST, SHORT, Spread, repeated, spread, timed, timed_in_turn
from breachflow.bench.work import Operations, Work, bounds, sweep_work
from breachflow.case import load_case
from breachflow.errors import BreachflowError, ResultError, UsageError
from breachflow.numerics.space.residual import make_workspace
from breachflow.runs.setup.meshes import case_meshes

MODULES = [module.name for module in pkgutil.walk_packages(breachflow.bench.__path__, "breachflow.bench.")]
MACHINE: Mapping[str, str | int] = {"processor": "one", "cores": 2}


def options(**changes: object) -> BenchOptions:
    quick = {"threads": (1,), "tell": lambda _: None, "cells": (60,), "resolutions": ("8",), "seconds": 0.0}
    return BenchOptions(**(quick | changes))  # type: ignore[arg-type]


def benchmark(*records: Measurement, machine: Mapping[str, str | int] = MACHINE) -> Benchmark:
    return Benchmark(machine, {"python": "3"}, "abc", "2026-01-01", {"seconds": 0.3}, list(records))


def limit(name: str, value: float) -> Measurement:
    return Measurement("limits", name, {"threads": 1}, "1/s", value, value, True)


def seconds(value: float | None, name: str = "run") -> Measurement:
    return Measurement("steady", name, {"threads": 1}, "s", value, value, False)


def test_worked_examples() -> None:
    outcomes = [doctest.testmod(importlib.import_module(name)) for name in MODULES]
    assert sum(outcome.attempted for outcome in outcomes) >= 10
    assert sum(outcome.failed for outcome in outcomes) == 0


# ---------------------------------------------------------------- repeats and figures


def test_repeats_are_never_fewer_than_three() -> None:
    calls: list[int] = []
    assert repeated(lambda: calls.append(1), 0.0) == [None] * FEWEST
    assert len(calls) == FEWEST == 3


def test_the_first_call_is_not_timed() -> None:
    calls: list[int] = []
    found = timed(lambda: calls.append(1), 0.0)
    assert len(calls) == FEWEST + 1
    assert 0.0 < found.best <= found.median


def test_a_rate_is_an_amount_over_the_times() -> None:
    found = rate("throughput", "fluxes", {"cells": 8}, 8.0, Spread(2.0, 4.0), "1/s")
    assert found == ("throughput", "fluxes", {"cells": 8}, "1/s", 4.0, 2.0, True)


def test_a_duration_is_better_when_lower() -> None:
    found = duration("steady", "run", {}, spread([5.0, 3.0, 4.0]))
    assert found == ("steady", "run", {}, "s", 3.0, 4.0, False)


def test_find_takes_all_parameters_in_any_order() -> None:
    record = description("steady", "cells", {"resolution": "fine", "threads": 2}, 7.0)
    assert find([record], "steady", "cells", threads=2, resolution="fine") is record
    assert find([record], "steady", "cells", threads=2) is None


@pytest.mark.parametrize(("text", "expected"), [("48K", 49152), ("32M", 33554432), ("512", 512), ("", 0)])
def test_sizes_of_caches(text: str, expected: int) -> None:
    assert _byte_count(text) == expected


# ---------------------------------------------------------------- the file


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = benchmark(
        seconds(1.5), seconds(None, "residual"), limit("memory", 2e10), description("a", "b", {}, -1.0)
    )
    write_benchmark(made, tmp_path / "a.json")
    assert read_benchmark(tmp_path / "a.json") == made


def test_each_record_has_its_line_and_its_keys(tmp_path: Path) -> None:
    write_benchmark(benchmark(seconds(1.5), limit("memory", 2e10)), tmp_path / "a.json")
    lines = [line for line in (tmp_path / "a.json").read_text().splitlines() if '"section"' in line]
    assert json.loads(lines[0].rstrip(",")) == {
        "section": "steady", "name": "run", "parameters": {"threads": 1}, "unit": "s", "value": 1.5,
        "median": 1.5, "higher_is_better": False,
    }  # fmt: skip
    assert len(lines) == 2
    assert list(json.loads((tmp_path / "a.json").read_text())) == [
        "format", "machine", "versions", "source_digest", "date", "options", "records"
    ]  # fmt: skip


GOOD = {
    "format": 1, "machine": {}, "versions": {}, "source_digest": "", "date": "", "options": {}, "records": []
}  # fmt: skip
RECORD = seconds(1.0)._asdict()
KEYS = "section, name, parameters, unit, value, median, higher_is_better"

BAD = [
    ("[1]", "is not a JSON object as `breachflow bench --json` writes one"),
    ("{", "is not a JSON object as `breachflow bench --json` writes one"),
    ("[" * 100_000, "is not a JSON object as `breachflow bench --json` writes one"),
    ("{}", 'is not a file of `breachflow bench --json`: it has no "machine"'),
    (GOOD | {"format": 2}, 'is not a file of `breachflow bench --json`: "format" is not 1'),
    (GOOD | {"machine": 1}, '"machine" is an object and "records" a list of objects'),
    (GOOD | {"records": {}}, '"machine" is an object and "records" a list of objects'),
    (GOOD | {"records": [RECORD, 7]}, f"record 2: has not the keys {KEYS}"),
    (GOOD | {"records": [RECORD | {"more": 1}]}, f"record 1: has not the keys {KEYS}"),
    (GOOD | {"records": [RECORD | {"value": "1"}]}, "record 1: value = '1' is not possible"),
    (
        GOOD | {"records": [RECORD | {"parameters": {"a": []}}]},
        "record 1: parameters are texts and whole numbers",
    ),
    (GOOD | {"records": [RECORD | {"value": True}]}, "record 1: value = True is not possible"),
    (GOOD | {"records": [RECORD | {"median": float("nan")}]}, "record 1: median = nan is not possible"),
]


@pytest.mark.parametrize(("content", "message"), BAD, ids=[message for _, message in BAD])
def test_a_bad_file_is_told(content: str | dict[str, object], message: str, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(ResultError) as error:
        read_benchmark(file)
    assert str(error.value) == f"{file}: {message}"


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"no such file; `breachflow bench --json FILE` writes one$"):
        read_benchmark(tmp_path / "a.json")
    with pytest.raises(ResultError, match=r"cannot be read: Is a directory$"):
        read_benchmark(tmp_path)


# ---------------------------------------------------------------- comparison


@pytest.mark.parametrize(
    ("now", "ratio", "verdict"),
    [
        (1.0, 1.0, Verdict.SAME),
        (1.19, 1.0 / 1.19, Verdict.SAME),
        (1.21, 1.0 / 1.21, Verdict.WORSE),
        (0.84, 1.0 / 0.84, Verdict.SAME),
        (0.5, 2.0, Verdict.BETTER),
        (None, 0.0, Verdict.WORSE),
    ],
)
def test_a_time_is_judged_by_its_ratio(now: float | None, ratio: float, verdict: Verdict) -> None:
    found = compare(benchmark(seconds(1.0)), benchmark(seconds(now)), 1.2).comparisons
    assert [(one.ratio, one.verdict) for one in found] == [(pytest.approx(ratio, rel=1e-15), verdict)]


def test_a_rate_is_better_when_higher() -> None:
    before, after = (
        Measurement("throughput", "stage", {}, "1/s", value, value, True) for value in (2.0, 1.0)
    )
    assert compare(benchmark(before), benchmark(after), 1.2).worse[0].ratio == 0.5


def test_limits_and_descriptions_are_not_judged() -> None:
    cells = description("steady", "cells", {}, 100.0)
    old = benchmark(limit("memory", 4.0), cells, seconds(1.0))
    new = benchmark(limit("memory", 3.9), cells._replace(value=1.0), seconds(1.0))
    compared = compare(old, new, 1.01)
    assert [one.verdict for one in compared.comparisons] == [Verdict.LIMIT, Verdict.SAME]
    assert len(compared.judged) == 1


def test_a_disturbed_machine_is_told() -> None:
    old = benchmark(limit("memory", 4.0), limit("divide", 1.0), seconds(1.0))
    new = benchmark(limit("memory", 2.0), limit("divide", 1.0), seconds(2.0))
    compared = compare(old, new, 1.2)
    assert [one.ratio for one in compared.judged] == [0.5]
    assert compared.notes == [
        "the limits of the same machine are 0.50 to 1.00 times what they were: something else was running; "
        "measure again when it is quiet"
    ]
    assert compare(old, old, 1.2).notes == []


def test_another_machine_is_divided_out_of_times_but_not_of_memory() -> None:
    """Limits 2 and 8 times as high have the mean 4."""
    taken = Measurement("memory", "bytes_per_cell", {}, "B", 3000.0, 3000.0, False)
    old = benchmark(limit("memory", 1.0), limit("divide", 1.0), seconds(8.0), taken)
    new = benchmark(
        limit("memory", 2.0),
        limit("divide", 8.0),
        seconds(4.0),
        taken,
        machine=MACHINE | {"processor": "two"},
    )
    compared = compare(old, new, 1.2)
    assert [one.ratio for one in compared.judged] == [pytest.approx(0.5, rel=1e-15), 1.0]
    assert compared.notes == [
        "two machines (processor one and two): the limits of the second are 2.00 to 8.00 times those of the "
        "first; times and rates are divided by their mean, 4.00"
    ]


def test_another_machine_without_limits_is_told() -> None:
    compared = compare(benchmark(seconds(2.0)), benchmark(seconds(1.0), machine={"cores": 4}), 1.2)
    assert [one.ratio for one in compared.judged] == [2.0]
    assert compared.notes == [
        "two machines (processor one and None, cores 2 and 4) and no limits of both: the ratios say as much "
        "of the machines as of the program"
    ]


def test_what_only_one_file_has_is_counted() -> None:
    old, new = benchmark(seconds(1.0), seconds(1.0, "old")), benchmark(seconds(1.0), seconds(1.0, "new"))
    assert compare(old, new, 1.2).notes == [
        "in the first file alone, not compared: 1",
        "in the second file alone, not compared: 1",
    ]
    with pytest.raises(UsageError, match=r"^the two files have no measurement in common$"):
        compare(benchmark(seconds(1.0)), benchmark(limit("memory", 1.0)), 1.2)


# ---------------------------------------------------------------- tables


def test_a_table_has_a_row_for_each_set_of_parameters() -> None:
    records = [
        *(description("steady", "cells", {"resolution": name, "threads": 1}, 31296.0) for name in ("a", "b")),
        seconds(0.12345, "run")._replace(parameters={"resolution": "a", "threads": 1}),
        seconds(None, "residual")._replace(parameters={"resolution": "a", "threads": 1}),
        description("steady", "run_exponent", {"threads": 1}, 1.174),
    ]
    assert list(tables(records)) == [
        DisplayTable(
            "steady answer, s from the start of the run",
            ("resolution", "threads", "cells", "mass flow within 0.1 %", "residual down 6 orders",
             "whole run", "iterations", "Cd"),
            [("a", "1", "31296", "-", "-", "0.123", "-", "-"), ("b", "1", "31296", "-", "-", "-", "-", "-")],
        ),
        DisplayTable(
            "steady answer, exponent of the seconds against the cells",
            ("threads", "mass flow within 0.1 %", "residual down 6 orders", "whole run"),
            [("1", "-", "-", "1.17")],
        ),
    ]  # fmt: skip


def test_the_bounding_resource_is_the_one_that_needs_most_time() -> None:
    fractions = {
        "states memory": 0.614,
        "states arithmetic": 0.1,
        "stage divider": 0.2,
        "stage memory": 0.199,
    }
    records = [description("bound", name, {"threads": 1}, value) for name, value in fractions.items()]
    (table,) = tables(records)
    assert table.headings == ("threads", "states", "gradients", "fluxes", "balances", "stage")
    assert table.rows == [("1", "61 % memory", "-", "-", "-", "20 % divider")]


# ---------------------------------------------------------------- work


def test_bytes_are_those_of_the_arrays() -> None:
    """Two by two squares: 12 faces, 8 of them on the boundary, 4 x 4 sides; numbers of 8 B, indices of 4 B.

    Each cell has four neighbors for its gradient: with two inner faces it is widened by its neighbors.
    """
    mesh = block_mesh(4, triangles=False)
    flow = block_flow(mesh, axisymmetric=False)
    assert (mesh.n_cells, mesh.n_faces) == (4, 12)
    entries = len(flow.layout.cells.stencil)
    work = sweep_work(flow.layout, make_workspace(flow.layout), flow.conserved)
    state, ghosts, gradient, flux = 4 * 4 * 8, 8 * 4 * 8, 4 * 8 * 8, 12 * 4 * 8
    assert work["states"].bytes == 2 * state + ghosts
    assert work["gradients"].bytes == state + ghosts + 5 * 4 + entries * (4 + 16) + gradient
    assert work["fluxes"].bytes == state + ghosts + gradient + 12 * (2 * 4 + 8 + 3 * 16) + flux
    assert work["balances"].bytes == state + ghosts + flux + 5 * 4 + 16 * 4 + 12 * 4 + 4 * 8 + state
    assert work["stage"].bytes == sum(
        work[sweep].bytes for sweep in ("states", "gradients", "fluxes", "balances")
    )


def test_a_stage_does_what_its_sweeps_do() -> None:
    flow = block_flow(block_mesh(60, triangles=True), axisymmetric=True)
    work = sweep_work(flow.layout, make_workspace(flow.layout), flow.conserved)
    *sweeps, stage = work.values()
    assert stage.operations == pytest.approx(np.sum([sweep.operations for sweep in sweeps], axis=0))


def test_memory_delivers_what_the_cache_cannot_hold() -> None:
    machine = Limits(memory=1e9, cache=4e9, multiply_add=1e9, divide=1e9, square_root=1e9)
    found = [bounds(Work(8e6, Operations()), machine, cache) for cache in (8_000_000, 6_000_000, 0)]
    assert [least["memory"] for least in found] == [0.0, 2e-3, 8e-3]
    assert [least["cache"] for least in found] == [2e-3, 2e-3, 2e-3]


@pytest.mark.parametrize("triangles", [False, True])
@pytest.mark.parametrize("axisymmetric", [False, True])
def test_the_flow_that_is_timed_is_physical_and_varied(triangles: bool, axisymmetric: bool) -> None:
    flow = block_flow(block_mesh(1000, triangles), axisymmetric)
    assert abs(flow.layout.n_cells - 1000) < 50
    density, u, v, energy = flow.conserved.T
    pressure = 0.4 * (energy - 0.5 * (u * u + v * v) / density)
    assert density.min() > 0.79
    assert pressure.min() > 0.79
    assert min(np.ptp(density), np.ptp(pressure)) > 0.3
    assert bool(flow.layout.cells.source_area.min() > 0.0) is axisymmetric


# ---------------------------------------------------------------- steady answers


def test_the_settling_time_counts_from_the_last_departure() -> None:
    """A coarser mesh whose answer stayed within 0.1 % of the final one also counts."""
    samples = [
        IterationSample(0.5 * i, 1 + i // 3, flow, 1.0)
        for i, flow in enumerate((2.0, 0.5, 1.0009, 1.0009, 1.0))
    ]
    assert settling_time(samples) == 1.0
    assert settling_time(samples[-1:]) == 2.0
    assert settling_time([*samples, IterationSample(9.0, 2, 5.0, 1.0)]) == 9.0


def test_the_residual_counts_on_the_finest_mesh_alone() -> None:
    falls = [(1, 1e-9), (2, 1.0), (2, 2e-6), (2, 0.9e-6), (2, 1e-8)]
    samples = [IterationSample(float(i), level, 1.0, residual) for i, (level, residual) in enumerate(falls)]
    assert falling_time(samples) == 3.0
    assert falling_time(samples[:3]) is None


def test_the_exponent_is_that_of_a_power_law() -> None:
    """The scatter is equal and opposite at the ends, in logarithms, so that least squares cancel it."""
    cells = [1e3, 4e3, 16e3]
    times = [1e-3 * count**1.3 for count in cells]
    assert exponent(cells, times) == pytest.approx(1.3, rel=1e-12)
    scattered = [times[0] * 1.1, times[1] / 1.1**2, times[2] * 1.1]
    assert exponent(cells, scattered) == pytest.approx(1.3, rel=1e-12)


def test_the_cases_are_those_of_the_names() -> None:
    with case_file(hole("8")) as path:
        case = load_case(path)
    assert (case.hole.wall_thickness, case.outside_pressure, case.run.residual_drop) == (0.0, 0.0, 1e-6)
    with case_file(puncture("coarse", 0.02)) as path:
        case = load_case(path)
    assert (case.run.mode, case.run.end_time) == ("transient", pytest.approx(2e-8))


def test_the_largest_hole_has_the_cells_that_are_promised() -> None:
    with case_file(hole(RESOLUTIONS[-1])) as path:
        assert case_meshes(load_case(path))[-1].n_cells == pytest.approx(31_000, rel=0.02)


# ---------------------------------------------------------------- the sections, on tiny meshes


@pytest.fixture
def quick_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LARGEST_ARRAY": 2**16, "CACHED_TRAFFIC": 2**16, "PASSES": 2}.items():
        monkeypatch.setattr(limits, name, value)


def names(records: Sequence[Measurement], section: str) -> list[str]:
    return list(dict.fromkeys(record.name for record in records if record.section == section))


def test_each_section_is_a_module_that_measures() -> None:
    for section in SECTIONS.values():
        assert callable(section.measure)
        assert set(section.needs) <= set(SECTIONS)
    assert chosen([]) == list(SECTIONS)


@pytest.mark.slow
def test_limits_and_throughput_run(quick_limits: None) -> None:
    told: list[str] = []
    first, second = measure(options(tell=told.append), ["throughput"])
    assert names(first, "limits") == list(Limits._fields)
    assert limits_of(first, 1) == tuple(record.value for record in first)
    assert limits_of(first, 7) is None
    sweeps = ["states", "gradients", "fluxes", "balances", "stage"]
    assert names(second, "throughput") == sweeps
    assert {tuple(record.parameters.values()) for record in second if record.section == "throughput"} == {
        (elements, geometry, cells, 1)
        for elements, cells in (("triangles", 50), ("quadrilaterals", 64))
        for geometry in ("planar", "axisymmetric")
    }
    assert names(second, "bound") == [
        f"{sweep} {resource}" for sweep in sweeps for resource in ("memory", "cache", "arithmetic", "divider")
    ]
    assert all(record.value is not None and record.value > 0.0 for record in first)
    assert told == [
        "limits: memory, cache and arithmetic, 1 thread",
        "throughput: triangles planar 50 cells, 1 thread",
        "throughput: triangles axisymmetric 50 cells, 1 thread",
        "throughput: quadrilaterals planar 64 cells, 1 thread",
        "throughput: quadrilaterals axisymmetric 64 cells, 1 thread",
    ]
    titles = [table.title for table in tables([*first, *second])]
    assert titles == [layout.title for layout in LAYOUTS[:4]]


def test_kernels_of_limits_do_what_they_say() -> None:
    out, b, c = np.array([[[0.0, 0.0]], [[1.0, 2.0]], [[3.0, 4.0]]])
    limits.triad(out, b, c, 2)
    assert out.tolist() == [[7.0, 10.0]]
    values = np.array([[0.3]])
    limits.divide(values, 80)
    assert values[0, 0] == pytest.approx((13.0**0.5 - 1.0) / 2.0, rel=1e-15)
    limits.square_root(values, 80)
    assert values[0, 0] == pytest.approx((5.0**0.5 + 1.0) / 2.0, rel=1e-15)
    values[:] = 0.5
    limits.multiply_add(values, 1)
    assert values[0, 0] == 1.0 - 0.5**17


def test_steady_runs() -> None:
    records = list(steady.measure(options(resolutions=("8", "12"))))
    assert names(records, "steady") == [
        "mass_flow", "residual", "run", "cells", "iterations", "discharge_coefficient",
        "mass_flow_exponent", "residual_exponent", "run_exponent",
    ]  # fmt: skip
    times = [find(records, "steady", name, resolution="12", threads=1) for name in steady.TIMES]
    values = [record.value for record in times if record is not None and record.value is not None]
    assert len(values) == 3
    assert values == sorted(values)
    found = find(records, "steady", "discharge_coefficient", resolution="8", threads=1)
    # Cells of an eighth of the radius: within 2 % of the 0.83 of the finest mesh.
    assert found is not None
    assert found.value == pytest.approx(0.83, rel=0.02)


@pytest.mark.slow
def test_transient_runs() -> None:
    records = list(transient.measure(options()))
    assert names(records, "transient") == ["per_microsecond", "cells", "iterations"]
    assert all(record.value for record in records)


def test_friction_compares_both_flows() -> None:
    """Each ratio is that of the two best times before it."""
    found = list(friction.measure(options(), []))
    assert names(found, "friction") == [
        f"{sweep} {what}" for sweep in ("fluxes", "stage") for what in ("inviscid", "laminar", "ratio")
    ]
    assert len(found) == 24
    for inviscid, laminar, ratio in zip(found[::3], found[1::3], found[2::3], strict=True):
        assert ratio.value == pytest.approx(laminar.value / inviscid.value)
        assert ratio.parameters == laminar.parameters == inviscid.parameters


def test_works_take_turns() -> None:
    """A turn is a first call, which is not timed, and some repeats; three turns fit the time."""
    calls: list[str] = []
    works = [lambda: calls.append("a"), lambda: calls.append("b")]
    found = timed_in_turn(works, 3.0 * SHORT)
    turns = ["".join(turn) for _, turn in groupby(calls)]
    assert [turn[0] for turn in turns] == list("ababab")
    assert min(map(len, turns)) > FEWEST
    assert all(0.0 < spread.best <= spread.median for spread in found)


def test_throughput_without_limits_has_no_bounds() -> None:
    records = list(throughput.measure(options(), []))
    assert names(records, "bound") == []


# ---------------------------------------------------------------- processes


def test_a_process_is_measured_apart_from_this_one() -> None:
    """The memory of this process, which is larger, is not counted."""
    ballast = np.ones(30_000_000)
    done = breachflow_process(["--version"])
    assert done.output == f"breachflow {breachflow.__version__}\n"
    assert done.seconds > 0.0
    assert done.peak_bytes is not None
    assert 5e6 < done.peak_bytes < 100e6 < ballast.nbytes


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(BreachflowError) as error:
        breachflow_process(["check", "no.toml"])
    assert str(error.value).startswith("breachflow check no.toml: breachflow: error: no.toml: no such file")


def test_memory_is_a_difference_of_peaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """1000 cells with 200 MB and 5000 with 212 MB: 3000 B a cell."""
    asked: list[str] = []

    def process(arguments: Sequence[str]) -> Finished:
        asked.append(Path(arguments[1]).read_text())
        large = "across = 16" in asked[-1]
        output = json.dumps({"cells": 5000 if large else 1000})
        return Finished(1.0, 212_000_000 if large else 200_000_000, 0, output, "")

    monkeypatch.setattr(memory, "breachflow_process", process)
    records = list(memory.measure(options(resolutions=("8", "12", "16"))))
    for mode in ("steady", "transient"):
        found = find(records, "memory", "bytes_per_cell", mode=mode)
        assert found == ("memory", "bytes_per_cell", {"mode": mode}, "B", 3000.0, 3000.0, False)
    assert ["transient" in text for text in asked] == 3 * [False] + 3 * [True]
    with pytest.raises(UsageError, match=r"^memory: needs two resolutions; give --resolution twice$"):
        list(memory.measure(options()))


def test_start_up_leaves_the_solution_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of 3 s that solve for 2 s leave 1 s; a cold one of 23 s leaves 20 s for compilation."""
    calls: list[tuple[str, bool]] = []

    def process(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Finished:
        calls.append((arguments[0], environment is not None))
        if environment is not None:
            assert not any(Path(environment["BREACHFLOW_CACHE_DIR"]).iterdir())
        times = {"--help": 0.1, "check": 0.5, "run": 23.0 if environment else 3.0}
        return Finished(times[arguments[0]], None, 0, json.dumps({"wall_time": 2.0}), "")

    monkeypatch.setattr(startup, "breachflow_process", process)
    records = list(startup.measure(options()))
    assert {record.name: record.value for record in records} == {
        "help": 0.1, "check": 0.5, "warm_run": 1.0, "compilation": 20.0
    }  # fmt: skip
    assert calls[0] == ("run", False)
    assert calls.count(("run", True)) == FEWEST
