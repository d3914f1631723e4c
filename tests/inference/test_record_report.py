"""The page and the pictures of what a pressure record says, and the curves that they are made of."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import worlds

import breachflow
from breachflow.cli.main import main
from breachflow.inference.curves import exponent_density, law_curves, rate_density
from breachflow.inference.scatter import scatter_of
from breachflow.report.picture import draw_pictures
from breachflow.report.records import pictures
from breachflow.report.records.data import InferPicture
from breachflow.report.records.page import infer_page
from breachflow.report.write import write_report
from breachflow.shipped import find_case

HOUR = 3600.0


def inferred(world: worlds.World, **options: object) -> breachflow.Inference:
    return breachflow.infer(
        world.times,
        world.pressures,
        world.temperatures,
        volume=f"{world.volume} m3",
        wander=f"{world.wander} Pa",
        **options,  # type: ignore[arg-type]
    )


def texts_of(found: breachflow.Inference, name: str) -> list[str]:
    """What is written in a picture."""
    (drawn,) = draw_pictures(pictures.__name__, [name], InferPicture(found))
    return [text.decode() for text in re.findall(rb"<!-- (.*?) -->", drawn.svg)]


@pytest.fixture(scope="module")
def tunnel() -> breachflow.Inference:
    """A leak of the tunnel; its limit is close."""
    world = worlds.world("tunnel", 4)
    return inferred(world, until=f"{float(world.pressures[-1]) - 200.0} Pa")


@pytest.fixture(scope="module")
def grown() -> breachflow.Inference:
    """A leak of 60 m3 that grew to twice its size, without the readings of three hours."""
    return inferred(worlds.changing(3, 2.0, 1.0), exclude=[("5 h", "8 h")])


@pytest.mark.slow
def test_the_page_has_the_answer_and_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = worlds.changing(3, 2.0, 1.0)
    lines = [f"{t:.0f},{p / worlds.MMHG:.1f}" for t, p in zip(world.times, world.pressures, strict=True)]
    record, folder = tmp_path / "module.csv", tmp_path / "page"
    record.write_text("\n".join(["time [s],pressure [mmHg]", *lines]))
    command = ["infer", str(record), "--volume", "60 m3", "--report", str(folder)]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert printed.count("wrote ") == 9
    page = (folder / "report.html").read_text()
    for line in printed.splitlines():
        label, _, text = line.strip().partition("  ")
        if label in ("verdict", "leak", "before", "after", "record"):
            assert text.strip().replace(">", "&gt;") in page
    assert "Do not use least squares: it would say" in page
    assert "10 %, one standard deviation [default]" in page
    assert str(tmp_path) not in page
    for name in pictures.NAMES:
        assert (folder / f"{name}.png").stat().st_size > 10_000
    assert main([*command, "--json"]) == 0  # replaces its own files
    assert "basis" not in json.loads(capsys.readouterr().out)


def test_a_file_of_others_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "still.csv"
    record.write_text("time [h],pressure [mmHg]\n" + "\n".join(f"{hour},730" for hour in range(12)))
    (tmp_path / "record.png").write_text("mine")
    assert main(["infer", str(record), "--report", str(tmp_path)]) == 8
    assert "record.png: is not of a report, and was left as it is" in capsys.readouterr().err
    assert (tmp_path / "record.png").read_text() == "mine"


def test_the_law_follows_the_truth(tunnel: breachflow.Inference) -> None:
    """The band holds the world's own closed form at nine in ten of the times, or more: they are one draw."""
    world = worlds.world("tunnel", 4)
    curves = law_curves(tunnel.basis)  # type: ignore[arg-type]
    assert curves is not None
    truth = world.start * worlds.falling(curves.law_times, world.rate, world.exponent)
    assert np.mean((curves.law.low <= truth) & (truth <= curves.law.high)) >= 0.9
    assert np.all(curves.law.low < curves.law.middle)
    assert np.all(curves.law.middle < curves.law.high)


def test_the_law_bends_at_the_change(grown: breachflow.Inference) -> None:
    """Its slope doubles there, but for what the pressure has fallen by."""
    assert grown.basis is not None
    curves = law_curves(grown.basis)
    assert curves is not None
    assert grown.change is not None
    slopes = np.diff(curves.law.middle) / np.diff(curves.law_times)
    middles = 0.5 * (curves.law_times[1:] + curves.law_times[:-1])
    before, after = slopes[middles < grown.change.low][-1], slopes[middles > grown.change.high][0]
    rates = [part.pressure_rate.median for part in (grown.change.before, grown.change.after)]
    assert [-before, -after] == pytest.approx(rates, rel=0.02)  # the law falls by 1 % between two times


@pytest.mark.slow
def test_bands_hold_nine_in_ten_residuals() -> None:
    """Of 300 residuals with memory some 30 are independent: 0.16 is three deviations of their share."""
    inside = []
    for seed in range(5):
        found = inferred(worlds.world("tunnel", 100 + seed))
        scatter = scatter_of(found.basis)  # type: ignore[arg-type]
        assert scatter is not None
        low, high = scatter.expected.low, scatter.expected.high
        inside.append(np.mean((low <= scatter.residuals) & (scatter.residuals <= high)))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.16)


def test_white_noise_shows_no_memory() -> None:
    """The correlation of independent readings is 0 but for one over the root of their number."""
    times = 600.0 * np.arange(60)
    noise = np.random.default_rng(1).standard_normal(60)
    found = breachflow.infer(times, 98000.0 * np.exp(-1e-6 * times) + 20.0 * noise, period="none")
    scatter = scatter_of(found.basis)  # type: ignore[arg-type]
    assert scatter is not None
    assert scatter.lags[0] == pytest.approx(600.0)
    assert abs(scatter.correlation[0]) < 3.0 / np.sqrt(60)
    assert np.corrcoef(scatter.residuals, noise)[0, 1] > 0.95


def test_densities_are_those_of_the_answer(grown: breachflow.Inference) -> None:
    assert grown.basis is not None
    rates, exponents = rate_density(grown.basis), exponent_density(grown.basis)
    assert rates is not None
    assert exponents is not None
    step = rates.values[1] - rates.values[0]
    assert np.sum(rates.heights) * step == pytest.approx(
        0.996, abs=1e-3
    )  # between the tails that are left out
    assert grown.pressure_rate is not None
    below = np.sum(rates.heights[rates.values < grown.pressure_rate.low]) * step
    assert below == pytest.approx(0.048, abs=0.01)  # a step of the density at most
    assert np.sum(exponents.heights) * np.diff(exponents.values)[0] == pytest.approx(1.0)


def test_pictures_say_what_lines_mean(grown: breachflow.Inference) -> None:
    record = texts_of(grown, "record")
    for text in ("reading", "left out", "fitted law", "90 % of the law", "excluded"):
        assert text in record
    assert any("the opening grew between" in text for text in record)
    posterior = texts_of(grown, "posterior")
    assert {"hole-like", "neither", "crack-like"} <= {text.split("\n")[0] for text in posterior}
    changes = texts_of(grown, "changes")
    assert {"before the change", "after the change"} <= set(changes)


def test_a_frozen_sensor_is_drawn_without_a_law() -> None:
    found = breachflow.infer([600.0 * step for step in range(50)], [97000.0] * 50)
    assert found.verdict == "frozen"
    page = infer_page(found)
    assert [picture.name for picture in page.pictures] == ["record"]
    assert page.alarms[0].startswith("frozen sensor: no rate, no size. all 50 readings are")


def test_a_given_exponent_has_no_panel() -> None:
    found = inferred(worlds.world("tunnel", 4), exponent=2)
    assert exponent_density(found.basis) is None  # type: ignore[arg-type]
    assert "hole-like" not in texts_of(found, "posterior")


def test_the_limit_is_drawn_where_it_is_near(
    tunnel: breachflow.Inference, grown: breachflow.Inference
) -> None:
    assert "limit" in texts_of(tunnel, "record")
    far = texts_of(grown, "record")
    assert "limit" not in far
    assert any(text.startswith("limit 490 mmHg, below the picture: reached") for text in far)


def test_the_case_of_a_record_is_drawn(tmp_path: Path) -> None:
    """A folder with a case: a frozen sensor has no fit and one picture, that of the record."""
    folder = tmp_path / "frozen"
    shutil.copytree(find_case("record/frozen_sensor").folder, folder)
    page, *_ = write_report(folder)
    assert page == folder / "case.report" / "report.html"
    assert "frozen" in page.read_text()
