"""kill -9 of Snakemake leaves its jobs alive: none of them writes into the files of a later run."""

import signal

import psutil
import pytest
from counts import record

from spinnet import files
from spinnet.errors import UserError

TARGET = "results/ensembles/ising.nc"


@pytest.fixture(scope="module")
def ensembles(folder):
    """Bytes of the target with the preset's seed and with another one."""
    (folder.path / "other.yaml").write_text("seed: 5\n")
    found = []
    for overlays in ((), ["other.yaml"]):
        folder.wipe()
        status, text = folder.run(target=TARGET, overlays=overlays)
        assert status == 0, text
        found.append(folder.content())
    assert found[0] != found[1]
    return found


def begun(folder):
    """The job, once it has claimed its log."""
    log = folder.results / "logs/ensemble_ising.log"
    return folder.jobs() if log.exists() and log.stat().st_size > 0 else None


def writing(folder):
    """The job, while it writes its file."""
    return [psutil.Process(int(path.split(".")[-2])) for path in folder.partial()]


@pytest.mark.parametrize("moment", [begun, writing])
@pytest.mark.parametrize("overlays", [(), ["other.yaml"]], ids=["same", "other settings"])
def test_an_orphan_that_wakes_up_later_changes_nothing(folder, ensembles, moment, overlays):
    orphan, running = _orphan(folder, moment)
    assert folder.unlock()[0] == 0
    status, text = folder.run(target=TARGET, overlays=overlays)
    assert status == 0, text
    written = (folder.path / TARGET).stat()
    orphan.send_signal(signal.SIGCONT)
    folder.wait_for_jobs()
    assert folder.content() == ensembles[bool(overlays)]
    assert (folder.path / TARGET).stat().st_ino == written.st_ino
    assert folder.unfinished() == []
    assert "Traceback" not in running.text()
    record(f"orphans: {moment.__name__}, {len(overlays)}", injected=1, survived=1)


@pytest.mark.parametrize("overlays", [(), ["other.yaml"]], ids=["same", "other settings"])
def test_the_file_of_an_orphan_that_ended_between_two_runs_is_made_again(folder, ensembles, overlays):
    orphan, _ = _orphan(folder, begun)
    orphan.send_signal(signal.SIGCONT)
    folder.wait_for_jobs()
    assert folder.content() == ensembles[0]
    assert folder.unlock()[0] == 0
    status, text = folder.run(target=TARGET, overlays=overlays)
    assert status == 0, text
    assert folder.content() == ensembles[bool(overlays)]
    assert folder.unfinished() == []
    record(f"orphans: ended, {len(overlays)}", injected=1, survived=1)


def _orphan(folder, moment):
    """The stopped job of a Snakemake that was killed at a moment, and this Snakemake."""
    while True:
        folder.wipe()
        running = folder.start(target=TARGET)
        (orphan,) = running.until(lambda: moment(folder), pause=0)
        orphan.suspend()
        assert running.signal(signal.SIGKILL)
        running.wait()
        if not (folder.path / TARGET).exists():
            return orphan, running
        orphan.kill()  # it was faster
        folder.unlock()


def test_what_a_killed_run_had_begun_to_write_is_removed(tmp_path):
    (tmp_path / ".x.nc.123.partial").write_text("half")
    with files.atomic(tmp_path / "x.nc") as partial:
        partial.write_text("whole")
    assert [p.name for p in tmp_path.iterdir()] == ["x.nc"]


def test_an_orphan_is_refused_and_removes_nothing_of_a_later_run(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_log", None)  # as it is again afterwards
    with files.claim(tmp_path / "x.log"):
        (tmp_path / "x.log").unlink()
        (tmp_path / "x.log").write_text("of the later run")
        later = tmp_path / ".x.nc.123.partial"
        later.write_text("of the later run")
        with (
            pytest.raises(UserError, match=r"x\.nc: not written, as a later run"),
            files.atomic(tmp_path / "x.nc") as p,
        ):
            p.write_text("of the orphan")
        assert sorted(p.name for p in tmp_path.iterdir()) == [later.name, "x.log"]
