"""A folder in which the smoke preset runs, and the bytes of a run that nobody disturbed."""

import signal

import pytest
from running import Folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A copy with compiled kernels; Snakemake was killed while it compiled them."""
    folder = Folder(tmp_path_factory.mktemp("faults"))
    running = folder.start(target="results/analysis/exact_L8.nc")
    running.until(lambda: any((folder.path / ".snakemake/numba").rglob("*.nbi")))
    assert running.signal(signal.SIGKILL)
    running.wait()
    assert folder.unlock()[0] == 0
    status, text = folder.run(target="results/analysis/exact_L8.nc")
    assert status == 0, text
    return folder


@pytest.fixture(scope="session")
def undisturbed(folder):
    """{name: bytes} of the results of a run that nobody disturbed."""
    folder.wipe()
    status, text = folder.run()
    assert status == 0, text
    return folder.content()
