"""The kernels of steady and of transient runs, compiled by several processes at once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from breachflow.runs.solve.warm_up import warm_up

SHOCK_TUBE = Path(__file__).parents[1] / "cases" / "verification" / "riemann" / "case.toml"
FEW_STEPS = ("mesh.cells=[4, 1]", 'mesh.y=["0 m", "1 m"]', "mesh.levels=1", 'run.end_time="1 us"')


def compile_kernels() -> None:
    """Compile the kernels that are not on disk. A failure here occurs again in a test, which reports it."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory() as folder:
        choices = [word for setting in FEW_STEPS for word in ("--set", setting)]
        transient = ["breachflow", "run", str(SHOCK_TUBE), "-o", f"{folder}/tube.vtkhdf", *choices]
        with subprocess.Popen([sys.executable, "-m", *transient], **quiet):
            warm_up()
