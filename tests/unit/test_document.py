"""The reader of documents, with models that are not a case: keys, units and paths."""

# ruff: noqa: E501  (one bad document a line)

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Discriminator, Field, Tag

from breachflow.document.complete import completed
from breachflow.document.document import Document
from breachflow.document.faults import Fault
from breachflow.document.fields import ChoiceField, QuantityArray, QuantityField
from breachflow.document.paths import PathField
from breachflow.document.places.annotations import bare, keys_of, spot_at, table_among
from breachflow.document.read import DocumentType
from breachflow.document.table import Misplaced, Table
from breachflow.errors import CaseError
from breachflow.units import Dimension

VOLUME = QuantityField(Dimension.VOLUME, "10 m3", above="0 m3")


class Tank(Table):
    kind: Literal["tank"]
    volume: Annotated[float, VOLUME] = Field(description="Volume of the tank.")


class Pump(Table):
    misplaced: ClassVar = {"volume": Misplaced("a pump has `rate`, not `volume`", "rate")}

    kind: Literal["pump"]
    rate: float = Field(ge=0.0, le=9.0, description="Rate.")


class Custom(Table):
    example = "{ factor = 2.0 }"

    factor: float


class Crew(Table):
    name: str = Field(min_length=1, max_length=5)
    seats: list[int] = Field(default=[])


class Cabin(Document):
    color: Annotated[str, ChoiceField(("red", "green"))] = Field(default="red", description="Color.")
    scale: Annotated[
        Annotated[Literal["small", "large"], Tag("name")] | Annotated[Custom, Tag("table")],
        Discriminator(lambda value: "table" if isinstance(value, dict | Custom) else "name"),
    ] = Field(default="small", description="Scale.")
    log: Annotated[Path, PathField()] = Field(default="log.txt", validate_default=True, description="Log.")
    parts: dict[str, Annotated[Tank | Pump, Field(discriminator="kind")]] = Field(description="Parts.")
    door: Annotated[tuple[float, float] | None, QuantityArray(QuantityField(Dimension.LENGTH, "1 m"))] = None
    crew: list[Crew] = Field(default=[])


def check(cabin: Cabin) -> list[Fault]:
    return (
        [Fault(("color",), "clashes with the pump")]
        if cabin.color == "green" and "pump" in cabin.parts
        else []
    )


CABIN = DocumentType(Cabin, "cabin file", "it has few lines", "write one", ("color", "red"), (check,))

GOOD = """\
color = "red"
[parts]
main = { kind = "tank", volume = "2 L" }
pump = { kind = "pump", rate = 1 }
[[crew]]
name = "Ada"
[[crew]]
name = "Bob"
seats = [1, 2]
"""


def message_of(text: str, *overrides: str) -> str:
    with pytest.raises(CaseError) as caught:
        CABIN.parse(text, path=Path("folder/cabin.toml"), overrides=overrides)
    return str(caught.value).removeprefix("folder/cabin.toml:")


def test_a_good_document() -> None:
    cabin = CABIN.parse(GOOD, path=Path("folder/cabin.toml"), overrides=["parts.main.volume=3 L"])
    tank = cabin.parts["main"]
    assert isinstance(tank, Tank)
    assert (tank.volume, cabin.crew[1].seats) == (0.003, [1, 2])
    assert cabin.log == Path("folder/log.txt").resolve()
    assert (cabin.label, cabin.text) == (str(Path("folder/cabin.toml").resolve()), GOOD)
    assert CABIN.parse(GOOD).label == "cabin file"


BAD = [
    ('"red"', '"rid"', '1: color = "rid": unknown choice; allowed: "red", "green"; did you mean "red"?'),
    ('"red"', '"green"', '1: color = "green": clashes with the pump'),
    ('color = "red"', "scale = 3", '1: scale = 3: must be text in quotes; allowed: "small", "large"'),
    ('color = "red"', "scale = {}", "1: scale.factor: is missing: "),
    ('color = "red"', 'log = "../../x"', "1: log = \"../../x\": lies outside the cabin file's folder and its project; move it there or use --allow-outside"),
    ('color = "red"', 'log = ""', "1: log = \"\": is empty; write a path relative to the cabin file's folder"),
    ('"2 L"', '"2 K"', '3: parts.main.volume = "2 K": is a temperature, not a volume; a volume is in m3, cm3, L, mL, ft3 or in3'),
    (', volume = "2 L"', "", '3: parts.main.volume: is missing: volume of the tank; write e.g. "10 m3"'),
    ('"tank"', '"tonk"', '3: parts.main.kind = "tonk": unknown choice; allowed: "tank", "pump"; did you mean "tank"?'),
    ('kind = "tank", ', "", '3: parts.main.kind: is missing; allowed: "tank", "pump"'),
    ("rate", "volume", "4: parts.pump.volume = 1: a pump has `rate`, not `volume`"),
    ("rate = 1", "rate = 10", "4: parts.pump.rate = 10: is out of range; allowed: at least 0, at most 9"),
    ('"Bob"', '"Robert"', '8: crew[2].name = "Robert": is too long; at most 5 characters are allowed'),
    ("[1, 2]", "[1, true]", "9: crew[2].seats[2] = true: must be a whole number"),
    ('name = "Ada"\n', "", "5: crew[1].name: is missing: "),
    ("[[crew]]\nname = \"Ada\"\n[[crew]]", "[crew]", "5: crew: must be an array of tables: write [[crew]]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_bad_document(old: str, new: str, message: str) -> None:
    assert old in GOOD
    assert message_of(GOOD.replace(old, new, 1)) == message


def test_an_override_without_a_value() -> None:
    assert message_of(GOOD, "color") == " --set color: must be KEY=VALUE, e.g. color=red"


def test_messages_name_the_kind_of_document(tmp_path: Path) -> None:
    for content, message in (
        (b"a\0", ":1: contains NUL bytes; a cabin file is a TOML text"),
        (b"#" * 1_000_001, ": is larger than 1 MB; it has few lines"),
    ):
        (tmp_path / "cabin.toml").write_bytes(content)
        with pytest.raises(CaseError) as caught:
            CABIN.load(tmp_path / "cabin.toml")
        assert str(caught.value) == f"{tmp_path / 'cabin.toml'}{message}"
    with pytest.raises(CaseError, match=r"no such file; write one$"):
        CABIN.load(tmp_path / "none.toml")


def test_the_completed_document_says_defaults_and_units() -> None:
    cabin = CABIN.parse(GOOD.replace('"red"', '"red"\nscale = { factor = 2 }\ndoor = ["2 m", "50 cm"]'))
    text = """\
color = "red"
scale = { factor = 2.0 }
log = "log.txt"
door = ["2 m", "500 mm"]
"""
    assert completed(cabin, Path.cwd()).startswith(text)
    assert 'crew = [{ name = "Ada", seats = [] }, { name = "Bob", seats = [1, 2] }]\n' in cabin.completed_text
    assert CABIN.parse(cabin.completed_text).model_dump() == cabin.model_dump()
    assert '[parts]\nmain = { kind = "tank", volume = "0.002 m3" }\n' in cabin.completed_text


def test_places_of_errors() -> None:
    spot = spot_at(Cabin, ("parts", "main", "tank", "volume"))
    assert (spot.key, spot.table, spot.annotation) == (
        ("parts", "main", "volume"), Tank, Annotated[float, VOLUME],
    )  # fmt: skip
    assert spot_at(Cabin, ("scale", "table", "factor")).key == ("scale", "factor")
    assert spot_at(Cabin, ("crew", 1, "nam")) == (("crew", 1, "nam"), Crew, None, None)
    assert keys_of(Pump) == ["kind", "rate"]
    assert table_among(Cabin.model_fields["scale"].annotation) is Custom
    assert table_among(Cabin.model_fields["color"].annotation) is None
    assert bare(Cabin.model_fields["door"].annotation) == tuple[float, float]


# ---- values replaced in a document that was read ----


def test_replaced_values_are_checked_as_if_the_text_had_them() -> None:
    cabin = CABIN.parse(GOOD, path=Path("folder/cabin.toml"), overrides=["color=red"])
    other = cabin.replace("parts.main.volume", "3 L", "scale", {"factor": 2.0}, "log", Path("other.txt"))
    assert other.completed_text == cabin.completed_text.replace('"0.002 m3"', '"0.003 m3"').replace(
        '"small"', "{ factor = 2.0 }"
    ).replace("log.txt", "other.txt")
    assert (other.path, other.text, other.folder) == (cabin.path, cabin.text, cabin.folder)
    assert cabin.parts["main"].model_dump()["volume"] == 0.002
    assert other.replace({"scale": None}).scale == "small"
    assert other.replace("color", "red", "parts.pump", None).parts.keys() == {"main"}
    assert other.replace("door", ("1 m", "2 m")).door == (1.0, 2.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            ("parts.main.volume", "3 K"),
            'replace("parts.main.volume", "3 K"): is a temperature, not a volume; a volume is in m3, cm3, L, mL, ft3 or in3',
        ),
        (("color", "green"), 'replace("color", "green"): clashes with the pump'),
        (
            ("color", None, "colr", "red"),
            'replace("colr", "red"): unknown key "colr"; allowed: color, scale, log, parts, door, crew; did you mean "color"?',
        ),
        (("color.name", 1), 'replace("color.name", 1): color is not a table'),
        (("parts", None), 'replace("parts", None): is missing: parts'),
        (("color",), 'replace takes keys and values in turn, e.g. "color", "red"'),
        (("a..b", 1), 'replace("a..b", 1): must have a dotted key, e.g. "color"'),
        ((3, 1), 'replace(3, 1): must have a dotted key, e.g. "color"'),
        (("color", object), 'replace("color", [...]): must be text in quotes; allowed: "red", "green"'),
    ],
)
def test_a_bad_replacement(changes: tuple[object, ...], message: str) -> None:
    cabin = CABIN.parse(GOOD, path=Path("folder/cabin.toml"))
    with pytest.raises(CaseError) as caught:
        cabin.replace(*changes)  # type: ignore[arg-type]
    assert str(caught.value) == f"folder/cabin.toml: {message}"
