"""Mach number around the hole and at its upstream edge, with the sonic line and the probes."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.report.picture import Drawing
from breachflow.report.result.facts import facts_of
from breachflow.report.result.panel import add_color_bar, draw_frame, draw_panel, draw_sonic_line, mark_probes
from breachflow.report.result.probes import probe_places
from breachflow.report.result.scene import Scene, scene_of
from breachflow.report.result.shading import Shading, mach_shading
from breachflow.report.result.views import first_plane
from breachflow.report.style import new_figure
from breachflow.results import Result

PLACE: Final = 1


def draw(result: Result) -> Drawing | None:
    """The picture; None for a result without a Mach number."""
    shown = first_plane(result)
    if shown is None or "mach" not in shown.fields or not shown.n_cells:
        return None
    return mach_drawing(shown, "Mach number")


def mach_drawing(result: Result, heading: str) -> Drawing:
    """The picture of a result in the plane, or on a plane."""
    scene = scene_of(result)
    hole, window = scene.hole, scene.window
    shading = mach_shading(scene, np.asarray(result.field("mach"), dtype=np.float64))
    width = 6.2 if hole else 7.4
    height = window.height(0.86 * width) + 1.1
    title = str(result.provenance.get("title", ""))
    figure = new_figure(width + (4.2 if hole else 0.0), height, title, facts_of(result))
    panels = figure.subplots(1, 2 if hole else 1, squeeze=False, width_ratios=[1.3, 1.0] if hole else None)[0]
    colored = draw_panel(panels[0], scene, shading)
    draw_sonic_line(panels[0], scene, shading.values)
    mark_probes(panels[0], scene, probe_places(result))
    if hole:
        at_edge = scene.window_at_edge(hole)
        draw_panel(panels[1], scene, shading, at_edge, edges=True)
        draw_sonic_line(panels[1], scene, shading.values, at_edge)
        panels[1].set_title("upstream edge, with the cells", fontsize=9)
        draw_frame(panels[0], panels[1])
    add_color_bar(figure, colored, list(panels), shading)
    return Drawing(heading, _description(scene, shading), figure)


def _description(scene: Scene, shading: Shading) -> str:
    low, high = shading.range_in(scene)
    text = f"Mach number of each cell, from {low:.2g} to {high:.3g}, {scene.place}"
    if scene.hole is None:
        return f"{text}."
    return (
        f"{text}; the gas flows from left to right. "
        "Grey: the wall; white line: the sonic line; the second panel shows the frame in the first."
    )
