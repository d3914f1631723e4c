"""The page of a report in a browser without network: pictures, sizes; no script runs, nothing is fetched."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from breachflow.report.write import write_report
from breachflow.results.files.tables import write_table
from report_tables import ATTRIBUTES, HOLE, sweep_table, write_hole

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip

WIDE, NARROW = 1280, 500
"""Widths of windows; Chromium has none below 500."""

HOSTILE = "<script>document.title = 'taken over'</script><img src=http://example.invalid/x.png>"

MEASURE = """<script>
addEventListener("load", () => {
  const boxes = [...document.querySelectorAll(".box")];
  document.title = JSON.stringify({
    images: [...document.images].map((image) => [image.naturalWidth, image.naturalHeight, image.width]),
    window: innerWidth,
    content: document.documentElement.scrollWidth,
    boxes: boxes.map((box) => box.getBoundingClientRect().right),
    scripts: document.scripts.length,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    ground: getComputedStyle(document.body).backgroundColor,
  });
});
</script>"""
"""Added to a copy of the page alone; a page of a report has no script and forbids scripts."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of a sweep and of a run whose titles contain markup."""
    folder = tmp_path_factory.mktemp("reports")
    swept = {"diameter": (1e-3, 2e-3, 4e-3), "wall_thickness": (0.0, 1e-3), "gas": ("air", "helium")}
    table = sweep_table(swept, failed=[3], unconverged=[4], attributes={**ATTRIBUTES, "title": HOSTILE})
    write_table(folder / "table.h5", table)
    write_hole(folder / "hole.vtkhdf", case=HOLE.replace("A hole of <b>mine</b> & $x$", HOSTILE))
    return {
        name: write_report(folder / file)[0] for name, file in (("sweep", "table.h5"), ("run", "hole.vtkhdf"))
    }


def browse(page: Path, folder: Path, *options: str) -> str:
    """What the browser prints about a page."""
    assert BROWSER is not None
    profile = folder / "profile"
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def measured(page: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Sizes of the elements of a page, measured by a script in a copy of the page."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^\n]*\n', "", page.read_text())
    copy = folder / "copy.html"
    copy.write_text(text.replace("</head>", f"{MEASURE}</head>"))
    dumped = browse(copy, folder, "--dump-dom", "--virtual-time-budget=2000", *options)
    found: dict[str, Any] = json.loads(unescape(dumped.split("<title>")[1].split("</title>")[0]))
    return found


class Addresses(HTMLParser):
    """Everything in a page that a browser might fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        names = ("src", "href", "srcset", "data", "action", "poster", "background", "style")
        self.found += [value or "" for name, value in attrs if name in names]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["sweep", "run"])
def test_every_picture_is_there_and_nothing_sticks_out(
    name: str, width: int, pages: dict[str, Path], tmp_path: Path
) -> None:
    found = measured(pages[name], tmp_path, f"--window-size={width},900")
    assert found["window"] == width
    assert len(found["images"]) == {"sweep": 4, "run": 2}[name]
    for natural_width, natural_height, shown_width in found["images"]:
        assert natural_width > 400
        assert natural_height > 150
        assert 300 < shown_width <= width
    assert found["content"] <= width
    assert all(right <= width for right in found["boxes"])
    assert found["scripts"] == 1  # the script of the test


def test_dark_where_the_reader_wants_it_dark(pages: dict[str, Path], tmp_path: Path) -> None:
    found = measured(pages["run"], tmp_path, "--blink-settings=preferredColorScheme=0")
    assert found["dark"]
    assert found["ground"] == "rgb(20, 23, 26)"


def test_the_page_itself_runs_nothing(pages: dict[str, Path], tmp_path: Path) -> None:
    dumped = browse(pages["sweep"], tmp_path, "--dump-dom")
    title = dumped.split("<title>")[1].split("</title>")[0]
    assert unescape(title) == HOSTILE
    assert f"<h1>{title}</h1>" in dumped
    for text in (
        "1 point NOT CONVERGED",
        "1 point FAILED",
        "the density fell below zero in cell 77",
        "lb/day",
    ):
        assert text in dumped


@pytest.mark.parametrize("name", ["sweep", "run"])
def test_nothing_is_fetched(name: str, pages: dict[str, Path]) -> None:
    text = pages[name].read_text()
    parser = Addresses()
    parser.feed(text)
    assert all(address.startswith("data:image/") for address in parser.found)
    assert not parser.tags & {"script", "link", "iframe", "object", "embed", "form", "base", "a"}
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert "url(" not in styles
    assert "@import" not in styles
    assert len(text) < 3_000_000


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_is_to_be_seen(width: int, pages: dict[str, Path], tmp_path: Path) -> None:
    """A screenshot has the requested size and shows text, lines and the colors of the field."""
    file = tmp_path / "page.png"
    browse(pages["run"], tmp_path, f"--screenshot={file}", f"--window-size={width},1100")
    with Image.open(file) as image:
        colors = np.asarray(image.convert("RGB")).reshape(-1, 3)
        assert image.size == (width, 1100)
    assert len(np.unique(colors, axis=0)) > 500
    background = np.all(colors == 255, axis=1).mean()
    assert 0.3 < background < 0.98
