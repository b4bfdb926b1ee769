"""Kernels are compiled once by whoever needs them first, and again if any code changes that they reach."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spinnet.environment import prepare

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"
MODULE = """
from spinnet.compiled import kernel
from spinnet.helper import step


@kernel
def total(number):
    return number + step()
"""
# Compiling takes as long as SLOW says, from when the file "compiling" is there.
HELPER = """
import os
import time
from pathlib import Path

import numba as nb
from numba.core import types
from numba.extending import intrinsic


@intrinsic
def wait(typing):
    Path("compiling").touch()
    time.sleep(float(os.environ.get("SLOW", 0)))
    return types.int64(), lambda context, *_: context.get_constant(types.int64, 0)


@nb.njit
def step():
    return wait() + 1
"""
RUN = """
from spinnet.module import total

print(total(1))
"""


class Copy:
    """A copy of what compiles kernels, with one kernel."""

    def __init__(self, folder, cache):
        self.folder, self.cache, self.library = folder, cache, folder / "spinnet"
        self.library.mkdir(parents=True)
        for name in ("__init__", "compiled", "digest"):
            shutil.copy(SCRIPTS / f"spinnet/{name}.py", self.library)
        (self.library / "module.py").write_text(MODULE)
        (self.library / "helper.py").write_text(HELPER)

    def start(self, slow=0):
        changed = {"PYTHONPATH": str(self.folder), "NUMBA_CACHE_DIR": str(self.cache), "SLOW": str(slow)}
        return subprocess.Popen(
            [sys.executable, "-c", RUN], cwd=self.folder, env=os.environ | changed, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self):
        """What `result` says of a process that calls the kernel."""
        return result(self.start())

    def edit(self, name, old, new):
        path = self.library / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


def result(process):
    """(value of the kernel, number of times that it was compiled) of a process, when it ends."""
    output, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    return int(output), len(re.findall(r"^compiled module\.total in \d+\.\d s$", errors, re.M))


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "copy", tmp_path / "cache")


def test_copies_share_kernels_and_neither_touch_nor_comment_compiles(copy, tmp_path):
    assert copy.run() == (2, 1)
    other = Copy(tmp_path / "other", copy.cache)
    other.edit("helper.py", "import os", "# a remark\n\nimport os")
    other.edit("module.py", "@kernel", "# a remark\n@kernel")
    (other.library / "compiled.py").touch()
    assert other.run() == (2, 0)


def test_an_edit_of_an_imported_module_compiles_again(copy):
    assert copy.run() == (2, 1)
    copy.edit("helper.py", "wait() + 1", "wait() + 2")
    assert copy.run() == (3, 1)
    copy.edit("helper.py", "wait() + 2", "wait() + 1")
    assert copy.run() == (2, 0)


def test_processes_that_start_together_compile_once(copy):
    processes = [copy.start(slow=2) for _ in range(3)]
    found = [result(process) for process in processes]
    assert sorted(found) == [(2, 0), (2, 0), (2, 1)]


def test_a_process_that_is_killed_while_it_compiles_blocks_nobody(copy):
    killed = copy.start(slow=1000)
    while not (copy.folder / "compiling").exists():
        assert killed.poll() is None, killed.communicate()
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert copy.run() == (2, 1)
    assert copy.run() == (2, 0)


def test_a_kernel_that_cannot_be_kept_is_compiled_all_the_same(copy):
    copy.cache = Path("/dev/null/kernels")
    assert copy.run() == (2, 1)
    assert copy.run() == (2, 1)


@pytest.mark.parametrize(("ending", "size"), [("nbi", 40), ("nbc", 0)])
def test_a_file_that_a_crash_cut_off_is_made_again(copy, ending, size):
    assert copy.run() == (2, 1)
    (path,) = copy.cache.rglob(f"*.{ending}")
    os.truncate(path, size)
    assert copy.run() == (2, 1)
    assert copy.run() == (2, 0)


def test_where_kernels_lie(tmp_path, monkeypatch):
    """In the folder where Snakemake runs, if nobody says otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    prepare()
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / ".snakemake/numba")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    prepare()
    assert os.environ["NUMBA_CACHE_DIR"] == "/elsewhere"
