"""The sonic surface and streamlines through a hole in space, seen from outside; needs the extra `viz`."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.pyplot import imread

from breachflow.arrays import Floats
from breachflow.report.picture import Drawing
from breachflow.report.result.facts import facts_of
from breachflow.report.result.space.child import STREAM
from breachflow.report.result.space.scene import is_drawn, picture_of, scene_of
from breachflow.report.style import new_figure
from breachflow.results import Result

PLACE: Final = 3


def draw(result: Result) -> Drawing | None:
    """The picture; None in the plane, without the extra `viz`, and where the machine cannot draw it."""
    scene = scene_of(result) if is_drawn() and set(result.fields) >= {"mach", "velocity"} else None
    picture = picture_of(scene) if scene is not None else None
    if scene is None or picture is None:
        return None
    figure = new_figure(9.0, 6.6, str(result.provenance.get("title", "")), facts_of(result))
    axes = figure.subplots()
    axes.imshow(_cropped(imread(BytesIO(picture))))
    axes.set_axis_off()
    colors = ScalarMappable(Normalize(0.0, scene.most_mach), STREAM)
    figure.colorbar(colors, ax=axes, label="Mach number on streamlines", pad=0.02, aspect=30)
    return Drawing("Sonic surface", DESCRIPTION, figure)


def _cropped(image: Floats) -> Floats:
    """The part of an image (height, width, 4) in which anything is drawn."""
    rows, columns = (np.flatnonzero(image[..., 3].any(axis=across)) for across in (1, 0))
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] if len(rows) else image


DESCRIPTION: Final = (
    "Seen from outside: the half of the hull behind the hole (gray), the surface on which the gas is sonic "
    "(orange), and streamlines from the cabin through the hole."
)
