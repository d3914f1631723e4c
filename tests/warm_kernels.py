"""The kernels of steady and of transient runs, compiled by several processes at once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from breachflow.compiled import cache_is_cold, code_cache
from breachflow.numerics.explicit.local_steps import advance_cycle
from breachflow.runs.solve import warm_up

SHOCK_TUBE = Path(__file__).parents[1] / "cases" / "verification" / "riemann" / "case.toml"
FEW_STEPS = ("mesh.cells=[4, 1]", 'mesh.y=["0 m", "1 m"]', "mesh.levels=1", 'run.end_time="1 us"')


def compile_kernels() -> None:
    """Compile the kernels that are not on disk. A failure here occurs again in a test, which reports it."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory() as folder:
        choices = [word for setting in FEW_STEPS for word in ("--set", setting)]
        steady = [[warm_up.__name__, part] for part in warm_up.PARTS]
        transient = [["breachflow", "run", str(SHOCK_TUBE), "-o", f"{folder}/tube.vtkhdf", *choices]]
        missing = (steady if cache_is_cold() else []) + ([] if has_transient_kernels() else transient)
        processes = [subprocess.Popen([sys.executable, "-m", *words], **quiet) for words in missing]
        for process in processes:
            process.wait()


def has_transient_kernels() -> bool:
    """Whether the loop over time steps is on disk, which is compiled last."""
    return any(Path(code_cache().folder).rglob(f"local_steps.{advance_cycle.__name__}*.nbi"))
