"""Pointwise functions are compiled for kernels alone; a call from Python must not end the process."""

from __future__ import annotations

from breachflow.compiled import kernel, pointwise


@pointwise
def half(number: float) -> float:
    return 0.5 * number


@kernel
def quarter(number: float) -> float:
    return half(half(number))


def test_a_call_from_python_runs_plain_python() -> None:
    # The kernel has compiled the function before: numba would jump into code that is not there.
    assert quarter(3.0) == 0.75
    assert half(3.0) == 1.5
