"""Draw the picture of README.md: `python tools/readme_picture.py`. It needs `pip install '.[report]'`.

It is the picture `mach.png` of `breachflow report` of a shipped case, smaller and with fewer colors.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

import breachflow
from breachflow.report.picture import draw_pictures
from breachflow.report.result import pictures

ROOT = Path(__file__).parents[1]
CASE = ROOT / "cases" / "iss" / "soyuz_ms09" / "case.toml"
PICTURE = ROOT / "docs" / "images" / "soyuz_ms09.png"
SIZE = (1200, 900)
"""Largest width and height, pixels: as wide as a page shows it on a sharp screen."""
COLORS = 200
"""Few enough for a small file, enough for a smooth scale of colors."""


def draw_picture() -> None:
    """Run the case and write its picture."""
    with TemporaryDirectory() as folder:
        result = breachflow.run(breachflow.load_case(CASE), output=Path(folder) / "result.vtkhdf")
        (drawn,) = draw_pictures(pictures.__name__, ["mach"], result)
    image = Image.open(BytesIO(drawn.png)).convert("RGB")
    image.thumbnail(SIZE)
    image.quantize(COLORS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    draw_picture()
