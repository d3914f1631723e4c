"""Processes that use a ledger. Tests run several of them at once and kill them.

python ledger_process.py claim LEDGER FLOWS    claims all it gets; says which; lives until its input ends
python ledger_process.py work LEDGER           for each line of input a child that works until it is killed
python ledger_process.py suicide LEDGER STEP   dies at that step of SQLite's program, in a transaction
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from breachflow.sweeps.ledger import Claim, Ledger

LARGE = 400
"""Answers that do not fit into SQLite's memory, so that some are written before the commit."""


def record(flow: int) -> dict[str, Any]:
    return {"flow": flow, "coefficient": 1 / (1 + flow), "none": float("nan")}


def answers(flow: int, count: int = 3) -> dict[str, dict[str, Any]]:
    return {
        f"answer-{flow}-{i}": {"flow": flow, "mass_flow": flow / 7 + i, "text": "é" * i} for i in range(count)
    }


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def claim(path: Path, flows: int) -> None:
    """Claim solutions in a random order, so that rivals compete for all of them."""
    with Ledger(path) as ledger:
        say("ready")
        sys.stdin.readline()
        order = random.Random(os.getpid()).sample(range(flows), flows)
        mine = []
        for flow in order:
            if ledger.claim(f"flow-{flow}") is Claim.MINE:
                mine.append(flow)
            time.sleep(0.001)  # without a pause one process claims all before SQLite wakes the others
        say(" ".join(map(str, mine)))
        sys.stdin.readline()


def work(path: Path) -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(f"pid {os.getpid()}")
            finish_flows(path, int(line))
        os.waitpid(child, 0)
        say("gone")


def finish_flows(path: Path, first: int) -> None:
    """Finish one solution after the other and print each finished one."""
    ledger = Ledger(path)
    for flow in range(first, first + 10_000):
        ledger.claim(f"flow-{flow}")
        ledger.finish(f"flow-{flow}", record(flow), answers(flow))
        say(f"done {flow}")


def suicide(path: Path, step: int) -> None:
    ledger = Ledger(path)
    ledger.claim("flow-1")
    connection = ledger._connection
    connection.execute("PRAGMA cache_size = 5")
    connection.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), step)
    ledger.finish("flow-1", record(1), answers(1, LARGE))


if __name__ == "__main__":
    mode, ledger_path, *numbers = sys.argv[1:]
    modes = {"claim": claim, "work": work, "suicide": suicide}
    modes[mode](Path(ledger_path), *map(int, numbers))
