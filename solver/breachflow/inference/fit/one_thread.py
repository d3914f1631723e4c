"""Linear algebra on one thread: of matrices with some dozen rows more threads only wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


def on_one_thread(function: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """A function during which BLAS has one thread; afterwards it has as many as before.

    An eigendecomposition of 60 rows takes 0.4 ms on one thread, and on two of a busy machine up to 40 ms.
    """
    from threadpoolctl import threadpool_limits

    return cast("Callable[Arguments, Returned]", threadpool_limits.wrap(limits=1, user_api="blas")(function))
