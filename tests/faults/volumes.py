"""A small real file system for results/: in memory, mounted by root."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest


def kib(path):
    """Size of a folder as a file system in memory counts it, in pages of 4 KiB."""
    return sum(4 * -(-p.lstat().st_size // 4096) if p.is_file() else 4 for p in Path(path).rglob("*"))


@contextmanager
def volume(path, size):
    """Mount a file system of `size` KiB at a path; skips the test where this is not allowed."""
    path.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(path)]
    done = sys.platform == "linux" and subprocess.run(["mount", *options], capture_output=True, text=True)
    if not done or done.returncode:
        pytest.skip("mounting a file system needs Linux and root")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def remount(path, option):
    """Change a mounted file system: "size=...k", "ro" or "rw"."""
    subprocess.run(["mount", "-o", f"remount,{option}", path], check=True)
