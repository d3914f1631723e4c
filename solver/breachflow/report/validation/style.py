"""The look of the validation figures, and their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from breachflow.validation.judge import Status
from breachflow.validation.plan import Trial

COLORS: Final = {Status.PASS: "#1b7837", Status.MISS: "#d98200", Status.FAIL: "#c51b1b"}
MARKERS: Final = {Status.PASS: "o", Status.MISS: "D", Status.FAIL: "X"}
SHADES: Final = ("#1f4e9c", "#b5482a", "#3a7d44", "#7b4ea3", "#8a6d1f", "#2a8a8f", "#a03070", "#555555")
"""Colors of sources and variants."""

LONGEST_LABEL: Final = 60
"""Characters of a label."""

RESOLUTION: Final = 120
"""Dots per inch."""


def label_text(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text in at most `longest` characters, with dollar signs escaped: they begin formulas."""
    cut = text if len(text) <= longest else f"{text[: longest - 3].rstrip()}..."
    return cut.replace("$", r"\$")


def assigned(names: Iterable[str], choices: Sequence[str]) -> dict[str, str]:
    """One of the choices, colors or markers, for each different name."""
    return {name: choices[number % len(choices)] for number, name in enumerate(dict.fromkeys(names))}


def variant_name(trial: Trial) -> str:
    """Name of the variant; "as it is" for the case as written."""
    return trial.variant.name if trial.variant else "as it is"


def save_figure(figure: Figure, folder: Path, name: str) -> Path:
    """Write a PNG file into the folder; return it. The name is reduced to letters, digits, - and _."""
    letters = (letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    path = folder / f"{''.join(letters).strip('-')}.png"
    # Without matplotlib's version in it, the file changes only where the picture does.
    figure.savefig(path, dpi=RESOLUTION, metadata={"Software": None})
    return path
