"""No corrupted file of results ends in a figure: it is refused in one sentence, with the command that rebuilds it."""

import os
import random
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import corruption
import pytest
from corruption import Tree, put
from counts import record
from running import Folder

from spinnet import io
from spinnet.verify import problems

SEED = 11
OTHER_SEED = [
    "results/analysis/deviation_spins.nc", "results/analysis/likelihood_spins.nc", "results/rg/search.nc",
    "results/operators/models/classes_L4_0_20.safetensors", "results/operators/split.nc",
]  # fmt: skip
OWN = {"diagnostics"}  # kinds of files that only a user's own ensemble has
# With measured times, a layout that differs by 1e-6 points, or of the files that are there.
UNSTEADY = ("speed", "encoders", "table", "calibration", "ledger", "index")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The smoke preset, finished."""
    folder = Folder(tmp_path_factory.mktemp("corruption"))
    status, text = folder.run(target="all")
    assert status == 0, text
    return folder


@pytest.fixture(scope="module")
def tree(folder, tmp_path_factory):
    other = Folder(tmp_path_factory.mktemp("other_seed"))
    (other.path / "seed.yaml").write_text("seed: 271\n")
    status, text = other.run(*OTHER_SEED[1:], target=OTHER_SEED[0], overlays=["seed.yaml"])
    assert status == 0, text
    return Tree(folder.results, other.results)


def test_there_is_a_file_of_every_type(tree):
    assert set(io.SCHEMAS) - OWN <= set(tree.kinds.values())
    assert problems(dict.fromkeys(tree.stamps)) == {}


@pytest.mark.parametrize("corrupt", corruption.ALL, ids=lambda c: c.__name__)
def test_every_corruption_is_refused(tree, corrupt):
    """By the readers of jobs, and by verify, which reports these files and no others."""
    tried, rng = Counter(), random.Random(f"{SEED} {corrupt.__name__}")
    for kind in sorted(set(tree.kinds.values())):
        files = tree.of(kind)
        for path in rng.sample(files, len(files)):
            if contents := corrupt(tree, path, rng):
                with put(contents):
                    corruption.check(tree, contents)
                tried[kind] += 1
                break
    assert tried, "never applied"
    record(f"corruptions: {corrupt.__name__}", tried=tried.total(), caught=tried.total(), types=dict(tried))


RUNS = [
    ("truncated", "sweep"), ("one_bit", "deviation"), ("emptied", "exact"), ("zeroed_block", "chunk of a sweep"),
    ("pair_of_another_name", "network, weights"), ("appended", "network, header"), ("another_seed", "dataset"),
    ("another_seed", "ensemble"), ("another_seed", "sweep"), ("exchanged", "classifier, weights"),
    ("appended", "packed ensemble"), ("of_another_name", "observables"), ("another_kind", "predictions"),
    ("older_format", "operator network, weights"), ("of_another_name", "operator data"),
    ("one_bit_of_the_seal", "likelihood"), ("pair_of_another_seed", "classifier, weights"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), RUNS)
def test_no_run_ends_in_a_figure(folder, tree, name, kind):
    """Snakemake does not notice, as times are kept; the workflow does, and the command that it names mends it."""
    corrupt, rng = getattr(corruption, name), random.Random(f"{SEED} {name} {kind}")
    files = tree.of(kind)
    contents, way = next(
        (contents, way)
        for path in rng.sample(files, len(files))
        if (way := tree.way_to_a_figure(path, UNSTEADY)) and (contents := corrupt(tree, path, rng))
    )
    original, figure = folder.content(), way[-1]
    with put(dict.fromkeys(way), keep=True), put(contents, keep=True):
        before = folder.content()
        status, text = folder.run(target=_name(folder, figure), cores=1)
        assert status != 0, text
        assert "Traceback" not in text
        assert folder.content() == before, "something was made or lost"
        sentence, command = _sentence(text, [_name(folder, p) for p in contents])
        assert sentence in _latest_log(folder)
        _type(command, folder)
        status, text = folder.run(target=_name(folder, figure), cores=1)
        assert status == 0, text
        status, text = folder.run(*(_name(folder, p) for p in way[:-1]), target=_name(folder, figure), cores=1)
        assert status == 0, text
        changed = {n for n, content in folder.content().items() if content != original.get(n)}
        assert changed | original.keys() - folder.content().keys() == set()
    record(f"run: {name}, {kind}", tried=1, refused=1, rebuilt=1)


def test_a_job_refuses_what_is_damaged_while_the_workflow_runs(folder, tree):
    """After the check at its start, and while another job runs, one bit of an input of the figure changes."""
    sweep, figure = folder.results / "sweeps/spins.nc", folder.results / "fig4.pdf"
    contents = corruption.one_bit(tree, sweep, random.Random(SEED))
    original = folder.content()
    with put(dict.fromkeys([figure, folder.results / "analysis/deviation_stride2.nc"]), keep=True):
        running = folder.start(target=_name(folder, figure), cores=1)
        assert running.until(folder.jobs)
        with put(contents, keep=True):
            status, text = running.wait()
            assert status != 0, text
            assert not figure.exists()
            sentence, command = _sentence(text, [_name(folder, sweep)])
            assert sentence in (folder.results / "logs/fig4.log").read_text()
            _type(command, folder)
            status, text = folder.run(target=_name(folder, figure), cores=1)
            assert status == 0, text
            assert folder.content() == original
    record("run: one_bit, sweep while another job runs", tried=1, refused=1, rebuilt=1)


def _name(folder, path):
    return str(path.relative_to(folder.path))


def _sentence(text, names):
    """The line that names one of the files, and the command that goes with it."""
    lines = [line for line in text.splitlines() if any(f"{name}: " in line for name in names)]
    assert lines, text
    return lines[0].strip(), re.search(r"rebuild (?:it )?with: (snakemake .*)", text).group(1)


def _latest_log(folder):
    return max((folder.path / ".snakemake/log").iterdir(), key=lambda p: p.stat().st_mtime).read_text()


def _type(command, folder):
    """Run a command as a user would who has the environment of the workflow."""
    environment = os.environ | {"PATH": f"{shlex.quote(str(Path(sys.executable).parent))}:{os.environ['PATH']}"}
    done = subprocess.run(command, shell=True, cwd=folder.path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
