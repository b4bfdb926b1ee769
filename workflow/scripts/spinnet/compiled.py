"""Kernels in compiled code: each is compiled once, by the job that first needs it, and kept for all others.

The folder of a module's kernels in $NUMBA_CACHE_DIR is named by the digest of all code that the module reaches. So
no kernel is stale, although Numba sees no change of an imported module; a touch or a comment compiles nothing; and
copies of the repository may share one cache.
"""

import fcntl
import os
import pickle
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numba as nb
from numba.core import caching, config
from numba.core.compiler_lock import global_compiler_lock

from spinnet.digest import code_digest


def kernel(function):
    """`numba.njit`, kept on disk; while one process compiles the function, others that need it wait for the result.

    Where the folder cannot be written to, the function is compiled in memory.
    """
    dispatcher = nb.njit(function)
    dispatcher._cache = kept = _Kept(function)
    compile_or_load = dispatcher.compile

    def once(signature):
        with global_compiler_lock, kept.released():
            return compile_or_load(signature)

    dispatcher.compile = once
    return dispatcher


class _Folder(caching._CacheLocator):
    """Where the kernels of a module lie; they belong to its code whatever its path, time and lines."""

    def __init__(self, function, file):
        self._py_file = file  # Numba's warnings name it
        home = Path(config.CACHE_DIR or Path(file).parent / "__pycache__")
        self._path = home / f"{function.__module__}_{code_digest(file)}"

    @classmethod
    def from_function(cls, function, file):
        return cls(function, file)

    def get_cache_path(self):
        return str(self._path)

    def get_source_stamp(self):
        return ""

    def get_disambiguator(self):
        return "kernel"


class _Entries(caching.CompileResultCacheImpl):
    _locator_classes = (_Folder,)


class _Kept(caching.FunctionCache):
    """The compiled versions of a kernel, one for each signature and processor."""

    _impl_class = _Entries

    def __init__(self, function):
        super().__init__(function)
        self._function = f"{function.__module__.partition('.')[2]}.{function.__qualname__}"
        self._lock = self._began = None

    def load_overload(self, signature, target):
        """The kernel if it is kept; else None, with the lock taken: the caller is to compile."""
        found = self._load(signature, target)
        if found is None:
            self._take_lock()
            found = self._load(signature, target)  # as another process may have compiled it
            self._began = time.monotonic()
        return found

    def _load(self, signature, target):
        with suppress(OSError):
            try:
                return super().load_overload(signature, target)
            except (EOFError, pickle.UnpicklingError):  # a crash of the machine cut a file off
                self.flush()

    def save_overload(self, signature, compiled):
        print(f"compiled {self._function} in {time.monotonic() - self._began:.1f} s", file=sys.stderr)
        try:
            super().save_overload(signature, compiled)
        except OSError as error:
            print(f"{self._function} is not kept: {error}", file=sys.stderr)

    def _take_lock(self):
        """Wait until no other process compiles this kernel.  The lock ends with its process, however that ends."""
        with suppress(OSError):  # in a folder that is read-only, full or without locks
            Path(self.cache_path).mkdir(parents=True, exist_ok=True)
            path = Path(self.cache_path, f"{self._function}.lock")
            self._lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    @contextmanager
    def released(self):
        """At the end, this process holds no lock."""
        try:
            yield
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None
