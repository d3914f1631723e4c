"""Start-up: wall times of whole commands, without the time of the solution."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from tempfile import TemporaryDirectory
from typing import Final

from breachflow.bench.holes import case_file, hole
from breachflow.bench.options import BenchOptions
from breachflow.bench.process import Finished, breachflow_process
from breachflow.bench.records import Measurement, duration
from breachflow.bench.timing import repeated, spread
from breachflow.machine_code.folder import CACHE_VARIABLE

SECTION: Final = "start-up"


def measure(options: BenchOptions, _: Sequence[Measurement] = ()) -> Iterator[Measurement]:
    """Times of `--help`, of `check`, of a run without its solution, and of compilation in the first run."""
    with case_file(hole(options.resolutions[0])) as path:
        run = ["run", str(path), "--json"]
        options.tell("help, check, run")
        breachflow_process(run)  # compiles the kernels, if they are not compiled yet
        for name, arguments in {"help": ["--help"], "check": ["check", str(path)]}.items():
            found = repeated(partial(breachflow_process, arguments), options.seconds)
            yield duration(SECTION, name, {}, spread(done.seconds for done in found))
        warm = repeated(partial(breachflow_process, run), options.seconds)
        yield duration(SECTION, "warm_run", {}, spread(done.seconds - _solving(done) for done in warm))
        options.tell("the first run, which compiles")
        whole = spread(done.seconds for done in warm)
        cold = repeated(partial(_cold, run), options.seconds)
        yield duration(SECTION, "compilation", {}, spread(done.seconds - whole.best for done in cold))


def _solving(done: Finished) -> float:
    """Time of the solution that the run reports, s."""
    return float(json.loads(done.output)["wall_time"])


def _cold(run: Sequence[str]) -> Finished:
    with TemporaryDirectory(prefix="breachflow-") as folder:
        return breachflow_process(run, {CACHE_VARIABLE: folder})
