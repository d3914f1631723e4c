"""The page of a report in a browser without network: pictures, sizes, frames; nothing is fetched."""

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

import breachflow
from breachflow.document.toml_text import toml_string
from breachflow.report.records.write import write_infer_report
from breachflow.report.write import write_report
from breachflow.results.files.tables import write_table
from breachflow.shipped import find_case
from report_tables import ATTRIBUTES, HOLE, sweep_table, write_hole, write_puncture

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip

WIDE, NARROW = 1280, 400
"""Widths of pages; those of a telephone are shown in a frame, for Chromium has no window below 500."""

WINDOW = f"--window-size={WIDE},1100"

HOSTILE = "<script>document.title = 'taken over'</script><img src=http://example.invalid/x.png>"

MEASURE = """<script>
// Numbers of the tables that stand on more than one line.
function brokenNumbers() {
  const found = [];
  for (const cell of document.querySelectorAll("td")) {
    const text = cell.firstChild;
    for (const match of (text ? text.data : "").matchAll(/[0-9][0-9.e+-]{3,}/g)) {
      const range = document.createRange();
      range.setStart(text, match.index);
      range.setEnd(text, match.index + match[0].length);
      const tops = new Set([...range.getClientRects()].map((line) => line.top));
      if (tops.size > 1 && match[0].length < 20) found.push(match[0]);
    }
  }
  return found;
}
addEventListener("load", () => {
  const boxes = [...document.querySelectorAll(".box")];
  top.postMessage(JSON.stringify({
    images: [...document.images].map((image) => [image.naturalWidth, image.naturalHeight, image.width]),
    window: innerWidth,
    content: document.documentElement.scrollWidth,
    boxes: boxes.map((box) => box.getBoundingClientRect().right),
    breaks: brokenNumbers(),
    scripts: document.scripts.length,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    ground: getComputedStyle(document.body).backgroundColor,
  }), "*");
});
</script>"""
"""Added to a copy of the page alone; a page of a report allows no script but its own."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of a sweep, a run, a leak and a record whose titles contain markup, and of a transient run."""
    folder = tmp_path_factory.mktemp("reports")
    swept = {"diameter": (1e-3, 2e-3, 4e-3), "wall_thickness": (0.0, 1e-3), "gas": ("air", "helium")}
    table = sweep_table(swept, failed=[3], unconverged=[4], attributes={**ATTRIBUTES, "title": HOSTILE})
    write_table(folder / "table.h5", table)
    write_hole(folder / "hole.vtkhdf", case=HOLE.replace("A hole of <b>mine</b> & $x$", HOSTILE))
    write_puncture(folder / "puncture.vtkhdf", (0.0, 1e-5, 6e-5))
    leak = (find_case("locate/russian_segment").folder / "case.toml").read_text()
    title = f"title = {toml_string(HOSTILE)}"
    (folder / "leak.toml").write_text(re.sub(r"title = .*", lambda _: title, leak, count=1))
    files = {
        "sweep": "table.h5",
        "run": "hole.vtkhdf",
        "transient": "puncture.vtkhdf",
        "leak": "leak.toml",
    }
    found = {name: write_report(folder / file)[0] for name, file in files.items()}
    return {**found, "record": write_record_page(folder)}


def write_record_page(folder: Path) -> Path:
    """The page of a pressure record whose name contains markup."""
    record = folder / "<b>tunnel & $x$.csv"
    shutil.copy(find_case("record/tunnel_crack").folder / "record.csv", record)
    found = breachflow.infer(record, volume="7 m3", exclude=[("3 h", "4 h")])
    return write_infer_report(found, folder / "record")[0]


def browse(page: Path, folder: Path, *options: str) -> str:
    """What the browser prints about a page."""
    assert BROWSER is not None
    profile = folder / "profile"
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def framed(page: Path, folder: Path, width: int) -> Path:
    """A page that shows another one in a given width, and has what this tells as its title."""
    outer = folder / "outer.html"
    outer.write_text(
        '<style>body { margin: 0 } iframe { border: 0; display: block }</style><meta name="color-scheme" '
        'content="light dark"><title></title><script>addEventListener("message", (told) => '
        f'{{ document.title = told.data; }});</script><iframe src="{page.as_uri()}" width="{width}" '
        'height="1100"></iframe>'
    )
    return outer


def measured(page: Path, folder: Path, width: int, *options: str) -> dict[str, Any]:
    """Sizes of the elements of a page, measured by a script in a copy of the page."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^\n]*\n', "", page.read_text())
    copy = folder / "copy.html"
    copy.write_text(text.replace("</head>", f"{MEASURE}</head>"))
    outer = framed(copy, folder, width)
    dumped = browse(outer, folder, "--dump-dom", "--virtual-time-budget=2000", WINDOW, *options)
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
@pytest.mark.parametrize("name", ["sweep", "run", "leak", "record"])
def test_every_picture_is_there_and_nothing_sticks_out(
    name: str, width: int, pages: dict[str, Path], tmp_path: Path
) -> None:
    found = measured(pages[name], tmp_path, width)
    assert found["window"] == width
    assert len(found["images"]) == {"sweep": 4, "run": 2, "leak": 3, "record": 3}[name]
    for natural_width, natural_height, shown_width in found["images"]:
        assert natural_width > 400
        assert natural_height > 150
        # A narrow page scrolls pictures sideways, each in its frame, so that their letters can be read.
        assert 300 < shown_width <= max(width, 640)
    assert found["content"] <= width
    assert all(right <= width for right in found["boxes"])
    assert found["breaks"] == []
    assert found["scripts"] == 1  # the script of the test


def test_dark_where_the_reader_wants_it_dark(pages: dict[str, Path], tmp_path: Path) -> None:
    found = measured(pages["run"], tmp_path, WIDE, "--blink-settings=preferredColorScheme=0")
    assert found["dark"]
    assert found["ground"] == "rgb(20, 23, 26)"


def test_pictures_are_as_dark_as_the_page(pages: dict[str, Path], tmp_path: Path) -> None:
    """Below the head of a page, which pictures fill, no light ground is left."""
    file = tmp_path / "page.png"
    browse(
        pages["sweep"], tmp_path, f"--screenshot={file}", WINDOW, "--blink-settings=preferredColorScheme=0"
    )
    with Image.open(file) as image:
        pixels = np.asarray(image.convert("RGB"))[300:].reshape(-1, 3)
    assert (pixels.min(axis=1) > 240).mean() < 0.01
    assert np.all(pixels == (20, 23, 26), axis=1).mean() > 0.5


STEP = """<script>
addEventListener("load", () => {
  const slider = document.querySelector("input[type=range]");
  const seen = () => [...document.querySelectorAll(".frames img")].findIndex((image) => !image.hidden);
  const first = [seen(), document.querySelector("output").textContent];
  slider.value = 1;
  slider.dispatchEvent(new Event("input"));
  const second = [seen(), document.querySelector("output").textContent];
  document.querySelector(".frames button").click();
  setTimeout(() => { document.title = JSON.stringify([first, second, [seen()]]); }, 1500);
});
</script>"""


def test_frames_follow_the_slider_and_the_button(pages: dict[str, Path], tmp_path: Path) -> None:
    """The last frame is shown first; the button plays to it, 0.4 s a frame."""
    text = pages["transient"].read_text()
    policy, copy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^\n]*\n'), tmp_path / "copy.html"
    assert len(policy.findall(text)) == 1
    copy.write_text(policy.sub("", text).replace("</head>", f"{STEP}</head>"))
    dumped = browse(copy, tmp_path, "--dump-dom", "--virtual-time-budget=4000")
    found = json.loads(unescape(dumped.split("<title>")[1].split("</title>")[0]))
    assert found == [[2, "60 us"], [1, "10 us"], [2]]


def test_the_script_of_frames_runs_under_the_policy_of_the_page(
    pages: dict[str, Path], tmp_path: Path
) -> None:
    dumped = browse(pages["transient"], tmp_path, "--dump-dom", "--virtual-time-budget=2000")
    assert '<figure class="frames">' in dumped  # hidden until the script has run
    assert "<output>60 us</output>" in dumped


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


@pytest.mark.parametrize("name", ["sweep", "run", "leak", "record"])
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
    """A screenshot shows text, lines and the colors of the field."""
    file = tmp_path / "page.png"
    outer = framed(pages["run"], tmp_path, width)
    browse(outer, tmp_path, f"--screenshot={file}", f"--window-size={max(width, 500)},1100")
    with Image.open(file) as image:
        colors = np.asarray(image.convert("RGB"))[:, :width].reshape(-1, 3)
    assert len(np.unique(colors, axis=0)) > 500
    background = np.all(colors == 255, axis=1).mean()
    assert 0.3 < background < 0.98
