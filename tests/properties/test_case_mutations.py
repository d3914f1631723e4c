"""Reading a mutated case gives a case or a one-line CaseError, never another exception."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.case import Case, load_case, parse_case
from breachflow.document.places.locate import lines_of_keys
from breachflow.errors import CaseError
from breachflow.shipped import starting_case
from tally import tally

ROOT = Path(__file__).parents[2]
CASES = [starting_case("mutated")] + [
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "cases").glob("**/case.toml"))[:28]
]
CASES.append("""\
gas = { gamma = 1.3, molar_mass = "20 g/mol" }
orifice = { shape = "slit", width = "1 mm", plane = "2 mm" }
mesh = { file = "a.msh", geometry = "planar", unit = "mm" }
numerics = { flux = "hlle", order = 1 }
run = { mode = "transient", end_time = "2 ms" }
probes.lip = ["0 mm", "0.5 mm"]
[boundary]
inside = { kind = "inflow", pressure = "1 bar", temperature = "300 K", velocity = ["1 m/s", "0 m/s"] }
out.kind = "outlet"
out.pressure = "0.5 bar"
""")

CASES.append("""\
gas = "air"
orifice = { shape = "round", diameter = "1 mm", wall_thickness = "1 mm" }
[boundary]
cabin = { kind = "reservoir", pressure = "1 bar", temperature = "300 K" }
space = { kind = "outlet", pressure = "0.5 bar" }
[sweep]
mode = "grid"
"orifice.diameter" = { from = "0.1 mm", to = "50 mm", points = 25, spacing = "log" }
"mesh.resolution" = ["coarse", { across = 8 }]
"run.max_iterations" = { from = 100, to = 400, points = 4 }
gas = ["helium", { gamma = 1.3, molar_mass = "30 g/mol" }]
""")

VALUES = [
    "0", "-1", "1e400", "nan", "-inf", "true", "''", '""', '"x"', '"\\u0000"', '"nan m"', '"1e308 m"',
    '"1 m"', '"2 kPa"', '"1,5 mm"', '"-5 degC"', "[]", "[[]]", "[nan, 1]", '["1 m", "2 m"]', "{}",
    '{ kind = "outlet" }', '{ kind = [] }', '{ shape = {} }', "{ across = 8 }", "2020-01-01", "07:32:00",
    "1979-05-27T07:32:00Z", "0x" + "f" * 2000, "9" * 300, '"\U0001f680"', '"../../../x"', "'''a\nb'''",
    "[1, 2", "{", "'", '["1 m", "2 m", "2 m"]', "{ from = 1, to = 2 }", "{ latin_hypercube = 3, seed = 1 }",
    '"paired"', "{ x = { y = { z = [1] } } }",
]  # fmt: skip
KEYS = [
    "kind", "shape", "file", "sweep", "width", '""', '"a b"', "a.b.c", "'\\'", "x" * 300, "\u2028", "[x]",
    '"orifice.diameter"', "orifice.diameter", "mode", '"gas.gamma"', '"a..b"', '"boundary.\\"x\\".y"', "gas",
]  # fmt: skip

texts = st.sampled_from(CASES)
junk = st.one_of(st.sampled_from(VALUES), st.sampled_from(KEYS), st.text(max_size=8))


def parse(text: str, path: Path, overrides: tuple[str, ...] = ()) -> Case | CabinCase:
    """The case of a flow or of a cabin, whichever the text looks like."""
    read = parse_cabin if "[compartment" in text else parse_case
    return read(text, path=path, overrides=overrides)


def is_refused_clearly(text: str, *overrides: str) -> bool:
    tally(tried=1)
    try:
        case = parse(text, Path("folder/case.toml"), overrides)
    except CaseError as error:
        faults = error.faults
        tally(refused=1)
        assert all(fault.startswith("folder/case.toml:") and fault.isprintable() for fault in faults)
        assert all(len(fault) < 2000 for fault in faults)
        return True
    assert parse(case.completed_text, Path("folder/case.toml")).model_dump() == case.model_dump()
    return False


def test_the_cases_are_valid_before_they_are_mutated() -> None:
    for text in CASES:
        assert parse(text, ROOT / "cases" / "topic" / "name" / "case.toml").text == text


@settings(derandomize=True, max_examples=150)
@given(texts, st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.02), junk), min_size=1, max_size=3))
def test_pieces_replaced(text: str, edits: list[tuple[float, float, str]]) -> None:
    for start, length, new in edits:
        first = int(start * len(text))
        text = text[:first] + new + text[first + int(length * len(text)) :]
    is_refused_clearly(text)


@settings(derandomize=True, max_examples=250)
@given(texts, st.data(), st.sampled_from(VALUES))
def test_a_value_replaced(text: str, data: st.DataObject, value: str) -> None:
    starts = [at + 1 for at, character in enumerate(text) if character == "="]
    start = data.draw(st.sampled_from(starts))
    ends = [at for at in (text.find(mark, start) for mark in (",", "}", "#", "\n")) if at > 0]
    is_refused_clearly(text[:start] + " " + value + " " + text[min(ends) :])


@settings(derandomize=True, max_examples=100)
@given(texts, st.data(), st.sampled_from(KEYS), st.sampled_from(VALUES))
def test_a_line_added(text: str, data: st.DataObject, key: str, value: str) -> None:
    lines = text.split("\n")
    at = data.draw(st.integers(0, len(lines)))
    is_refused_clearly("\n".join([*lines[:at], f"{key} = {value}", *lines[at:]]))


@settings(derandomize=True, max_examples=100)
@given(texts, st.randoms(use_true_random=False))
def test_lines_shuffled_and_dropped(text: str, random: Random) -> None:
    lines = text.split("\n")
    random.shuffle(lines)
    is_refused_clearly("\n".join(lines[: len(lines) * 9 // 10]))


@settings(derandomize=True, max_examples=100)
@given(texts, st.text(max_size=30), junk)
def test_any_override(text: str, key: str, value: str) -> None:
    is_refused_clearly(text, f"{key}={value}")


@settings(derandomize=True, max_examples=150)
@given(texts, st.data(), junk)
def test_an_override_of_a_known_key(text: str, data: st.DataObject, value: str) -> None:
    key = data.draw(st.sampled_from(sorted(lines_of_keys(text))))
    is_refused_clearly(text, f"{'.'.join(map(str, key))}={value}")


@settings(
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=texts, data=st.data())
def test_bytes_flipped(tmp_path: Path, text: str, data: st.DataObject) -> None:
    content = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    tally(tried=1)
    try:
        message = f"{path}: {load_case(path).title}"
    except CaseError as error:
        message = str(error)
        tally(refused=1)
    assert message.startswith(f"{path}:")


def keys_of(table: dict[str, object], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = set()
    for name, value in table.items():
        found.add((*above, name))
        if isinstance(value, dict):
            found |= keys_of(value, (*above, name))
    return found


@settings(derandomize=True, max_examples=150)
@given(texts, st.data(), st.sampled_from(KEYS), st.sampled_from(VALUES))
def test_every_key_of_valid_toml_is_located(text: str, data: st.DataObject, key: str, value: str) -> None:
    lines = text.split("\n")
    at = data.draw(st.integers(0, len(lines)))
    mutated = "\n".join([*lines[:at], f"{key} = {value}", *lines[at:]])
    try:
        table = tomllib.loads(mutated)
    except tomllib.TOMLDecodeError:
        return
    located = lines_of_keys(mutated)
    assert keys_of(table) <= set(located)
    assert all(1 <= line <= len(lines) + 3 for line in located.values())


def test_nesting_just_below_the_limit_of_the_parser() -> None:
    for depth in range(100, 1000, 7):
        with pytest.raises(CaseError, match=r"case\.toml:"):
            parse_case("x = " + "[" * depth + "]" * depth, path=Path("case.toml"))
        assert is_refused_clearly("x = " + "{a = " * depth + "1" + "}" * depth)
