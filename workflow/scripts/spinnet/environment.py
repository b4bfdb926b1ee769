"""Environment of all jobs: one thread each, and a cache of compiled kernels named by their code."""

import os
import subprocess
import sys
from pathlib import Path

import llvmlite.binding

from spinnet.digest import code_digest

COMPILER = "compile_kernels.py"


def prepare(scripts):
    """Set the environment variables that every job inherits; returns the folder of the kernel cache.

    Numba's cache does not see changes in imported modules, so its folder is named by the digest of
    the code of all kernels.  One thread a job makes results independent of the number of cores.  LLVM prefers
    vectors of 256 bits even where 512 are there, and faster for these kernels.
    """
    cache = Path(".snakemake", "numba", code_digest(scripts / COMPILER)).resolve()
    os.environ["NUMBA_CACHE_DIR"] = str(cache)
    features = llvmlite.binding.get_host_cpu_features().flatten()
    os.environ["NUMBA_CPU_FEATURES"] = features + ",-prefer-256-bit"
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    return cache


def compile_kernels(scripts, cache, depths):
    """Fill the cache once for each version of the code, so that parallel jobs do not compile the same."""
    depths = [str(d) for d in sorted(depths)]
    done = cache / ("compiled_" + "_".join(depths))
    if not done.exists():
        print("compiling the Monte Carlo kernels", file=sys.stderr)
        subprocess.run([sys.executable, scripts / COMPILER, *depths], check=True)
        done.touch()
