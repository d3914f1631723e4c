"""The cases of the benchmarks: a steady thin hole, a sudden puncture, and sweeps of a thick hole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

RESIDUAL_DROP: Final = 1e-6
"""Residual over its first value at which the steady runs end."""

HOLE: Final = f"""\
title = "Benchmark: a round hole of 2 mm in a thin wall"
gas = "air"
orifice = {{ shape = "round", diameter = "2 mm", wall_thickness = "0 mm" }}
mesh = {{ resolution = RESOLUTION }}
run = {{ residual_drop = {RESIDUAL_DROP} }}

[boundary]
cabin = {{ kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }}
space = {{ kind = "vacuum" }}
"""

PUNCTURE: Final = """\
title = "Benchmark: a sudden puncture of 2 mm"
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "1.6 mm" }
mesh = { resolution = RESOLUTION }
run = { mode = "transient", end_time = "END_TIME us" }

[boundary]
cabin = { kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }
space = { kind = "vacuum" }
"""


THICK_HOLE: Final = """\
title = "Benchmark: a sweep"
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "1 mm" }
mesh = { resolution = RESOLUTION }

[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "293.15 K" }
space = { kind = "outlet", pressure = "0 kPa" }

[sweep]
"KEY" = [VALUES]
"""


def thick_hole(resolution: str, key: str, values: Sequence[float], unit: str) -> str:
    """The text of a case that sweeps one key over the values in a unit; into vacuum unless the key is the
    pressure outside.
    """
    listed = ", ".join(f'"{value!r} {unit}"' for value in values)
    text = THICK_HOLE.replace("RESOLUTION", _resolution(resolution))
    return text.replace("KEY", key).replace("VALUES", listed)


def hole(resolution: str) -> str:
    """The text of a case of steady flow through a thin hole."""
    return HOLE.replace("RESOLUTION", _resolution(resolution))


def puncture(resolution: str, microseconds: float) -> str:
    """The text of a case of a sudden puncture, with the simulated time in microseconds."""
    return PUNCTURE.replace("RESOLUTION", _resolution(resolution)).replace("END_TIME", f"{microseconds:g}")


def _resolution(resolution: str) -> str:
    """The value of the key `resolution`: a name, or a table with the cells across half the opening."""
    return f"{{ across = {resolution} }}" if resolution.isdigit() else f'"{resolution}"'


@contextmanager
def case_file(text: str) -> Iterator[Path]:
    """A case file in a temporary folder, which exists inside this context."""
    with TemporaryDirectory(prefix="breachflow-") as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text, encoding="utf-8")
        yield path
