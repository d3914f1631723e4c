"""Errors of the surroundings that reach the command as something else: each has its own exit code."""

from __future__ import annotations

import pytest

from breachflow.cli import main as command

ERRORS = {
    "no room for a library": (ImportError("x.so: failed to map segment from shared object"), 4),
    "no memory": (MemoryError(), 4),
    "an interrupt within pydantic": (RuntimeError('Error building "model": KeyboardInterrupt: '), 6),
    "an interrupt": (KeyboardInterrupt(), 6),
    "a fault": (RuntimeError("x"), 70),
}


@pytest.mark.parametrize("name", ERRORS)
def test_exit_code(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    error, code = ERRORS[name]

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(command.group, "main", fail)
    assert command.main(["check"]) == code
    assert capsys.readouterr().err.startswith("breachflow: error: ")
