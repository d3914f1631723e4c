"""The process in which `EditedPackage` runs commands, functions and tests, one after another.

One process imports the edited package once for all that a test asks of it. A request is a line of JSON on
the standard input, [action, arguments]; the answer is a line of JSON on the standard output, [status, text].
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import pytest

TEST_OPTIONS = (
    "-q",
    "-p", "no:cacheprovider",
    "-n0",
    "-o", "addopts=--strict-markers",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip
"""Without a cache, which would be that of the original; Hypothesis may be imported already."""


def run_command(*arguments: str) -> int:
    """Run `breachflow` with these arguments; its exit code."""
    from breachflow.cli.main import main

    return main(arguments)


def run_function(file: str, name: str, *arguments: Any) -> int:
    """Print in JSON what a function of a test module returns. A warning is an error, as in all tests."""
    sys.path.insert(0, str(Path(file).parent.absolute()))
    function = getattr(import_module(Path(file).stem), name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        print(json.dumps(function(*arguments)))
    return 0


def run_tests(*choice: str) -> int:
    """Run a choice of tests as `pytest` does; its exit code. Test modules are read anew."""
    tests = str(Path("tests").absolute())
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(tests) and module is not sys.modules["__main__"]:
            del sys.modules[name]
    return int(pytest.main([*TEST_OPTIONS, *choice]))


ACTIONS: dict[str, Callable[..., int]] = {
    "command": run_command,
    "function": run_function,
    "tests": run_tests,
}


def answer(action: str, arguments: list[Any], printed: IO[str]) -> tuple[int, str]:
    """Status of an action, 1 after an error, and what it printed on both streams."""
    printed.seek(0)
    printed.truncate()
    try:
        status = ACTIONS[action](*arguments)
    except Exception:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    printed.seek(0)
    return status, printed.read()


def main() -> None:
    """Answer requests until the input ends. The streams of an action are a file; it gets no input."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed, Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        for line in requests:
            action, arguments = json.loads(line)
            answers.write(json.dumps(answer(action, arguments, printed)) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
