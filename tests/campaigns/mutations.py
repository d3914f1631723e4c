"""Random changes of texts and bytes, as typing errors, merges, bad disks and attackers make them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

VALUES: Final = (
    "0", "-1", "1e400", "1e-320", "nan", "-inf", "true", "''", '""', '"x"', '"\\u0000"', '"nan m"',
    '"1e308 m"', '"1 m"', '"2 kPa"', '"1,5 mm"', '"-5 degC"', "[]", "[[]]", "[nan, 1]",
    '["1 m", "2 m"]', "{}",
    '{ kind = "outlet" }', '{ kind = [] }', "{ shape = {} }", "{ across = 8 }",
    "2020-01-01", "07:32:00",
    "1979-05-27T07:32:00Z", "0x" + "f" * 2000, "9" * 300, '"\U0001f680"', '"../../../x"', "'''a\nb'''",
    "[1, 2", "{", "'", '["1 m", "2 m", "2 m"]', "{ from = 1, to = 2 }", "{ latin_hypercube = 3, seed = 1 }",
    '"paired"', "{ x = { y = { z = [1] } } }", '"0 m3"', '"1e-30 Pa"', '"1e30 day"', '"5 min"',
    '"0.5 kg/day"', '"case.toml"', '"/dev/null"', '"."', '"1 +- 0.1 Pa"', "[" * 200,
    "1_000", "0.1e-5", '"\\u2028"', "-0.0",
)  # fmt: skip
KEYS: Final = (
    "kind", "shape", "file", "sweep", "width", '""', '"a b"', "a.b.c", "'\\'", "x" * 300, "\u2028", "[x]",
    '"orifice.diameter"', "orifice.diameter", "mode", '"gas.gamma"', '"a..b"', '"boundary.\\"x\\".y"', "gas",
    "[[event]]", "[event]", "[compartment]", "[holes.a]", "[suspect.a]", "record", "[limit]",
    "volume", "pressure", "between", "at", "when", "__proto__", "__class__", "model_config",
)  # fmt: skip

Change: TypeAlias = Callable[[str, random.Random, Sequence[str]], str]
"""A changed text from a text, chance, and other texts to take from."""

_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+\.?\d*(?:e-?\d+)?")
_QUANTITY: Final = re.compile(r'"(-?[\d.e+-]+) ([^"]+)"')


def _value(text: str, chance: random.Random, others: Sequence[str]) -> str:
    """A value becomes junk, or that of another line of any text."""
    lines = text.split("\n")
    at = _line(lines, chance, "=")
    key = lines[at].split("=", 1)[0]
    other = chance.choice(others).split("\n")
    taken = other[_line(other, chance, "=")].split("=", 1)[-1]
    lines[at] = f"{key}= {chance.choice([chance.choice(VALUES), taken])}"
    return "\n".join(lines)


def _number(text: str, chance: random.Random, _: Sequence[str]) -> str:
    """A number changes by orders of magnitude, in sign, or to a special one."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    place = chance.choice(found)
    scaled = [f"{place[0]}e{chance.randint(-12, 12)}", f"-{place[0]}", f"{chance.uniform(0, 2)}"]
    new = chance.choice([*scaled, "0", "1e308", "5e-324", "inf", "9007199254740993", place[0] * 3])
    return text[: place.start()] + new + text[place.end() :]


def _unit(text: str, chance: random.Random, others: Sequence[str]) -> str:
    """A quantity gets the unit of another one."""
    units = [found[2] for other in (text, chance.choice(others)) for found in _QUANTITY.finditer(other)]
    found = list(_QUANTITY.finditer(text))
    if not found:
        return text
    place = chance.choice(found)
    return text[: place.start()] + f'"{place[1]} {chance.choice(units)}"' + text[place.end() :]


def _lines(text: str, chance: random.Random, others: Sequence[str]) -> str:
    """A line is lost, doubled, moved, or comes from another text."""
    lines = text.split("\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    line = chance.choice([lines[at], chance.choice(chance.choice(others).split("\n"))])
    if chance.random() < 0.5:
        del lines[at]
    if chance.random() < 0.7:
        lines.insert(to, line)
    return "\n".join(lines)


def _added(text: str, chance: random.Random, _: Sequence[str]) -> str:
    """A line is added."""
    lines = text.split("\n")
    lines.insert(chance.randint(0, len(lines)), f"{chance.choice(KEYS)} = {chance.choice(VALUES)}")
    return "\n".join(lines)


def _table(text: str, chance: random.Random, others: Sequence[str]) -> str:
    """A table of another text is added."""
    return text + "\n[" + chance.choice(re.split(r"(?m)^\[", chance.choice(others)))


def _piece(text: str, chance: random.Random, _: Sequence[str]) -> str:
    """A piece is replaced."""
    at = chance.randrange(len(text) + 1)
    new = chance.choice([chance.choice(VALUES), chance.choice(KEYS), "".join(chance.sample('"=[]{}#\n.', 3))])
    return text[:at] + new + text[at + chance.randint(0, 12) :]


def _name(text: str, chance: random.Random, others: Sequence[str]) -> str:
    """A word becomes another word of any text."""
    words = list(re.finditer(r"[A-Za-z_]{2,}", text))
    if not words:
        return text
    place = chance.choice(words)
    other = chance.choice(re.findall(r"[A-Za-z_]{2,}", chance.choice([text, *others])) or ["x"])
    return text[: place.start()] + other + text[place.end() :]


CHANGES: Final[tuple[Change, ...]] = (
    _value,
    _value,
    _number,
    _number,
    _unit,
    _lines,
    _added,
    _table,
    _piece,
    _name,
)


def mutated_text(text: str, chance: random.Random, others: Sequence[str]) -> str:
    """A text after one to three random changes."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        text = chance.choice(CHANGES)(text, chance, others)
    return text


def mutated_bytes(content: bytes, chance: random.Random) -> bytes:
    """Bytes of which one to four are changed, lost, doubled, or overwritten; or which are cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data)) if data else 0
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.choice([1, 1, 2, 8, 64])]
            case 2:
                data[at:at] = data[at : at + chance.randint(1, 20)]
            case 3:
                data[at : at + 8] = chance.choice([b"\xff" * 8, bytes(8), b"\x00\x00\x00\x80" * 2])
            case 4:
                data[at : at + 1] = bytes([data[at] ^ (1 << chance.randrange(8))]) if data else b""
            case _:
                if chance.random() < 0.2:
                    del data[at:]
    return bytes(data)


def _line(lines: Sequence[str], chance: random.Random, mark: str) -> int:
    """A line that holds a mark, or any where none does."""
    return chance.choice([i for i, line in enumerate(lines) if mark in line] or [0])
