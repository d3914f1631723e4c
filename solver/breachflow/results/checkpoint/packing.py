"""Records of numbers, texts and arrays as a tree for JSON beside a list of arrays, and back by their types.

Nothing that a file says is executed: the declared types of a record say what is made, and every value must
fit its type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from breachflow.results.files.layout import ContentError

Record = TypeVar("Record")

_TYPES: Final[Callable[[Any], dict[str, Any]]] = lru_cache(get_type_hints)

ARRAY: Final = "array"
"""Key of the number that stands for an array in the tree."""


class Packed(NamedTuple):
    """A record in parts that a file can hold."""

    tree: Any
    """Tables, lists, texts, numbers, flags and None."""
    arrays: list[NDArray[Any]]


class _Item(NamedTuple):
    """A value of the tree."""

    value: Any
    arrays: Sequence[NDArray[Any]]
    place: str

    def within(self, name: object, value: Any) -> _Item:
        return _Item(value, self.arrays, f"{self.place}.{name}")

    def require(self, is_right: bool, expected: str) -> None:
        """Raises ContentError where it is not right."""
        if not is_right:
            raise ContentError(f"{self.place}: is not {expected}")


def pack(record: object) -> Packed:
    """The parts of a record: a dataclass or a named tuple of records, plain values, lists and arrays."""
    arrays: list[NDArray[Any]] = []
    return Packed(_packed(record, arrays), arrays)


def unpack(kind: type[Record], packed: Packed) -> Record:
    """The record of a type in these parts. Raises ContentError where they do not fit the type."""
    return _unpacked(kind, _Item(packed.tree, packed.arrays, kind.__name__))  # type: ignore[no-any-return]


def _packed(value: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {ARRAY: len(arrays) - 1}
    if is_dataclass(value) or hasattr(value, "_fields"):
        return {name: _packed(getattr(value, name), arrays) for name in _hints(type(value))}
    if isinstance(value, Mapping):
        return {key: _packed(inner, arrays) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(inner, arrays) for inner in value]
    return value


def _hints(kind: Any) -> dict[str, Any]:
    """The types of the fields of a record."""
    hints = _TYPES(kind)
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else kind._fields
    return {name: hints[name] for name in names}


def _unpacked(hint: Any, item: _Item) -> Any:
    make = _MAKERS.get(get_origin(hint))
    if make is not None:
        return make(get_args(hint), item)
    if is_dataclass(hint) or hasattr(hint, "_fields"):
        return _record(hint, item)
    if issubclass(hint, Enum):
        item.require(item.value in [member.value for member in hint], f"one of {hint.__name__}")
        return hint(item.value)
    item.require(_is_plain(hint, item.value), f"of type {hint.__name__}")
    return item.value


def _is_plain(hint: Any, value: Any) -> bool:
    """Whether a value is of a plain type; a whole number also serves as a number, a flag as neither."""
    return type(value) is hint or (hint is float and type(value) is int)


def _record(hint: Any, item: _Item) -> Any:
    hints = _hints(hint)
    is_table = isinstance(item.value, dict) and set(item.value) == set(hints)
    item.require(is_table, f"a record {hint.__name__}")
    return hint(**{name: _unpacked(hints[name], item.within(name, item.value[name])) for name in hints})


def _array(within: Any, item: _Item) -> NDArray[Any]:
    number = item.value.get(ARRAY) if isinstance(item.value, dict) else None
    item.require(number in range(len(item.arrays)), "an array")
    assert isinstance(number, int)
    array, kind = item.arrays[number], get_args(within[1])[0]
    item.require(kind is Any or array.dtype == np.dtype(kind), f"an array of {getattr(kind, '__name__', '')}")
    return array


def _list(within: Any, item: _Item) -> list[Any]:
    item.require(isinstance(item.value, list), "a list")
    return [_unpacked(within[0], item.within(i, value)) for i, value in enumerate(item.value)]


def _tuple(within: Any, item: _Item) -> tuple[Any, ...]:
    item.require(isinstance(item.value, list), "a list")
    hints = within[:1] * len(item.value) if within[-1] is Ellipsis else within
    item.require(len(item.value) == len(hints), f"a list of {len(hints)} values")
    pairs = enumerate(zip(hints, item.value, strict=True))
    return tuple(_unpacked(hint, item.within(i, value)) for i, (hint, value) in pairs)


def _table(within: Any, item: _Item) -> dict[str, Any]:
    item.require(isinstance(item.value, dict), "a table")
    return {key: _unpacked(within[1], item.within(key, value)) for key, value in item.value.items()}


def _optional(within: Any, item: _Item) -> Any:
    """A value or None."""
    if item.value is None and NoneType in within:
        return None
    (hint,) = [one for one in within if one is not NoneType]
    return _unpacked(hint, item)


_MAKERS: Final[dict[Any, Callable[[Any, _Item], Any]]] = {
    list: _list,
    tuple: _tuple,
    dict: _table,
    np.ndarray: _array,
    Union: _optional,
    UnionType: _optional,
}
"""How a value is made, by the origin of its type."""
