"""The kernels of steady and of transient runs, compiled by several processes at once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from breachflow.compiled import cache_is_cold
from breachflow.runs.solve import warm_up

SHOCK_TUBE = Path(__file__).parents[1] / "cases" / "verification" / "riemann" / "case.toml"
FEW_STEPS = ("mesh.cells=[4, 1]", 'mesh.y=["0 m", "1 m"]', "mesh.levels=1", 'run.end_time="1 us"')


def compile_kernels() -> None:
    """Compile them where nothing has been compiled yet. What fails here fails again, and aloud, in a test."""
    if not cache_is_cold():
        return
    with tempfile.TemporaryDirectory() as folder:
        choices = [word for setting in FEW_STEPS for word in ("--set", setting)]
        transient = ["breachflow", "run", str(SHOCK_TUBE), "-o", f"{folder}/tube.vtkhdf", *choices]
        steady = [[warm_up.__name__, part] for part in warm_up.PARTS]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        processes = [
            subprocess.Popen([sys.executable, "-m", *words], **quiet) for words in (transient, *steady)
        ]
        for process in processes:
            process.wait()
