"""How the benchmarks time, and what they time on."""

import os
import platform
import time
from pathlib import Path

import numpy as np

REPEATS = 5


def seconds(function):
    """Median CPU time of a call [s], after one to warm up."""
    function()
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return float(np.median(times))


def machine():
    """Name and number of the cores, as text."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return f"{name or platform.machine()}, {os.cpu_count()} cores"


def row(kernel, size, implementation, version, value, unit):
    """A line of the table."""
    print(f"{kernel}, L = {size}: {implementation} {version} {value:.4g} {unit}", flush=True)
    return {
        "kernel": kernel, "size": size, "implementation": implementation, "version": version, "value": value,
        "unit": unit,
    }  # fmt: skip
