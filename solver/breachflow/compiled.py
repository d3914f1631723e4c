"""The compiler: numba's decorators, options and threads, and the cache of machine code on disk.

The folder of the cache is named by a digest of the compiled sources, of the versions of numba and Python and
of the settings of numba that change machine code. Numba by itself notices an edit of the decorated file
alone; with the digest any edit gives a new folder. Within it a file is found by its place in the package, so
that all installations of a version share the cache.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from breachflow.machine_code.folder import CodeCache, folder_for, is_cold
from breachflow.machine_code.settings import readable_settings, require_processor, threads_that_start
from breachflow.version import source_digest

# Waiting threads sleep instead of spinning: on a machine with other work, spinning made a run on two
# threads up to 17 times slower than on one. OpenMP reads this when its threads start.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

with readable_settings():
    import numba
    from llvmlite import binding
    from numba import prange as prange
    from numba.core import caching, config
    from numba.core.registry import CPUDispatcher


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

CODE_SETTINGS = (
    "OPT",
    "BOUNDSCHECK",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "DISABLE_INTEL_SVML",
    "DEBUGINFO_DEFAULT",
)
"""Settings of numba that change machine code; the processor and its features numba itself tells apart."""

COMPILED_SOURCES = ("compiled.py", "registry.py", "simd.py", "vectors.py", "physics", "numerics")
"""The parts of the package that are compiled."""

_SEAL = hashlib.sha256().digest_size
"""Bytes of the digest at the end of a file of machine code."""


@cache
def code_digest() -> str:
    """Digest of all that machine code depends on, but for the processor."""
    settings = [getattr(config, name, None) for name in CODE_SETTINGS]
    versions = sys.implementation.cache_tag, numba.__version__, binding.llvm_version_info
    return hashlib.sha256(f"{source_digest(COMPILED_SOURCES)} {versions} {settings}".encode()).hexdigest()[
        :16
    ]


@cache
def code_cache() -> CodeCache:
    """Folder of this version's machine code."""
    return folder_for(code_digest())


def cache_is_cold() -> bool:
    """Whether no kernel of these sources has been compiled yet: the first run compiles them."""
    return is_cold(Path(code_cache().folder))


def has_compiler() -> bool:
    """Whether kernels are compiled: without it (NUMBA_DISABLE_JIT) they run as plain Python."""
    settings: Any = config
    return not settings.DISABLE_JIT


class SealedCacheFile(caching.IndexDataCacheFile):
    """Files of machine code with their SHA-256 at the end: damaged code is compiled again, never run."""

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[SealedWriter]:
        with super()._open_for_write(filepath) as file:
            sealed = SealedWriter(file)
            yield sealed
            file.write(sealed.digest.digest())

    def _load_index(self) -> Any:
        try:
            _require_whole(Path(self._index_path))
        except OSError:
            return {}
        return super()._load_index()  # type: ignore[no-untyped-call]

    def _load_data(self, name: str) -> Any:
        _require_whole(Path(self._cache_path, name))
        return super()._load_data(name)  # type: ignore[no-untyped-call]


class SealedWriter:
    """Writes to a file and digests what is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write and digest."""
        self.digest.update(data)
        return self._file.write(data)


def _require_whole(path: Path) -> None:
    """Raise OSError where a file does not end with its digest; tells that once. Numba then compiles anew."""
    content = memoryview(path.read_bytes())
    if hashlib.sha256(content[:-_SEAL]).digest() != bytes(content[-_SEAL:]):
        _tell_of_damage(path.parent)
        raise OSError(f"{path} is damaged")


@cache
def _tell_of_damage(folder: Path) -> None:
    sys.stderr.write(f"breachflow: machine code in {folder} is damaged; it is compiled again\n")


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
    of_kernels: dict[str, Any] = OPTIONS | {"cache": True, "no_cfunc_wrapper": True} | options
    before = settings.CACHE_DIR, settings.CACHE_LOCATOR_CLASSES
    settings.CACHE_DIR = code_cache().folder
    settings.CACHE_LOCATOR_CLASSES = f"{__name__}.{PackageCacheLocator.__name__}"
    try:
        compiled = numba.njit(**of_kernels)(function)
    finally:
        settings.CACHE_DIR, settings.CACHE_LOCATOR_CLASSES = before
    files = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if files is not None:  # None where kernels run as plain Python
        files.__class__ = SealedCacheFile
    return cast(Function, compiled)


class Inlined(CPUDispatcher):
    """A pointwise function. A call from Python runs it as plain Python."""

    def __call__(self, *arguments: Any) -> Any:
        """Call the function that was decorated."""
        return self.py_func(*arguments)


def pointwise(function: Function) -> Function:
    """Compile a function of the numbers of one face or cell, which is always inlined into its caller.

    It is compiled for kernels alone: what a call from Python needs took a third of the compiler's time.
    """
    options = OPTIONS | {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled = numba.njit(**options)(function)
    if has_compiler():
        compiled.__class__ = Inlined
    return cast(Function, compiled)


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
    return _compile(function)


def parallel_kernel(function: Function) -> Function:
    """Compile a loop over cells or faces whose `prange` runs on all threads, without races."""
    return _compile(function, parallel=True)


def reduction_kernel(function: Function) -> Function:
    """Compile a parallel loop over chunks; the sum of a chunk may be reordered, so that it vectorizes.

    The compiled order is fixed. Chunks of a fixed size, added in order, give sums that do not depend on the
    number of threads.
    """
    return _compile(function, parallel=True, fastmath=OPTIONS["fastmath"] | {"reassoc"})


def set_threads(count: int | None) -> int:
    """Use `count` threads (all cores where None); returns the number in use.

    Raises UsageError where the variables of numba ask for threads that it cannot have.
    """
    settings: Any = config
    with threads_that_start():
        numba.set_num_threads(min(count or settings.NUMBA_NUM_THREADS, settings.NUMBA_NUM_THREADS))
        return int(numba.get_num_threads())
