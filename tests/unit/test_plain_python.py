"""The kernels also run as Python: without the compiler they give the same numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import breachflow
from breachflow.numerics.space.discretization import Scheme
from breachflow.physics.boundary import BehaviorCode
from flow_setup import DEFAULT_SCHEME, conserved, make_flow, net_outflow, unit_block

TESTS = Path(__file__).parents[1]
KINDS = {
    "left": BehaviorCode.OPENING,
    "right": BehaviorCode.OPENING,
    "bottom": BehaviorCode.WALL,
    "top": BehaviorCode.WALL,
}


def residual(scheme: Scheme) -> np.ndarray:
    """Residual (n_cells, 4) of random states on a few triangles."""
    mesh = unit_block(3, True, 0.4)
    layout = make_flow(mesh, KINDS, axisymmetric=True)
    rng = np.random.default_rng(2)
    states = conserved(np.column_stack([rng.uniform(0.5, 1.5, (mesh.n_cells, 4))]))
    return net_outflow(states, layout, scheme)


def residuals() -> np.ndarray:
    """Residuals (2, n_cells, 4) of first and of second order."""
    return np.array([residual(scheme) for scheme in (DEFAULT_SCHEME._replace(order=1), DEFAULT_SCHEME)])


def test_same_residuals_with_and_without_the_compiler(tmp_path):
    file = str(tmp_path / "plain")
    script = f"import numpy, test_plain_python as t; numpy.save({file!r}, t.residuals())"
    path = [str(TESTS), str(TESTS / "unit"), str(Path(breachflow.__file__).parents[1])]
    subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(path)},
        check=True,
    )
    plain = np.load(tmp_path / "plain.npy")
    assert plain == pytest.approx(residuals(), rel=1e-12, abs=1e-13)
