"""A disk that is full, read-only or limited: one sentence that names the file, and nothing earlier is lost."""

import random
import re
import sys

import pytest
from counts import record
from volumes import kib, remount, volume

from spinnet.errors import UserError
from spinnet.files import atomic

LEAST = 10  # times that the disk is full before a run ends
SENTENCE = re.compile(r"^error: (results/\S+): not written, (.*)$", re.M)
ENSEMBLE = "results/ensembles/ising.nc"


def test_a_disk_that_is_full_again_and_again_costs_no_file(folder, undisturbed):
    """After each stop there is a little more room: every file of the run is one of those that do not fit."""
    rng, needed = random.Random(7), kib(folder.results)
    folder.wipe()
    size, stopped, files = rng.randrange(40, 80), 0, set()
    with volume(folder.results, size):
        while (ended := folder.run())[0] != 0:
            text = ended[1]
            found = SENTENCE.findall(text)
            assert "The disk is full; make room, and run the same command again." in text, text
            assert all(reason.startswith("no space left on device") for _, reason in found)
            assert "Traceback" not in text, text
            assert folder.damaged() == []
            assert not folder.partial()
            stopped, files = stopped + 1, files | {path for path, _ in found}
            size += rng.randrange(needed // (3 * LEAST), needed // LEAST)
            remount(folder.results, f"size={size}k")
        folder.check(undisturbed)
    assert stopped >= LEAST
    assert len(files) >= LEAST // 2  # Snakemake itself writes the others, and names no file
    record("disk full", injected=stopped, survived=stopped, files=len(files))


def test_no_room_for_snakemakes_own_notes(folder, undisturbed):
    """The folder .snakemake on the full disk: Snakemake speaks for itself; afterwards all is well."""
    folder.wipe()
    notes = folder.path / ".snakemake"
    with volume(notes, 64):
        status, text = folder.run()
        assert status != 0
        assert "No space left on device" in text
        assert folder.damaged() == []
        remount(notes, "size=64m")
        folder.unlock()
        status, text = folder.run()
        assert status == 0, text
        folder.check(undisturbed)
    record("disk full for .snakemake", injected=1, survived=1)


def test_read_only_results(folder):
    folder.wipe()
    with volume(folder.results, 4096):
        assert folder.run(target="results/analysis/exact_L8.nc")[0] == 0
        before = folder.content()
        remount(folder.results, "ro")
        status, text = folder.run(target=ENSEMBLE)
        remount(folder.results, "rw")
        assert status != 0
        assert "results: not written, read-only file system; results/ must be writable" in text, text
        assert "Traceback" not in text, text
        assert folder.content() == before
        assert folder.run(target=ENSEMBLE)[0] == 0
    record("read-only results", injected=1, survived=1)


@pytest.mark.skipif(sys.platform != "linux", reason="a folder in which nobody may write, not even root, needs Linux")
def test_a_folder_that_allows_no_files():
    refused = pytest.raises(UserError, match=r"^/sys/x\.nc: not written, permission denied; results/ must be writable$")
    with refused, atomic("/sys/x.nc") as partial:
        partial.write_bytes(b"")
    record("no permission to write", injected=1, survived=1)


def test_a_limit_on_the_size_of_files(folder):
    """As quotas do, a limit of the system refuses to write on while the disk has room."""
    folder.wipe()
    status, text = folder.run(target=ENSEMBLE, prefix=["prlimit", "--fsize=40000"])
    assert status != 0
    assert SENTENCE.search(text).groups()[0] == ENSEMBLE
    assert "file too large" in text
    assert "Traceback" not in text
    assert not (folder.path / ENSEMBLE).exists()
    assert folder.run(target=ENSEMBLE)[0] == 0
    record("limit on the size of files", injected=1, survived=1)
