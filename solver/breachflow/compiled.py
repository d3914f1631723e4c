"""The compiler: numba's decorators, options and threads, and the cache of machine code on disk.

The folder of the cache is named by a digest of the compiled sources, of the versions of numba and Python and
of the settings of numba that change machine code. Numba by itself notices an edit of the decorated file
alone; with the digest any edit gives a new folder. Within it a file is found by its place in the package, so
that all installations of a version share the cache.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from shutil import disk_usage, rmtree
from typing import Any, NamedTuple, TypeVar, cast

from breachflow.numba_settings import readable_settings, require_processor, threads_that_start
from breachflow.version import source_digest

# Waiting threads sleep instead of spinning: on a machine with other work, spinning made a run on two
# threads up to 17 times slower than on one. OpenMP reads this when its threads start.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

with readable_settings():
    import numba
    from llvmlite import binding
    from numba import prange as prange
    from numba.core import caching, config


def _machine() -> object:
    """A machine of LLVM for the processor that numba compiles for."""
    settings: Any = config
    binding.initialize_native_target()
    target = binding.Target.from_default_triple()
    return target.create_target_machine(cpu=settings.CPU_NAME or "", features=settings.CPU_FEATURES or "")


require_processor(_machine, binding.get_host_cpu_features())

Function = TypeVar("Function", bound=Callable[..., Any])

# error_model="numpy": a division by zero gives inf or nan, which the kernels check for, and loops vectorize.
# "contract" fuses multiplications and additions. No option that allows a check for NaN to be dropped.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "nogil": True}

CACHE_VARIABLE = "BREACHFLOW_CACHE_DIR"
UNUSED_CACHE_AGE = 30 * 86400.0
"""s after which unused machine code of other sources is deleted."""

CODE_SETTINGS = (
    "OPT",
    "BOUNDSCHECK",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "DISABLE_INTEL_SVML",
    "DEBUGINFO_DEFAULT",
)
"""Settings of numba that change machine code; the processor and its features numba itself tells apart."""

CACHE_SIZE = 200_000_000
"""Bytes that must be free where the machine code is kept; it takes about a tenth."""

COMPILED_SOURCES = ("compiled.py", "registry.py", "simd.py", "vectors.py", "physics", "numerics")
"""The parts of the package that are compiled."""


@cache
def code_digest() -> str:
    """Digest of all that machine code depends on, but for the processor."""
    settings = [getattr(config, name, None) for name in CODE_SETTINGS]
    versions = sys.implementation.cache_tag, numba.__version__, binding.llvm_version_info
    return hashlib.sha256(f"{source_digest(COMPILED_SOURCES)} {versions} {settings}".encode()).hexdigest()[
        :16
    ]


def cache_root() -> Path:
    """Folder of the machine code of all versions, within the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "breachflow"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "breachflow"


class CodeCache(NamedTuple):
    """Where this process keeps machine code."""

    folder: str
    trouble: str
    """Why the code is lost when the process ends; empty where it is kept."""


@cache
def code_cache() -> CodeCache:
    """Folder of this version's machine code; where it cannot be written, one that is removed at the end."""
    folder = cache_root() / code_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=folder).close()
        os.utime(folder)
        _drop_unused(folder)
        trouble = "its disk is full" if disk_usage(folder).free < CACHE_SIZE and _is_cold(folder) else ""
    except OSError as error:
        trouble = error.strerror or str(error)
    return CodeCache(str(folder), "") if not trouble else _passing_cache(trouble)


def _passing_cache(trouble: str) -> CodeCache:
    """A temporary folder, which the processes that this one starts use too."""
    root = tempfile.mkdtemp(prefix="breachflow-")
    atexit.register(rmtree, root, ignore_errors=True)
    message = f"{cache_root()} cannot hold machine code ({trouble})"
    os.environ[CACHE_VARIABLE] = root
    folder = Path(root, code_digest())
    folder.mkdir(mode=0o700)
    return CodeCache(str(folder), message)


def _drop_unused(current: Path) -> None:
    for other in current.parent.iterdir():
        with suppress(OSError):
            if other != current and time.time() - other.stat().st_mtime > UNUSED_CACHE_AGE:
                rmtree(other)


def cache_is_cold() -> bool:
    """Whether no kernel of these sources has been compiled yet: the first run compiles them."""
    return _is_cold(Path(code_cache().folder))


def _is_cold(folder: Path) -> bool:
    return not any(folder.rglob("*.nbi"))


class PackageCacheLocator(caching.UserProvidedCacheLocator):
    """Finds the machine code of a function by the place of its file in the package.

    Numba's own locators use the absolute path: each virtual environment would compile every kernel again.
    """

    def __init__(self, py_func: Callable[..., Any], py_file: str) -> None:
        super().__init__(py_func, py_file)  # type: ignore[no-untyped-call]
        with suppress(ValueError):  # a kernel of another package, such as a test, keeps numba's own place
            place = Path(py_file).resolve().relative_to(Path(__file__).resolve().parent)
            self._cache_path = str(Path(code_cache().folder, *place.parent.parts))

    def get_source_stamp(self) -> str:
        """The digest that names the folder; the time at which a file was installed does not count."""
        return code_digest()


def _compile(function: Function, **options: Any) -> Function:
    """Compile with the cache in our folder; numba reads these settings when it decorates."""
    settings: Any = config
    before = settings.CACHE_DIR, settings.CACHE_LOCATOR_CLASSES
    settings.CACHE_DIR = code_cache().folder
    settings.CACHE_LOCATOR_CLASSES = f"{__name__}.{PackageCacheLocator.__name__}"
    try:
        return cast(Function, numba.njit(**(OPTIONS | options))(function))
    finally:
        settings.CACHE_DIR, settings.CACHE_LOCATOR_CLASSES = before


def pointwise(function: Function) -> Function:
    """Compile a function of the numbers of one face or cell, which is always inlined into its caller."""
    return cast(Function, numba.njit(**OPTIONS, forceinline=True)(function))


def chosen_by_code(functions: Sequence[Callable[..., Any]]) -> Callable[..., Any]:
    """A pointwise function of a code and arguments that calls the pointwise function of that code.

    The compiler drops the choice where the code is a constant.
    """
    *others, last = functions
    chosen = _last_choice(last)
    for code in reversed(range(len(others))):
        chosen = _choice(code, others[code], chosen)
    return chosen


def _last_choice(function: Callable[..., Any]) -> Callable[..., Any]:
    @pointwise
    def last(_code: int, *arguments: Any) -> Any:
        return function(*arguments)

    return last


def _choice(own: int, function: Callable[..., Any], others: Callable[..., Any]) -> Callable[..., Any]:
    @pointwise
    def choice(code: int, *arguments: Any) -> Any:
        if code == own:
            return function(*arguments)
        return others(code, *arguments)

    return choice


def kernel(function: Function) -> Function:
    """Compile a loop over cells or faces that runs on one thread."""
    return _compile(function, cache=True)


def parallel_kernel(function: Function) -> Function:
    """Compile a loop over cells or faces whose `prange` runs on all threads, without races."""
    return _compile(function, cache=True, parallel=True)


def reduction_kernel(function: Function) -> Function:
    """Compile a parallel loop over chunks; the sum of a chunk may be reordered, so that it vectorizes.

    The compiled order is fixed. Chunks of a fixed size, added in order, give sums that do not depend on the
    number of threads.
    """
    return _compile(function, cache=True, parallel=True, fastmath=OPTIONS["fastmath"] | {"reassoc"})


def set_threads(count: int | None) -> int:
    """Use `count` threads (all cores where None); returns the number in use.

    Raises UsageError where the variables of numba ask for threads that it cannot have.
    """
    settings: Any = config
    with threads_that_start():
        numba.set_num_threads(min(count or settings.NUMBA_NUM_THREADS, settings.NUMBA_NUM_THREADS))
        return int(numba.get_num_threads())
