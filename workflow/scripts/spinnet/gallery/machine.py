"""The machine that this process runs on."""

import os
import platform
import re
from pathlib import Path


def machine():
    """{what: text} of processor, memory and system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{memory / 2**30:.0f} GiB",
        "System": platform.platform(),
        "Python": platform.python_version(),
    }


def _processor():
    """Its name as Linux gives it; elsewhere that of its kind."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.M) if cpuinfo.exists() else []
    return names[0] if names else platform.processor() or platform.machine()
