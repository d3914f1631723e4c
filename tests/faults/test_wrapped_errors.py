"""Errors of the surroundings that reach the command as something else: each has its own exit code."""

from __future__ import annotations

import os
import signal

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


def test_an_interrupt_that_became_another_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python makes a SyntaxError of it where it comes while a name of a character is looked up."""

    def fail(*_: object, **__: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            raise SyntaxError("(unicode error) can't load unicodedata module") from None

    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(command.group, "main", fail)
    assert command.main(["check"]) == 6
    assert capsys.readouterr().err == "breachflow: error: aborted; nothing more was written\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    monkeypatch.setattr(command.group, "main", lambda *_, **__: 1 / 0)
    assert command.main(["check"]) == 70
    signal.signal(signal.SIGINT, inherited)
