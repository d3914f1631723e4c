"""Velocity and temperature across the bore of laminar flow, and the Mach number in the layer at its wall."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.errors import ResultError
from breachflow.report.picture import Drawing
from breachflow.report.result.facts import facts_of
from breachflow.report.result.geometry import Hole
from breachflow.report.result.panel import add_color_bar, draw_panel, draw_sonic_line
from breachflow.report.result.scene import Scene, Window, scene_of
from breachflow.report.result.section import SAMPLED, BoreSection, bore_section, developed_speed, slip_of
from breachflow.report.result.shading import mach_shading
from breachflow.report.style import COLORS, DASHES, GREY, GROUND, new_figure
from breachflow.results import Result

PLACE: Final = 2

DEPTHS: Final = (0.1, 0.5, 0.9)
"""Sections that are drawn, over the depth of the bore."""

MIDDLE: Final = 1
"""The section that the parabola belongs to."""

SHALLOWEST: Final = 0.25
"""Least depth over size of a bore that has a profile."""

THIN_LAYER: Final = 0.35
"""Part of the radius next to the wall that is shown where the layer is thin."""

FLAT: Final = 0.9
"""Speed at that distance from the wall over the highest, above which the layer is thin."""


def draw(result: Result) -> Drawing | None:
    """The picture; None of flow without friction, without a hole, or through a wall that has no bore."""
    if result.is_in_space or not _is_laminar(result) or not {*SAMPLED, "mach"} <= set(result.fields):
        return None
    scene = scene_of(result)
    hole = scene.hole
    if hole is None or hole.wall_thickness < SHALLOWEST * hole.size:
        return None
    found = [bore_section(result, hole, depth) for depth in DEPTHS]
    sections = [section for section in found if section is not None]
    if len(sections) < len(DEPTHS):
        return None
    figure = new_figure(8.6, 6.6, str(result.provenance.get("title", "")), facts_of(result))
    panels = figure.subplot_mosaic([["speed", "temperature"], ["layer", "layer"]], height_ratios=[1.2, 1.0])
    middle = sections[MIDDLE]
    slip, window = slip_of(result, hole, middle), _window(scene, hole, middle)
    _draw_speed(panels["speed"], hole, sections, slip)
    _draw_temperature(panels["temperature"], hole, sections)
    _draw_layer(figure, panels["layer"], scene, window)
    return Drawing("Across the bore", _description(window, hole, middle, slip), figure)


def _is_laminar(result: Result) -> bool:
    """Whether friction acts in the result's case; not where this version cannot read the case."""
    try:
        return result.case.flow.is_viscous
    except ResultError:
        return False


def _draw_speed(axes: Axes, hole: Hole, sections: list[BoreSection], slip: float) -> None:
    """Speeds over their means, and the parabola of developed flow."""
    place = sections[MIDDLE].place
    parabola = developed_speed(place, hole, slip)
    axes.plot(
        parabola,
        place,
        color=GREY,
        linewidth=3.6,
        alpha=0.5,
        label="parabola with slip" if slip else "parabola",
    )
    for section, color, dash in zip(sections, COLORS, DASHES, strict=False):
        label = f"at {100.0 * section.depth:.0f} % of the depth"
        axes.plot(section.speed / section.mean_speed, section.place, color=color, linestyle=dash, label=label)
    axes.set(xlabel="velocity / its mean", ylabel=_across(hole), ylim=(0.0, 1.0))
    axes.legend(loc="best", frameon=True, framealpha=0.85, edgecolor=GROUND, facecolor=GROUND)


def _draw_temperature(axes: Axes, hole: Hole, sections: list[BoreSection]) -> None:
    for section, color, dash in zip(sections, COLORS, DASHES, strict=False):
        axes.plot(section.temperature, section.place, color=color, linestyle=dash)
    axes.set(xlabel="temperature (K)", ylabel=_across(hole), ylim=(0.0, 1.0))


def _draw_layer(figure: Figure, axes: Axes, scene: Scene, window: Window) -> None:
    """Mach numbers in the bore next to its wall, or in all of it where friction fills it."""
    values = np.asarray(scene.result.field("mach"), dtype=np.float64)
    inside = scene.shown(window)
    shading = mach_shading(scene, values, float(np.nanmax(values[inside])))
    colored = draw_panel(axes, scene, shading, window)
    draw_sonic_line(axes, scene, values, window)
    add_color_bar(figure, colored, axes, shading)


def _window(scene: Scene, hole: Hole, section: BoreSection) -> Window:
    """The bore with a little before its edge and behind its end, as far as the mesh reaches."""
    beside = section.speed[np.searchsorted(section.place, 1.0 - THIN_LAYER)]
    lowest = 1.0 - THIN_LAYER if beside > FLAT * section.speed.max() else 0.0
    half, margin = 0.5 * hole.size, 0.04 * hole.wall_thickness
    x = scene.result.points[:, 0]
    left = max(hole.plane - margin, float(x.min()))
    right = min(hole.plane + hole.wall_thickness + margin, float(x.max()))
    return Window((left, right), (lowest * half, (1.06 - 0.06 * lowest) * half))


def _across(hole: Hole) -> str:
    return "r / radius" if hole.is_round else "y / half-width"


def _description(window: Window, hole: Hole, middle: BoreSection, slip: float) -> str:
    parabola = developed_speed(middle.place, hole, slip)
    off = 100.0 * np.abs(middle.speed / middle.mean_speed - parabola).max()
    stretched = "" if window.is_to_scale else ", not to scale"
    return (
        f"In the middle of the bore the mean velocity is {middle.mean_speed:.3g} m/s. Its profile departs "
        f"from the parabola of developed flow{' with slip' if slip else ''} by {off:.2g} % of the mean at "
        f"most. Temperatures there are {middle.temperature.min():.4g} to {middle.temperature.max():.4g} K. "
        f"Below: Mach number in the bore{stretched}; white line: the sonic line."
    )
