"""The Python of README.md runs as it stands there, on the case that `breachflow init leak` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breachflow.cli.main import main

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Names that the blocks define, run one after the other in an empty folder."""
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("readme"))
        assert main(["init", "leak"]) == 0
        for block in BLOCKS:
            exec(block, found)
        yield found


def test_every_block_runs(names: dict[str, Any]) -> None:
    assert {"case", "result", "earlier", "found", "leak", "ideal_mass_flow", "perry"} <= set(names)


def test_the_run_is_that_of_the_replaced_case(names: dict[str, Any]) -> None:
    result, earlier = names["result"], names["earlier"]
    assert result.case.orifice.diameter == earlier.case.orifice.diameter == 0.003
    assert result.case.completed_text == names["case"].completed_text
    assert result.converged is True
    assert result.discharge_coefficient == pytest.approx(0.82, abs=0.02)  # README: 0.81864 +- 0.0089
    assert str(earlier) == str(result)


def test_patches_are_the_boundary_of_the_mesh(names: dict[str, Any]) -> None:
    """Each edge of exactly one cell belongs to one patch, at the place that the case gives to this patch."""
    result = names["result"]
    kinds = {name: patch.kind for name, patch in result.patches.items()}
    assert kinds == {"cabin": "reservoir", "space": "vacuum", "wall": "wall", "axis": "axis"}
    faces = np.concatenate([patch.faces for patch in result.patches.values()])
    corners, offsets = result.cells.points, result.cells.offsets
    following = np.roll(corners, -1)
    following[offsets[1:] - 1] = corners[offsets[:-1]]
    edges, count = np.unique(np.sort(np.column_stack([corners, following])), axis=0, return_counts=True)
    assert np.array_equal(np.unique(np.sort(faces), axis=0), edges[count == 1])
    assert len(faces) == (count == 1).sum()
    assert (result.points[result.patches["axis"].faces, 1] == 0.0).all()
    x, y = (result.points[result.patches["wall"].faces, i] for i in (0, 1))
    assert y.min() == pytest.approx(0.0015, rel=1e-9)
    assert x.max() <= 0.0016 * (1 + 1e-9)


def test_the_sweep_has_a_row_for_each_wall(names: dict[str, Any]) -> None:
    frame = names["found"].table.to_pandas()
    assert frame["wall_thickness"].tolist() == [0.0, 0.0016]
    assert names["found"].table.case.orifice.diameter == 0.003
    assert frame["discharge_coefficient"][1] == pytest.approx(names["result"].discharge_coefficient, rel=1e-3)


def test_the_estimate_is_that_of_the_command(
    names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    hole = ("--diameter", "2 mm", "--pressure", "1 atm", "--temperature", "20 degC")
    assert main(["estimate", *hole, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["mass_flow"], told["law"]) == (names["leak"].mass_flow, names["leak"].law)
