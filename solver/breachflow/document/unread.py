"""What else is wrong with a document some of whose keys are at fault: one reading tells all faults.

Stand-ins take the place of the keys at fault, so that the document becomes whole; then `UNREAD` takes their
place in it, which nobody may use. A check that needs it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn, TypeVar

from pydantic import ValidationError

from breachflow.document.document import Document, Origin
from breachflow.document.explain import meant_key
from breachflow.document.faults import Fault, Key
from breachflow.document.fields import QuantityField
from breachflow.document.places.annotations import Spot, spot_at
from breachflow.document.table import Table
from breachflow.document.toml_text import dotted

Model = TypeVar("Model", bound=Table)


class UnreadError(Exception):
    """Something depends on a value that could not be read."""


class Unread(float):
    """A value that could not be read. It raises UnreadError where it is compared, used or written."""

    def _refuse(self, *_operands: object) -> NoReturn:
        raise UnreadError

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __round__ = __int__ = _refuse
    __contains__ = __iter__ = __len__ = __getitem__ = _refuse
    __neg__ = __abs__ = __float__ = __repr__ = __str__ = __format__ = __getattr__ = _refuse


UNREAD: Final = Unread()


def known_faults(checks: Iterable[Callable[[Model], Iterable[Fault]]], document: Model) -> Iterator[Fault]:
    """What each check finds, without the checks that need a value which could not be read."""
    for check in checks:
        try:
            yield from check(document)
        except UnreadError:
            continue


def readable_part(
    error: ValidationError, model: type[Model], origin: Origin, stand_ins: Mapping[str, object]
) -> Model | None:
    """The document with `UNREAD` at each key at fault; None where it cannot be made whole.

    Args:
        error: What pydantic found.
        model: Model of the document.
        origin: Its text.
        stand_ins: Valid values of required keys which are no quantities, by dotted key, or by TABLE.*.KEY
            for tables that users name.
    """
    whole = dict(origin.source.data)
    spots = [(detail["type"], spot_at(model, detail["loc"])) for detail in error.errors(include_url=False)]
    if not all(spot.key for _, spot in spots):  # a fault of the whole document
        return None
    for _, spot in spots:
        _replace(whole, spot.key, _stand_in(spot, stand_ins))
    try:
        document = model.model_validate(whole, context=origin.place)
    except ValidationError:
        return None
    if isinstance(document, Document):
        document = document.read_from(origin)
    for kind, spot in spots:
        document = _hidden(document, meant_key(spot) if kind == "extra_forbidden" else spot.key)
    return document


def _stand_in(spot: Spot, stand_ins: Mapping[str, object]) -> object:
    """A valid value of a key that must have one; None of a key that may be left out."""
    if spot.field is None or not spot.field.is_required():
        return None
    quantities = [item for item in spot.field.metadata if isinstance(item, QuantityField)]
    if quantities:
        return quantities[0].example
    return stand_ins.get(dotted(spot.key), stand_ins.get(f"{spot.key[0]}.*.{spot.key[-1]}"))


def _replace(data: dict[str, Any], key: Key, value: object) -> None:
    """Put a value in its place, or remove what is there; tables and arrays on the way are copied."""
    within: Any = data
    *tables, last = key
    for part in tables:
        found = within.get(part) if isinstance(within, dict) else within[int(part)]
        if not isinstance(found, dict | list):
            return
        within[part] = within = found.copy()
    if isinstance(within, list):
        within[int(last)] = {} if value is None else value
    elif value is None:
        within.pop(last, None)
    else:
        within[last] = value


def _hidden(part: Any, key: Key) -> Any:
    """A part of a document with `UNREAD` at a key of it."""
    if not key:
        return UNREAD
    name, rest = str(key[0]), key[1:]
    if isinstance(part, Table):
        fields = {field.alias or known: known for known, field in type(part).model_fields.items()}
        if name not in fields:
            return part
        return part.model_copy(update={fields[name]: _hidden(getattr(part, fields[name]), rest)})
    if isinstance(part, dict):
        return {**part, name: _hidden(part[name], rest)} if name in part else part
    if isinstance(part, list) and isinstance(key[0], int):
        return [_hidden(item, rest) if i == key[0] else item for i, item in enumerate(part)]
    return UNREAD
