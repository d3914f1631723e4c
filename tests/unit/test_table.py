"""The table of a sweep: the program, xarray and pandas read what was written; damage is detected."""

from __future__ import annotations

import copy
import pickle
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.case import parse_case
from breachflow.errors import ResultError, UsageError
from breachflow.results import Quantity, ResultData, write_result
from breachflow.results.files.tables import is_table, read_table, write_csv, write_table
from breachflow.results.table import SweepTable, TableAxis, Variable
from breachflow.results.table_text import main_columns

DIAMETERS = np.array([1e-4, 2e-3, 0.05])
GASES = np.array(["air", "hélium"])
LAW = {
    "name": "Cd = a + b · t/d",
    "terms": 2,
    "spread": 0.01,
    "coefficients": np.array([[0.83, 0.1, np.nan], [0.2, -0.0, 5e-324]]),
    "names": np.array(["a", "b", "größe"]),
    "range": {"pressure_ratio": np.array([0.0, 0.5]), "gas": "air"},
}


def grid(**changes: Any) -> SweepTable:
    """Diameter, gas and one thickness: 3 x 2 x 1 points."""
    shape = (3, 2, 1)
    numbers = np.arange(6.0).reshape(shape) / 7
    numbers[1, 1, 0] = np.nan
    content: dict[str, Any] = {
        "axes": (
            TableAxis("diameter", DIAMETERS, "m", "diameter of the hole", "orifice.diameter"),
            TableAxis("gas", GASES, "", "gas in the cabin", "gas"),
            TableAxis("wall_thickness", np.array([0.002]), "m", "wall thickness", "orifice.wall_thickness"),
        ),
        "variables": {
            "mass_flow": Variable(numbers, "kg/s", "mass flow"),
            "discharge_coefficient": Variable(1 / (1 + numbers), "1", "discharge coefficient"),
            "converged": Variable(np.array([1, 1, 0, 1, 0, 1], dtype=bool).reshape(shape), "", "at rest"),
            "cells": Variable(np.arange(6).reshape(shape) * 10**12, "1", "cells"),
            "caution": Variable(np.array(["", "größer"] * 3, dtype=object).reshape(shape), "", "caution"),
            "error": Variable(np.full(shape, ""), "", "what went wrong"),
        },
        "attributes": {"title": "a sweep", "points": 6, "tolerance": 0.1, "note": "", "unit": "m"},
        "law": LAW,
    }
    return SweepTable(**content | changes)


def points(n: int) -> SweepTable:
    """Points that do not form a grid."""
    axis = TableAxis("point", np.arange(n), "1", "number of the point")
    flows = np.random.default_rng(1).random(n) * 1e-3
    return SweepTable((axis,), {"mass_flow": Variable(flows, "kg/s", "mass flow")}, {})


def assert_same(first: Any, second: Any) -> None:
    """Assert equal values of equal kinds, including NaN and the sign of zero."""
    if isinstance(first, Mapping):
        assert set(first) == set(second)
        for name in first:
            assert_same(first[name], second[name])
    elif isinstance(first, np.ndarray) and first.dtype.kind in "UO":
        assert first.shape == second.shape
        assert first.tolist() == second.tolist()
    else:
        assert np.asarray(first).dtype == np.asarray(second).dtype
        assert np.shape(first) == np.shape(second)
        assert np.asarray(first).tobytes() == np.asarray(second).tobytes()


def assert_same_table(first: SweepTable, second: SweepTable) -> None:
    for one, other in zip(first.axes, second.axes, strict=True):
        assert_same(vars(one), vars(other))
    assert list(first.variables) == list(second.variables)
    for name, variable in first.variables.items():
        assert_same(vars(variable), vars(second.variables[name]))
    assert first.attributes == second.attributes
    assert (first.law is None) == (second.law is None)
    assert_same(first.law or {}, second.law or {})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.h5"


# ---- what is written is what is read ----


@pytest.mark.parametrize("table", [grid(), grid(law=None), points(5), points(1)])
def test_read_back(path: Path, table: SweepTable) -> None:
    write_table(path, table)
    assert_same_table(table, read_table(path))


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
cells = st.tuples(st.floats(width=64), st.integers(-(2**63), 2**63 - 1), st.booleans(), texts)


@given(st.lists(cells, min_size=1, max_size=8), texts)
@settings(max_examples=40)
def test_whatever_the_values(tmp_path_factory: pytest.TempPathFactory, rows: list[Any], title: str) -> None:
    path = tmp_path_factory.mktemp("table") / "table.h5"
    columns = zip("abcd", zip(*rows, strict=True), (float, int, bool, object), strict=True)
    variables = {name: Variable(np.array(column, dtype=kind), "1", name) for name, column, kind in columns}
    axis = TableAxis("point", np.arange(len(rows)), "1", "point")
    table = SweepTable((axis,), variables, {"title": title})
    write_table(path, table)
    assert_same_table(table, read_table(path))


def test_a_table_can_be_copied_and_pickled(path: Path) -> None:
    write_table(path, grid())
    table = read_table(path)
    for twin in (copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        assert_same_table(table, twin)


def test_the_same_table_gives_the_same_bytes(path: Path) -> None:
    write_table(path, grid())
    first = path.read_bytes()
    write_table(path, grid())
    assert path.read_bytes() == first
    assert first[:8] == b"\x89HDF\r\n\x1a\n"
    assert first[-84:-65] == b"\nbreachflow sha256 "


def test_every_array_has_a_checksum(path: Path) -> None:
    write_table(path, grid())
    datasets: list[h5py.Dataset] = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: datasets.append(item) if isinstance(item, h5py.Dataset) else None)
        assert len(datasets) > 12
        assert all(dataset.fletcher32 for dataset in datasets)


def test_long_attributes_and_long_texts(path: Path) -> None:
    case = "# größe = 1\n" * 20_000
    caution = np.full((3, 2, 1), "", dtype=object)
    caution[0, 0, 0] = "x" * 5000
    variables = {"caution": Variable(caution, "", "caution")}
    table = grid(attributes={"case": case, "title": "t"}, variables=variables)
    write_table(path, table)
    assert path.stat().st_size < 100_000
    assert_same_table(table, read_table(path))
    with xarray.open_dataset(path, engine="h5netcdf") as dataset:
        assert dataset.attrs["case"] == case[:4000] + " ... (the whole text is /texts/case)"
    with xarray.open_dataset(path, engine="h5netcdf", group="texts") as dataset:
        assert dataset.case.item() == case


def test_columns_of_a_grid() -> None:
    table = grid()
    assert table.shape == (3, 2, 1)
    assert table.column("gas").tolist() == [[["air"], ["hélium"]]] * 3
    assert table.column("diameter")[:, 1, 0].tolist() == DIAMETERS.tolist()
    assert table.column("cells") is table.variables["cells"].values
    with pytest.raises(KeyError, match="the table has no column 'mass_flux'; it has mass_flow"):
        table.column("mass_flux")
    with pytest.raises(ValueError, match=r"'x' has the shape \(3,\), not \(3, 2, 1\)"):
        grid(variables={"x": Variable(np.zeros(3), "1", "x")})


# ---- xarray ----


def test_xarray_reads_a_grid(path: Path) -> None:
    table = grid()
    write_table(path, table)
    with xarray.open_dataset(path, engine="h5netcdf") as dataset:
        assert dict(dataset.sizes) == {"diameter": 3, "gas": 2, "wall_thickness": 1}
        assert list(dataset.data_vars) == list(table.variables)
        assert dataset.attrs == {"breachflow_table": 1, **table.attributes}
        for name, variable in table.variables.items():
            assert dataset[name].dims == ("diameter", "gas", "wall_thickness")
            assert dataset[name].attrs == {"units": variable.unit, "long_name": variable.description}
            assert_same(dataset[name].values, variable.values)
        assert dataset.gas.values.tolist() == ["air", "hélium"]
        assert dataset.diameter.attrs == {
            "units": "m", "long_name": "diameter of the hole", "key": "orifice.diameter"
        }  # fmt: skip
        picked = dataset.sel(gas="hélium").isel(diameter=0, wall_thickness=0)
        assert picked.caution.item() == "größer"
        assert picked.mass_flow.item() == 1 / 7


def test_xarray_reads_points(path: Path) -> None:
    write_table(path, points(4))
    with xarray.open_dataset(path, engine="h5netcdf") as dataset:
        assert dataset.mass_flow.dims == ("point",)
        assert dataset.point.values.tolist() == [0, 1, 2, 3]
        assert dataset.mass_flow.values.tolist() == points(4).variables["mass_flow"].values.tolist()


def test_xarray_reads_the_law_where_it_is_asked_for(path: Path) -> None:
    write_table(path, grid())
    with xarray.open_dataset(path, engine="h5netcdf", group="law") as law:
        assert law.attrs == {"name": LAW["name"], "terms": 2, "spread": 0.01}
        assert_same(law.coefficients.values, LAW["coefficients"])
        assert law.names.values.tolist() == ["a", "b", "größe"]
    with xarray.open_datatree(path, engine="h5netcdf") as tree:
        assert tree["law/range"].attrs == {"gas": "air"}
        assert tree["law/range/pressure_ratio"].values.tolist() == [0.0, 0.5]


def test_xarray_writes_it_again(path: Path, tmp_path: Path) -> None:
    write_table(path, grid())
    with xarray.open_dataset(path, engine="h5netcdf") as dataset:
        dataset.to_netcdf(tmp_path / "copy.nc", engine="h5netcdf")
        with xarray.open_dataset(tmp_path / "copy.nc", engine="h5netcdf") as copy:
            xarray.testing.assert_identical(copy, dataset)


# ---- CSV ----


def test_csv_text(path: Path) -> None:
    write_csv(path.with_suffix(".csv"), grid())
    lines = path.with_suffix(".csv").read_text("utf-8").split("\n")
    assert lines[:4] == [
        "diameter [m],gas,wall_thickness [m],mass_flow [kg/s],discharge_coefficient,"
        "converged,cells,caution,error",
        "0.0001,air,0.002,0.0,1.0,true,0,,",
        "0.0001,hélium,0.002,0.14285714285714285,0.875,true,1000000000000,größer,",
        "0.002,air,0.002,0.2857142857142857,0.7777777777777779,false,2000000000000,,",
    ]
    assert lines[4].split(",")[3:5] == ["", ""]
    assert len(lines) == 8


def test_pandas_reads_the_same_numbers(path: Path) -> None:
    table = grid()
    write_csv(path, table)
    frame = pandas.read_csv(path, engine="python")
    assert frame.shape == (6, 9)
    # Readers before pandas 3 are off by up to 2 units in the last place; the text above is exact.
    flows = table.variables["mass_flow"].values.ravel()
    np.testing.assert_allclose(frame["mass_flow [kg/s]"].to_numpy(), flows, rtol=1e-15)
    assert_same(frame["cells"].to_numpy(), table.variables["cells"].values.ravel())
    assert_same(frame["converged"].to_numpy(), table.variables["converged"].values.ravel())
    assert_same(frame["diameter [m]"].to_numpy(), np.repeat(DIAMETERS, 2))
    assert frame["gas"].tolist() == ["air", "hélium"] * 3


def test_csv_quotes_what_must_be_and_repeats_itself(path: Path) -> None:
    texts = np.array(['a, "b"', "two\nlines", "lone\rreturn", "windows\r\nline", "\ud800"], dtype=object)
    axis = TableAxis("point", np.arange(5), "1", "number of the point")
    numbers = np.array([np.inf, -np.inf, -0.0, 5e-324, 1e300])
    variables = {"error": Variable(texts, "", ""), "value": Variable(numbers, "Pa", "")}
    table = SweepTable((axis,), variables, {})
    write_csv(path, table)
    first = path.read_bytes()
    frame = pandas.read_csv(path, engine="python")
    assert frame["error"].tolist() == ['a, "b"', "two\nlines", "lone\nreturn", "windows\nline", "\\ud800"]
    assert_same(frame["value [Pa]"].to_numpy(), numbers)
    write_csv(path, table)
    assert path.read_bytes() == first


# ---- files that are none, or damaged ----


def small_result(path: Path) -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    data = ResultData(
        square,
        np.array([0, 4]),
        np.arange(4),
        np.array([9]),
        {},
        {"x": Quantity(1.0, "1", "")},
        {},
        "",
        "",
        {},
    )
    write_result(path, data)


def test_tables_are_told_from_other_files(path: Path, tmp_path: Path) -> None:
    result = tmp_path / "result.vtkhdf"
    small_result(result)
    write_table(path, points(3))
    (tmp_path / "text.h5").write_text("no table")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1.0
    assert is_table(path)
    for name in ("result.vtkhdf", "text.h5", "other.h5", "absent.h5", "."):
        assert not is_table(tmp_path / name)
    with pytest.raises(ResultError) as caught:
        read_table(result)
    assert str(caught.value) == (
        f"{result}: the result of one run, not the table of a sweep; "
        "give the table.h5 that `breachflow sweep` wrote"
    )
    with pytest.raises(ResultError, match=r"other\.h5: an HDF5 file, but not one that Breachflow wrote"):
        read_table(tmp_path / "other.h5")
    with pytest.raises(ResultError, match=r"absent\.h5: cannot read: No such file or directory"):
        read_table(tmp_path / "absent.h5")


def test_flipped_bits_never_read_as_other_values(path: Path) -> None:
    table = grid()
    write_table(path, table)
    image = path.read_bytes()
    chance = random.Random(20260101)
    unnoticed = 0
    for _ in range(400):
        position, bit = chance.randrange(len(image)), chance.randrange(8)
        path.write_bytes(image[:position] + bytes([image[position] ^ (1 << bit)]) + image[position + 1 :])
        try:
            again = read_table(path)
        except ResultError:
            continue
        unnoticed += 1
        assert_same_table(table, again)  # only the words around the checksum may change freely
    assert unnoticed < 400 * 0.01


def unsealed(path: Path) -> bytes:
    image = path.read_bytes()
    return image[: image.rindex(b"\nbreachflow sha256 ")]


def test_truncated_tables_are_refused(path: Path) -> None:
    write_table(path, grid())
    image = unsealed(path)
    for length in [*range(0, len(image), 997), len(image) - 1]:
        path.write_bytes(image[:length])
        with pytest.raises(ResultError, match=r"table\.h5: "):
            read_table(path)
        assert not is_table(path)


Attack = Callable[[h5py.File], None]


def attribute(target: str, name: str, value: Any) -> Attack:
    def attack(file: h5py.File) -> None:
        file[target].attrs[name] = value

    return attack


def without_attribute(target: str, name: str) -> Attack:
    def attack(file: h5py.File) -> None:
        del file[target].attrs[name]

    return attack


def replaced(name: str, values: Any) -> Attack:
    def attack(file: h5py.File) -> None:
        if name in file:
            del file[name]
        file[name] = values

    return attack


def external(file: h5py.File) -> None:
    file["law/secret"] = h5py.ExternalLink("secret.h5", "/")


def no_axes(file: h5py.File) -> None:
    for name in ("diameter", "gas", "wall_thickness"):
        del file[name].attrs["CLASS"]


ATTACKS: dict[str, tuple[Attack, str]] = {
    "newer": (attribute("/", "breachflow_table", 2), "the table of a sweep in format 2, written by "),
    "external": (external, "/law/secret: a link to another file is not allowed here"),
    "no axes": (no_axes, "a table without axes"),
    "no unit": (without_attribute("mass_flow", "units"), "/mass_flow: has no attribute 'units'"),
    "no key": (without_attribute("gas", "key"), "/gas: has no attribute 'key'"),
    "no number": (without_attribute("gas", "_Netcdf4Dimid"), "/gas: has no attribute '_Netcdf4Dimid'"),
    "a word": (attribute("gas", "_Netcdf4Dimid", np.bytes_("x")), "damaged or not a Breachflow result"),
    "long text": (
        attribute("/", "title", "x" * 10),
        "'title' is neither a number nor text of a fixed length",
    ),
    "vector": (attribute("/", "title", [1, 2]), "/: attribute 'title' is not a single value"),
    "no text": (replaced("error", np.array([b"abc"] * 6).reshape(3, 2, 1)), "not stored as characters"),
    "empty text": (replaced("law/names", np.zeros((3, 0), "S1")), "damaged or not a Breachflow result"),
    "law": (replaced("law", np.zeros(3)), "/law: has no attribute 'units'"),
    "shape": (without_attribute("gas", "CLASS"), "/gas: has the shape (2,), not (3, 1)"),
}


@pytest.mark.parametrize(("attack", "message"), ATTACKS.values(), ids=ATTACKS.keys())
def test_hostile_contents_are_refused(path: Path, attack: Attack, message: str) -> None:
    write_table(path, grid())
    path.write_bytes(unsealed(path))
    with h5py.File(path, "r+") as file:
        attack(file)
    with pytest.raises(ResultError) as caught:
        read_table(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_a_failing_disk_keeps_the_previous_table(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"absent/table\.h5: cannot write: No such file"):
        write_table(tmp_path / "absent/table.h5", points(2))
    with pytest.raises(ResultError, match=r"absent/table\.csv: cannot write: No such file"):
        write_csv(tmp_path / "absent/table.csv", points(2))


# ---- for notebooks and other programs ----


def test_to_xarray_is_what_xarray_reads(path: Path) -> None:
    write_table(path, grid())
    with xarray.open_dataset(path, engine="h5netcdf") as read:
        made = grid().to_xarray()
        assert read.attrs == {"breachflow_table": 1, **made.attrs}
        assert list(made.data_vars) == list(read.data_vars)
        for name in (*made.data_vars, *made.coords):
            assert made[name].attrs == read[name].attrs
            assert_same(made[name].values, read[name].values)


def test_to_pandas_has_a_row_for_each_point() -> None:
    table = grid()
    frame = table.to_pandas()
    assert list(frame.columns) == list(table.units)
    assert frame.attrs["units"] == table.units
    assert len(frame) == 6
    assert frame["gas"].tolist() == ["air", "hélium"] * 3
    assert frame["diameter"].tolist() == np.repeat(DIAMETERS, 2).tolist()
    np.testing.assert_array_equal(frame["mass_flow"], table.column("mass_flow").ravel())


@pytest.mark.parametrize(("method", "package"), [("to_xarray", "xarray"), ("to_pandas", "pandas")])
def test_without_the_package(method: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=rf"^{method}\(\) needs {package}: pip install {package}$"):
        getattr(grid(), method)()


def test_html_has_the_main_columns_and_the_errors() -> None:
    errors = np.full((3, 2, 1), "", dtype=object)
    errors[1, 1, 0] = "the density fell <below> zero"
    variables = grid().variables | {"error": Variable(errors, "", "what went wrong")}
    html = grid(variables=variables)._repr_html_()
    assert html.startswith("<table><caption>a sweep</caption><thead><tr><th>diameter</th><th>gas</th>")
    assert "<tr><th>mm</th><th></th><th>mm</th><th></th></tr></thead>" in html
    assert "<tr><td>0.1</td><td>hélium</td><td>2</td><td>0.875</td></tr>" in html
    assert "<tr><td>2</td><td>hélium</td><td>2</td><td>-</td></tr>" in html
    assert ">6 points in all<" in html
    assert ">point 3: the density fell &lt;below&gt; zero<" in html


SLIT = """\
gas = "air"
[orifice]
shape = "slit"
width = "1 in"
[boundary]
cabin = { kind = "reservoir", pressure = "1 atm", temperature = "293 K" }
space = { kind = "vacuum" }
[sweep]
"orifice.width" = ["1 in", "2 in"]
"""


def test_the_main_columns_are_in_the_units_of_the_case_with_uncertainties() -> None:
    content = {
        "discharge_coefficient": ([0.85246, np.nan], "1"),
        "discharge_coefficient_uncertainty": ([0.00613, np.nan], "1"),
        "mass_flow": ([0.5, np.nan], "kg/s per m"),
        "mass_flow_uncertainty": ([0.005, np.nan], "kg/s per m"),
        "mass_flow_kg_per_day": ([43200.0, np.nan], "kg/day per m"),
        "thrust": ([123.456, np.nan], "N per m"),
    }
    variables = {name: Variable(np.array(values), unit, name) for name, (values, unit) in content.items()}
    widths = TableAxis("width", np.array([0.0254, 0.0508]), "m", "width", "orifice.width")
    assert main_columns(SweepTable((widths,), variables, {"case": SLIT})) == [
        ["width", "in", "1", "2"],
        ["Cd", "", "0.852 ± 0.006", "-"],
        ["mass flow", "kg/day per m", "43200 ± 400", "-"],
        ["thrust", "N per m", "123.5", "-"],
    ]


def test_html_of_many_points_shows_the_first() -> None:
    table = points(100)
    variables = {
        "pressure_ratio": Variable(np.zeros(100), "1", "p_outside/p0"),
        **table.variables,
        "error": Variable(np.full(100, "lost"), "", "what went wrong"),
    }
    html = SweepTable(table.axes, variables, {})._repr_html_()
    assert html.count("<td>") == 20
    assert ">100 points in all<" in html
    assert html.count(": lost<") == 20


def test_a_table_knows_its_case() -> None:
    case = parse_case(
        'gas = "air"\norifice = { shape = "round", diameter = "2 mm" }\n[boundary]\n'
        'cabin = { kind = "reservoir", pressure = "1 atm", temperature = "295 K" }\n'
        'space = { kind = "vacuum" }\n[sweep]\n"orifice.diameter" = ["1 mm", "2 mm"]\n'
    )
    table = grid(attributes={"case": case.completed_text})
    assert list(table.case.sweep.entries) == ["orifice.diameter"]
    with pytest.raises(ResultError, match="the case of the table cannot be read by this version: "):
        _ = grid().case
