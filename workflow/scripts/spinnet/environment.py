"""Environment of all jobs: one thread each, and the folder of the compiled kernels."""

import os
from pathlib import Path

import llvmlite.binding


def prepare():
    """Set the environment variables that every job inherits.

    A NUMBA_CACHE_DIR that is set already stays.  One thread a job makes results independent of the number of cores.
    LLVM prefers vectors of 256 bits even where 512 are there, and faster for these kernels.
    """
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(".snakemake", "numba").resolve()))
    features = llvmlite.binding.get_host_cpu_features().flatten()
    os.environ["NUMBA_CPU_FEATURES"] = features + ",-prefer-256-bit"
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
