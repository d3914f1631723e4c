"""The case that `breachflow init` writes for a person to edit."""

from __future__ import annotations

from breachflow.constants import SPECIES
from breachflow.document.toml_text import toml_string
from breachflow.physics import fluxes, limiters

_TEXT = """\
title = {title}
gas = "air"                                # or {gases},
                                           # or {{ gamma = 1.4, molar_mass = "28.97 g/mol" }}

[orifice]
shape = "round"                            # round (axisymmetric) or slit (planar: `width`, no `diameter`)
diameter = "2 mm"
wall_thickness = "1.6 mm"                  # "0 mm" is a knife edge
# chamfer = "0.5 mm"                       # of the upstream edge, 45 degrees; or: rounding = "0.5 mm"

[mesh]
template = "orifice"                       # or file = "a.msh", geometry = "axisymmetric", unit = "mm"
resolution = "medium"                      # coarse, medium, fine, or {{ across = 40 }} cells in a radius

[boundary]
cabin = {{ kind = "reservoir", pressure = "101.325 kPa", temperature = "293.15 K" }}
space = {{ kind = "vacuum" }}                # or {{ kind = "outlet", pressure = "20 kPa" }}

[output]
file = "result.vtkhdf"

# All that follows has good defaults; `breachflow check` prints the completed case.
# [numerics]
# flux = "hllc"                            # {fluxes}
# limiter = "van_albada"                   # {limiters}
# order = 2

# [run]
# mode = "transient"                       # steady is the default
# end_time = "2 ms"

# [probes]
# lip = ["0 mm", "0.9 mm"]                 # x along the axis, y from it
"""


def starting_case(title: str) -> str:
    """The text of a commented case that runs as it is."""
    return _TEXT.format(
        title=toml_string(title),
        gases=", ".join(name for name in SPECIES if name != "air"),
        fluxes=", ".join(fluxes.NAMES),
        limiters=", ".join(limiters.NAMES),
    )
