"""The code of the notebooks runs as it stands there, in an empty folder, and finds what their texts say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"


def cells_of(name: str) -> list[dict[str, Any]]:
    """The cells of code of a notebook."""
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def names_after(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Names that the cells of a notebook define."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.delenv("DISPLAY", raising=False)
    found: dict[str, Any] = {}
    for cell in cells_of(name):
        exec("".join(cell["source"]), found)
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_output_is_stored(path: Path) -> None:
    """The site runs the notebooks; outputs in the repository would grow old."""
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells_of(path.stem))


@pytest.mark.slow  # CI runs the notebook when it builds the site
def test_from_a_hole_to_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = names_after("from_a_hole_to_a_sweep", tmp_path, monkeypatch)
    coarse, fine = names["results"].values()
    assert coarse.converged
    assert fine.converged
    assert fine.discharge_coefficient_uncertainty < coarse.discharge_coefficient_uncertainty
    for result in (coarse, fine):
        apart = abs(result.discharge_coefficient - names["leak"].discharge_coefficient)
        both = result.discharge_coefficient_uncertainty + names["leak"].discharge_coefficient_uncertainty
        assert apart < both
    assert names["table"]["status"].tolist() == ["converged"] * 3
    names["plt"].close("all")


def test_how_long_a_cabin_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = names_after("how_long_a_cabin_lasts", tmp_path, monkeypatch)
    # choked flow through a thin hole, G A p0/sqrt(R T0) C_d, C_d = 0.83 +- 1 %: the diameter to half of that
    assert names["thin"] == pytest.approx(0.2725e-3, rel=0.01)
    assert names["thick"] > names["thin"]
    assert all(leak.adiabatic_time < leak.isothermal_time for leak in names["leaks"])
    assert names["round_hole"].area == pytest.approx(names["crack"].area, rel=1e-3)
    assert names["crack"].mass_flow < 0.2 * names["round_hole"].mass_flow
    names["plt"].close("all")
