"""Pressure with streamlines, and temperature, around the hole."""

from __future__ import annotations

from typing import Final

from breachflow.report.picture import Drawing
from breachflow.report.result.cut import PlaneCut
from breachflow.report.result.facts import facts_of, is_done
from breachflow.report.result.panel import add_color_bar, draw_panel, draw_streamlines
from breachflow.report.result.scene import Scene, scene_of
from breachflow.report.result.shading import Shading, pressure_shading, temperature_shading
from breachflow.report.result.views import first_plane
from breachflow.report.style import new_figure
from breachflow.results import Result

PLACE: Final = 2

FLOWING: Final = {"density", "velocity"}
"""Fields that streamlines need."""


def draw(result: Result) -> Drawing | None:
    """The picture; None for a result without pressure or temperature."""
    shown = first_plane(result)
    if shown is None or not {"pressure", "temperature"} <= set(shown.fields) or not shown.n_cells:
        return None
    scene = scene_of(shown)
    title = str(result.provenance.get("title", ""))
    figure = new_figure(11.4, scene.window.height(4.4) + 1.1, title, facts_of(result))
    panels = figure.subplots(1, 2)
    shadings = (
        pressure_shading(scene, shown.fields["pressure"]),
        temperature_shading(scene, shown.fields["temperature"]),
    )
    for axes, shading in zip(panels, shadings, strict=True):
        add_color_bar(figure, draw_panel(axes, scene, shading), axes, shading)
    with_lines = _has_streamlines(scene)
    if with_lines:
        draw_streamlines(panels[0], scene)
    return Drawing("Pressure and temperature", _description(scene, shadings, with_lines), figure)


def _has_streamlines(scene: Scene) -> bool:
    """Whether the flow is steady, and known well enough that equal parts of the gas can be told apart."""
    result = scene.result
    steady = not len(result.times) and "time" not in result.history and is_done(result)
    plane = not isinstance(result, PlaneCut)  # in space gas crosses it
    return plane and scene.hole is not None and steady and set(result.fields) >= FLOWING


def _description(scene: Scene, shadings: tuple[Shading, Shading], with_lines: bool) -> str:
    ranges = [
        f"{shading.label.partition(' (')[0]} from {low:.3g} to {high:.4g} {_unit(shading)}"
        for shading in shadings
        for low, high in [shading.range_in(scene)]
    ]
    text = f"{' and '.join(ranges)}, {scene.place}."
    lines = " White: streamlines; a tenth of the gas flows between two of them." if with_lines else ""
    return f"{text[:1].upper()}{text[1:]}{lines}"


def _unit(shading: Shading) -> str:
    return shading.label.partition("(")[2].strip(")").partition(",")[0]
