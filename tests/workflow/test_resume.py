"""After a kill the same command goes on, and the bytes are those of a run that nobody disturbed."""

import signal

import pytest
from running import Folder

TARGET = "results/ensembles/ising.nc"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return Folder(tmp_path_factory.mktemp("resume"))


@pytest.fixture(scope="module")
def undisturbed(folder):
    status, text = folder.run(target=TARGET)
    assert status == 0, text
    return folder.content()


@pytest.mark.parametrize(
    ("number", "group"), [(signal.SIGKILL, False), (signal.SIGKILL, True), (signal.SIGINT, True)]
)  # fmt: skip
def test_a_killed_run_goes_on(folder, undisturbed, number, group):
    """Snakemake alone is killed, so that its job lives on; both; Ctrl-C."""
    folder.wipe()
    running = folder.start(target=TARGET)
    assert running.until(folder.jobs)
    assert running.signal(number, group)
    assert running.wait()[0] != 0
    if number == signal.SIGKILL:
        assert folder.unlock()[0] == 0
    status, text = folder.run(target=TARGET)
    assert status == 0, text
    folder.check(undisturbed, target=TARGET)
