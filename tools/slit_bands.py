"""Compare the stated uncertainty of thin slits with their error, which the exact solution tells.

`python tools/slit_bands.py` runs slits over outside pressures and gases on the mesh `coarse`, and on `medium`
those of air, and prints a row for each; `--fewer` runs three of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from breachflow.case import parse_case
from breachflow.runs.run import compute
from breachflow.theory.slit.free_streamline import discharge_coefficient

RATIOS: Final = (0.0, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
"""Pressures outside over those inside: choked, choked against gas, subsonic."""

OTHER_RATIOS: Final = (0.0, 0.3, 0.7, 0.9)
GAMMAS: Final = (1.1, 5.0 / 3.0)

CASE: Final = """\
gas = {{ gamma = {gamma}, molar_mass = "28.97 g/mol" }}
orifice = {{ shape = "slit", width = "2 mm", wall_thickness = "0 mm" }}
mesh = {{ resolution = "{resolution}" }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }}
space = {space}
"""


class Slit(NamedTuple):
    """A thin slit."""

    ratio: float
    """Pressure outside over that inside."""
    gamma: float = 1.4
    resolution: str = "coarse"


FEW: Final = (Slit(0.0), Slit(0.6), Slit(0.9))


class Band(NamedTuple):
    """A stated uncertainty beside the error, both over the exact discharge coefficient."""

    slit: Slit
    error: float
    """Signed."""
    stated: float
    iterations: int

    @property
    def times(self) -> float:
        """The stated uncertainty over the error."""
        return self.stated / abs(self.error)


def slits() -> Iterator[Slit]:
    """All slits."""
    yield from (Slit(ratio) for ratio in RATIOS)
    yield from (Slit(ratio, gamma) for gamma in GAMMAS for ratio in OTHER_RATIOS)
    yield from (Slit(ratio, 1.4, "medium") for ratio in RATIOS)


def band(slit: Slit) -> Band:
    """Run a slit on one thread. Raises ValueError where it does not converge."""
    pressure = f'{{ kind = "outlet", pressure = "{100.0 * slit.ratio} kPa" }}'
    space = pressure if slit.ratio else '{ kind = "vacuum" }'
    case = parse_case(CASE.format(gamma=slit.gamma, resolution=slit.resolution, space=space))
    summary = compute(case, threads=1).summary
    if summary["converged"].value is not True:
        raise ValueError(f"{slit} does not converge: {summary['converged'].description}")
    found, spread = (float(summary[f"discharge_coefficient{end}"].value) for end in ("", "_uncertainty"))
    exact = discharge_coefficient(slit.ratio, slit.gamma)
    return Band(slit, found / exact - 1.0, spread / exact, int(summary["iterations"].value))


def verdict(bands: Sequence[Band]) -> str:
    """How many errors the stated uncertainty covers, and how much larger than they it is."""
    times = [one.times for one in bands]
    covered = sum(one >= 1.0 for one in times)
    middle, high = np.quantile(times, [0.5, 0.9])
    return f"{covered} of {len(bands)} covered; stated over error: median {middle:.2f}, 90 % {high:.2f}"


def main() -> None:
    """Run the slits and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fewer", action="store_true")
    found = []
    for slit in FEW if parser.parse_args().fewer else slits():
        found.append(one := band(slit))
        print(
            f"{slit.resolution} gamma {slit.gamma:.3g} r {slit.ratio:<5g} error {100.0 * one.error:+.3f} %, "
            f"stated {100.0 * one.stated:.3f} %, {one.times:.2f} times; {one.iterations} iterations",
            flush=True,
        )
    for resolution in ("coarse", "medium"):
        these = [one for one in found if one.slit.resolution == resolution]
        if these:
            print(f"{resolution}: {verdict(these)}")
    print(f"all: {verdict(found)}")


if __name__ == "__main__":
    main()
