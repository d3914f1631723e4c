"""`python -m breachflow.report.result.space.child`: sonic surface and streamlines of a flow in space, as PNG.

It is a process of its own and the only module that imports pyvista: where a machine has no way to draw off
screen, VTK may end the process. The first line of its input is a job (JSON); it ends when its input does.
Coordinates are along the hole, along its long side and across both, in units of its long side; the middle of
its inner face is 0.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from breachflow.processes.child import end_with_parent

SIZE: Final = [1200, 900]
"""Width and height of the picture, pixels."""

EYE: Final = (2.6, 1.7, 4.0)
"""Direction from the middle of the picture to the eye: outside, above the hull and to a side."""

SONIC: Final = "#d9822b"
STREAM: Final = "viridis"
HULL: Final = "#b4b8bd"


class PictureJob(NamedTuple):
    """What is drawn."""

    data: str
    """File (.npz) with the arrays `points` (n, 3), `cells` and `types` as VTK takes them, `mach` (n_cells,),
    `velocity` (n_cells, 3), `hull`, faces as VTK takes them, `seeds` (n, 3) on the streamlines."""
    picture: str
    """File that is written."""
    box: list[float]
    """Least and largest coordinate along each axis."""
    mirrors: list[int]
    """Axes across planes of symmetry."""
    most_mach: float
    """End of the scale of colors."""


def main() -> None:
    """Draw the picture of the job in the first line of the input."""
    job = PictureJob(**json.loads(sys.stdin.buffer.readline()))
    end_with_parent()
    import numpy as np
    import pyvista

    pv: Any = pyvista  # its types are partly wrong
    with np.load(job.data) as arrays:
        part = {name: arrays[name] for name in arrays.files}
    plotter = pv.Plotter(off_screen=True, window_size=SIZE)
    for mesh, look in _meshes(pv, part, job):
        if mesh.n_points:
            plotter.add_mesh(mesh, show_scalar_bar=False, **look)
    middle = [0.5 * (low + high) for low, high in zip(job.box[::2], job.box[1::2], strict=True)]
    plotter.camera_position = [[at + to for at, to in zip(middle, EYE, strict=True)], middle, (0.0, 1.0, 0.0)]
    plotter.reset_camera(bounds=job.box)
    plotter.screenshot(job.picture, transparent_background=True)


def _meshes(pv: Any, part: dict[str, Any], job: PictureJob) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The half of the hull behind the hole, the sonic surface and the streamlines, with how each looks."""
    grid = pv.UnstructuredGrid(part["cells"], part["types"], part["points"])
    grid.cell_data["mach"], grid.cell_data["velocity"] = part["mach"], part["velocity"]
    values = grid.cell_data_to_point_data()
    hull = pv.PolyData(part["points"], part["hull"]).clip_box(job.box, invert=False)
    for image in _images(hull.extract_surface(algorithm="dataset_surface"), job.mirrors):
        yield image.clip("z", origin=(0.0, 0.0, 0.0), invert=True), {"color": HULL, "ambient": 0.5}
    for image in _images(values.contour([1.0], scalars="mach"), job.mirrors):
        yield image, {"color": SONIC, "opacity": 0.6, "ambient": 0.5}
    lines = values.streamlines_from_source(
        pv.PolyData(part["seeds"]), vectors="velocity", integration_direction="both",
        max_length=4.0 * (job.box[1] - job.box[0]), max_steps=4000, terminal_speed=1e-9,
    )  # fmt: skip
    if lines.n_points:
        colors = {"scalars": "mach", "cmap": STREAM, "clim": (0.0, job.most_mach)}
        for image in _images(lines.clip_box(job.box, invert=False), job.mirrors):
            yield image, {**colors, "line_width": 2.5}


def _images(mesh: Any, mirrors: list[int]) -> list[Any]:
    """A mesh and its mirror images across each plane of symmetry."""
    images = [mesh]
    for axis in mirrors:
        normal = [1.0 if one == axis else 0.0 for one in range(3)]
        images += [image.reflect(normal, point=(0.0, 0.0, 0.0)) for image in images]
    return images


if __name__ == "__main__":
    main()
