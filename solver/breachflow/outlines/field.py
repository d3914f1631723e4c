"""The key `outline` of `[orifice]`: the corners of holes, in the case or in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from breachflow.document.paths import PathField
from breachflow.document.toml_text import literal
from breachflow.outlines.polygon import Corner, HoleOutline, Loop

EXAMPLE: Final = "[[0, 0], [2, 0], [1, 2]]"

Loops: TypeAlias = tuple[Loop, ...]
"""The corners of each hole, counterclockwise, in the unit of the outline."""


@dataclass(frozen=True)
class OutlineField:
    """A field of the corners of holes: an array of points, an array of such arrays, or a path of a file.

    Its value is the corners, so that a completed case holds them: it does without the file.
    """

    def read(self, value: object, info: ValidationInfo) -> Loops:
        """The corners of each hole, counterclockwise.

        Raises ValueError where the value is no outline, its file cannot be read, or no mesh can have it.
        """
        if isinstance(value, str):
            from breachflow.outlines.read import read_loops

            loops = read_loops(PathField().read(value, info))
        else:
            loops = _given_loops(value)
        return _checked(tuple(map(tuple, loops))).loops

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        path = PathField().__get_pydantic_json_schema__(schema, handler)
        point = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        loop = {"type": "array", "items": point, "minItems": 3}
        return {"anyOf": [path, loop, {"type": "array", "items": loop, "minItems": 1}]}


@lru_cache(maxsize=16)
def _checked(loops: Loops) -> HoleOutline:
    """The outline with these corners, which points of a sweep share."""
    from breachflow.outlines.checks import checked_outline

    return checked_outline(loops)


def _given_loops(value: object) -> list[list[Corner]]:
    """The loops in an array of points, or in an array of such arrays."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f'must be an array of points, e.g. {EXAMPLE}, or a file, e.g. "hole.csv"')
    if _is_loop(value[0]):
        return [_loop(loop, f"hole {number}: ") for number, loop in enumerate(value, 1)]
    return [_loop(value, "")]


def _is_loop(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], list | tuple)


def _loop(value: object, hole: str) -> list[Corner]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{hole}must be an array of points, e.g. {EXAMPLE}")
    return [_point(point, f"{hole}point {number}") for number, point in enumerate(value, 1)]


def _point(value: object, name: str) -> Corner:
    pair: Sequence[object] = value if isinstance(value, list | tuple) else ()
    numbers = [float(one) for one in pair if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(pair) != 2 or len(numbers) != 2:
        raise ValueError(
            f"{name}, {literal(value)}, must be two numbers, e.g. [1.5, 0]; the key unit has the unit"
        )
    return numbers[0], numbers[1]
