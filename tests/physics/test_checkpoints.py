"""Every long loop, killed anywhere and run again, ends as if undisturbed, bit by bit, and repeats no saved work."""

import json
import pickle
import subprocess
import sys
import time
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import xarray as xr
from safetensors.numpy import save_file

from spinnet import checkpoint, ensembles, io, nested, provenance
from spinnet.calibration import exponents, free_energies, gaps, reweighting, series
from spinnet.checkpoint import NONE, Checkpoint
from spinnet.classification import learn_classifiers
from spinnet.encoder import algorithms, coverage
from spinnet.exact_sweep import exact_sweep
from spinnet.lattice import ising_energy
from spinnet.learning import learn
from spinnet.local_learning import learn_local
from spinnet.neural_sweep import neural_sweep
from spinnet.operators import chains, data, learning, parallel
from spinnet.rg import direct, iteration
from spinnet.rg import ensembles as packed
from spinnet.rng import generator
from spinnet.samplers import learned, paired, recording
from spinnet.seal import PLACEHOLDER, seal

NAMED = {"seed": 3, "name": "test"}
SAMPLING = NAMED | {"size": 6, "sampler": "metropolis", "temperatures": [2.5], "chains": 20, "samples": 60}
SAMPLING |= {"thinning": 2.0}
TRAINING = NAMED | {"device": "cpu", "learning_rate": 0.01, "batches_per_epoch": 6, "max_epochs": 6, "patience": 3}
NETWORKS = {
    "made": {"architecture": "made", "hidden": [12, 8], "order": "raster", "symmetries": []},
    "direct": {"architecture": "direct", "hidden": [], "order": "spiral", "symmetries": ["translation", "flip"]},
    "local": {"hidden": [6], "window": 2, "symmetries": ["point_group", "flip"], "max_epochs": 2},
}
SWEEP = NAMED | {"chains_per_start": 3, "burn_in": 6, "sweeps": 10}
ENDS = {"sweeps": 24, "error": 0.014}  # after 12, 15, 18 or 24 sweeps, as the chains scatter
CLASSIFIERS = NAMED | {"size": 8, "broken": 2, "train": 8, "width": 8, "networks": 3, "max_epochs": 3, "device": "cpu"}
CLASSIFIERS |= {"learning_rate": 0.003, "batch_size": 64, "patience": 2}
OPERATOR = {
    "seed": 1, "name": "test", "architecture": "convolutional", "interaction": "ising", "size": 4, "learns": "class",
    "examples": 20, "upscale": 2, "padding": "periodic", "vectors": False, "optimizer": "adamw",
    "learning_rate": 3e-3, "batch_size": 30, "epochs": 3, "precision": "float32", "device": "cpu", "processes": 1,
}  # fmt: skip
TARGETED = {"seed": 1, "name": "small", "sampling": "targeted", "interaction": "ising", "size": 4, "width": 4.0}
TARGETED |= {"interval": 5, "most": 10**6, "train": 20, "test": 0, "test_fraction": 1 / 3}
CHAINS = {"seed": 1, "size": 5, "temperatures": [2.0, 3.0], "chains": 4, "burn_in": 4, "sweeps": 6}
PACKED = NAMED | {"lattice": "triangular", "size": 12, "beta": 0.27, "chains": 6, "samples": 40, "thinning": 2.0}
DIRECT = NAMED | {"beta": 0.43, "size": 8, "fields": [-0.01, 0.02], "chains_per_start": 3, "samples": 20, "every": 3}
SEARCH = NAMED | {"size": 16, "starts": [0.43], "steps": 2, "chains": 10, "samples": 50, "beta_range": 0.03}
SEARCH |= {"points": 11, "thinning": 2.0}


class Killed(BaseException):
    """The end of a process, which nothing catches."""


class Fragile(checkpoint._File):
    """A checkpoint that is due when `due` says so, and whose job is killed after `last` writes."""

    def __init__(self, path, due=lambda: True, last=None):
        super().__init__(path, "key", 0)
        self.due, self._left, self.writes = due, last, 0

    def write(self):
        super().write()
        self.writes += 1
        if self.writes == self._left:
            raise Killed


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Pieces and tables that are small, so that the small jobs of these tests have several."""
    monkeypatch.setattr(recording, "PIECE", 15_000)
    monkeypatch.setattr(packed, "PIECE", 8000)
    monkeypatch.setattr(paired, "LOG_SLOTS", 8)


@pytest.fixture(scope="module")
def things():
    """Data and networks for the loops."""
    spins = ensembles.sample(SAMPLING, iter)
    dataset = ensembles.to_dataset(spins, NAMED | {"transform": "raw", "train": 16, "validation": 2, "test": 2})
    blocks = NAMED | {"transform": "block_sum_stride1", "train": 16, "validation": 2, "test": 2}
    phases = SAMPLING | {"size": 8, "sampler": "wolff", "temperatures": [1.2, 1.4, 5.0, 6.0], "chains": 10}
    found = SimpleNamespace(dataset=dataset, phases=ensembles.sample(phases, iter))
    one = TRAINING | {"max_epochs": 1}
    found.models = {name: learn(dataset, one | NETWORKS[name], iter) for name in ("made", "direct")}
    found.models["local"] = learn_local(dataset, one | NETWORKS["local"], iter)
    found.models["blocks"] = learn(ensembles.to_dataset(spins, blocks), one | NETWORKS["made"], iter)
    found.classifiers = learn_classifiers(found.phases, "x", CLASSIFIERS | {"networks": 1}, iter)[0]
    found.states = data.make(TARGETED).assign_attrs(title="small data")
    found.truth = exponents.truth(2, 5, iter)
    return found


def training(name, things, progress, saved):
    train = learn_local if name == "local" else learn
    return train(things.dataset, TRAINING | NETWORKS[name], progress, saved)


def classifiers(things, progress, saved):
    return learn_classifiers(things.phases, "x", CLASSIFIERS, progress, saved)


def operator(optimizer, things, progress, saved):
    return learning.learn(things.states, OPERATOR | {"optimizer": optimizer}, progress, checkpoint=saved)


def neural(name, moves, things, progress, saved):
    return neural_sweep([1.0, 2.0, 3.0], *things.models[name], SWEEP | ENDS | {"moves": moves}, progress, saved)


def batched(things, progress, saved):
    """The chains of a GPU, on the CPU."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned, "accelerator", lambda _: "cpu")
        return neural("made", "site", things, progress, saved)


def exact(sampler, _, progress, saved):
    settings = SWEEP | {"size": 6, "sampler": sampler.split()[0], "chains_per_start": 10, "sweeps": 80}
    if "plaquette" in sampler:
        settings |= {"interactions": {"nearest": 1.0, "plaquette": 0.3}}
    return exact_sweep([2.0, 2.5], settings, progress, saved)


def ensemble(_, progress, saved):
    return ensembles.sample(SAMPLING | {"temperatures": [2.5, 3.0]}, progress, saved)


def direct_chains(moves, things, progress, saved):
    network = {name: array[0] for name, array in things.classifiers.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "PIECE", 4000)
        return direct.direct(network, DIRECT | {"moves": moves}, progress, saved)


def operator_chains(size, _, progress, saved):
    stronger = lambda states: 1.1 * ising_energy(states)  # noqa: E731, an operator
    return chains.operator_chains(ising_energy, stronger, CHAINS | {"size": size}, progress, checkpoint=saved)


def thermal(_, progress, saved):
    settings = {k: v for k, v in CHAINS.items() if k != "sweeps"} | {"snapshots": 3, "every": 2}
    return chains.thermal_configurations(ising_energy, settings, progress, saved)


def compared_algorithms(things, progress, saved):
    settings = NAMED | {"temperatures": [2.2, 2.6], "chains": 3, "sweeps": 12}
    return algorithms.compare(*things.models["made"], settings, progress, saved)


LOOPS = {
    **{f"training {name}": partial(training, name) for name in NETWORKS},
    "classifiers": classifiers,
    **{f"operator {name}": partial(operator, name) for name in ("adamw", "adadelta")},
    "sweep made": partial(neural, "made", "site"),
    "sweep direct": partial(neural, "direct", "site"),
    "sweep of spins": partial(neural, "blocks", "spin"),
    "sweep local": partial(neural, "local", "site"),
    "sweep batched": batched,
    **{f"exact {name}": partial(exact, name) for name in ("metropolis", "wolff", "multispin", "metropolis plaquette")},
    "ensemble": ensemble,
    "packed ensemble": lambda _, *both: packed.sample(PACKED, *both),
    **{f"direct {moves}": partial(direct_chains, moves) for moves in ("wolff", "metropolis")},
    **{f"operator chains {size}": partial(operator_chains, size) for size in (4, 5)},
    "thermal": thermal,
    "algorithms": compared_algorithms,
    "search": lambda things, *both: iteration.search({8: things.classifiers}, SEARCH, *both),
    "coverage": lambda _, *both: coverage.trials([0, 2], 5, *both),
    "truth": lambda _, *both: exponents.truth(3, 5, *both),
    "exponents": lambda things, *both: exponents.replicas(range(2), 5, things.truth, *both),
    "free energies": lambda _, *both: free_energies.replicas(range(3), 5, *both),
    "gaps": lambda _, *both: gaps.replicas(range(3), 5, *both),
    "reweighting": lambda _, *both: reweighting.replicas(range(2), 5, *both),
    "series": lambda _, *both: series.replicas(range(2), 5, *both),
}
every_loop = pytest.mark.parametrize("name", LOOPS)
LONG = ("coverage", "reweighting", "search")  # seconds even so small


def bits(result):
    """All of a nested value, exactly: structure and numbers as text, arrays as bytes."""
    arrays = []
    form = nested.flatten(result, arrays)
    return json.dumps(form), [(a.dtype.str, a.shape, a.tobytes()) for a in arrays]


@pytest.fixture(scope="module")
def undisturbed(things):
    """Function of the name of a loop: its result without kills or checkpoints, as bits, and its number of items."""

    @cache
    def run(name):
        progress = Counted()
        return bits(LOOPS[name](things, progress, NONE)), progress.seen

    return run


class Counted:
    """Progress that counts its items, and kills the job when `last` have begun."""

    def __init__(self, last=None):
        self.seen, self._last = 0, last

    def __call__(self, items):
        for item in items:
            self.seen += 1
            if self.seen == self._last:
                raise Killed
            yield item


@every_loop
def test_no_saved_work_is_done_again(name, things, undisturbed, tmp_path):
    """Killed after a random save, twice: the saves of all runs together are those of an undisturbed one."""
    run, path, whole = partial(LOOPS[name], things), tmp_path / "checkpoint", Fragile(tmp_path / "whole")
    expected, items = undisturbed(name)
    assert bits(run(iter, Checkpoint(whole))) == expected
    assert whole.writes >= 2
    random, done, seen = generator(1, name), 0, 0
    for _ in range(2):
        last = int(random.integers(1, max(2, whole.writes - done)))
        progress = Counted()
        with pytest.raises(Killed):
            run(progress, Checkpoint(Fragile(path, last=last)))
        done, seen = done + last, seen + progress.seen
    rest, progress = Fragile(path), Counted()
    assert bits(run(progress, Checkpoint(rest))) == expected
    assert rest.writes == whole.writes - done
    assert seen + progress.seen <= items + 2 * 2  # an item, of a loop within another, that was cut short


@pytest.mark.parametrize("name", [name for name in LOOPS if name not in LONG])
def test_results_depend_neither_on_kills_nor_on_times_of_saving(name, things, undisturbed, tmp_path):
    """Saved at random, killed at random beginnings of items."""
    run, path, random = partial(LOOPS[name], things), tmp_path / "checkpoint", generator(2, name)
    expected, items = undisturbed(name)

    def saved():
        return Checkpoint(Fragile(path, lambda: random.random() < 0.3))

    for _ in range(3):
        try:
            run(Counted(int(random.integers(1, items + 1))), saved())
        except Killed:
            continue
    progress = Counted()
    assert bits(run(progress, saved())) == expected
    assert progress.seen <= items


def killed(things, path):
    """Leave a checkpoint of a sweep at `path`; returns how to run it, and its result."""
    run = partial(LOOPS["sweep made"], things)
    with pytest.raises(Killed):
        run(iter, Checkpoint(Fragile(path, last=9)))
    return run, bits(run(iter, NONE))


def assert_begins_anew(run, path, expected, capsys, reason, key="key"):
    """Assert that a checkpoint is ignored, with one line that says why."""
    capsys.readouterr()
    progress = Counted()
    assert bits(run(progress, Checkpoint.at(path, key, np.inf))) == expected
    assert progress.seen == SWEEP["burn_in"] + ENDS["sweeps"]
    line, *others = capsys.readouterr().out.splitlines()
    assert others == []
    assert line.startswith(f"{path}: not used, ")
    assert reason in line


def test_a_whole_checkpoint_is_used(things, tmp_path, capsys):
    run, expected = killed(things, tmp_path / "c")
    capsys.readouterr()
    progress = Counted()
    assert bits(run(progress, Checkpoint.at(tmp_path / "c", "key", np.inf))) == expected
    assert progress.seen == SWEEP["burn_in"] + ENDS["sweeps"] - 9
    assert capsys.readouterr().out == f"{tmp_path / 'c'}: this job goes on from there\n"


def test_a_checkpoint_of_another_job_is_ignored(things, tmp_path, capsys):
    run, expected = killed(things, tmp_path / "c")
    assert_begins_anew(run, tmp_path / "c", expected, capsys, "other settings", key="another")


@pytest.mark.parametrize("damage", [*(f"cut {n}" for n in range(8)), *(f"bit {n}" for n in range(24)), "empty"])
def test_a_damaged_checkpoint_is_ignored(damage, things, tmp_path, capsys):
    path = tmp_path / "c"
    run, expected = killed(things, path)
    content, random = bytearray(path.read_bytes()), generator(5, damage)
    if damage.startswith("cut"):
        content = content[: random.integers(1, len(content))]
    elif damage.startswith("bit"):
        content[random.integers(len(content))] ^= 1 << random.integers(8)
    else:
        content.clear()
    path.write_bytes(content)
    assert_begins_anew(run, path, expected, capsys, "seal")


class Planted:
    """What would run if it were unpickled."""

    def __reduce__(self):
        return exec, ("raise SystemExit('executed')",)


@pytest.mark.parametrize(
    ("form", "reason"),
    [('{"os.system": "true"}', "os.system"), ('{"tensor": [9, [1]]}', "index"), ("[" * 10**5, "recursion"),
     ("{}", "unpack"), ("no JSON", "Expecting value")],
)  # fmt: skip
def test_a_planted_checkpoint_is_not_executed(form, reason, things, tmp_path, capsys):
    """A pickle, and files with the right key and seal whose content is not that of a checkpoint."""
    path = tmp_path / "c"
    run, expected = killed(things, path)
    path.write_bytes(pickle.dumps(Planted()))
    assert_begins_anew(run, path, expected, capsys, "no seal")
    save_file({"0": np.zeros(3)}, path, {"seal": PLACEHOLDER, "key": "key", "form": form})
    seal(path)
    assert_begins_anew(run, path, expected, capsys, reason)


def test_nested_values_come_back_as_they_were(tmp_path):
    """Types, shapes and bits: not-a-number, negative zero, numbers of NumPy, keys that are no text, empty arrays."""
    random = generator(1, "nested")
    dataset = xr.Dataset(
        {"x": (("t", "s"), random.normal(size=(2, 3)), {"units": "J", "alphabet": np.array([-1, 1], np.int8)})},
        {"t": [2.0, 2.5], "s": ["hot", "cold", "other"], "n": ((), np.int32(3))},
        {"title": "x"},
    )
    value = {
        "numbers": [0.1, -0.0, float("nan"), 2**80, True, None, np.float64(0.1), np.float32(3), np.bool_(True)],
        7: (1, (2, "three"), []),
        "arrays": [np.arange(6, dtype=np.uint64).reshape(2, 3).T, np.zeros((0, 3), np.int8), np.array(1.5)],
        "text": np.array(["hot", "cold"]),
        "tensors": {0: torch.randn(2, 3).T, 1: torch.tensor(4.0), 2: torch.arange(3, dtype=torch.uint8)},
        "dataset": dataset,
    }
    one = Checkpoint.at(tmp_path / "c", "key", 0)
    one.save(value)
    found = Checkpoint.at(tmp_path / "c", "key", 0).restore()
    assert bits(found) == bits(value)
    assert found["tensors"][0].stride() == (1, 3)
    assert found["dataset"].identical(dataset)
    assert [type(x) for x in found["numbers"]] == [type(x) for x in value["numbers"]]
    with pytest.raises(TypeError, match="a value of type object cannot be saved"):
        one.save(object())


def test_saves_are_as_far_apart_as_they_should(tmp_path):
    one = Checkpoint.at(tmp_path / "c", "key", 0.2)
    one.save(1)
    assert not (tmp_path / "c").exists()
    time.sleep(0.25)
    assert one.due()
    one.save(2)
    assert not one.due()
    one.save(3)
    assert Checkpoint.at(tmp_path / "c", "key", 1).restore() == 2


@pytest.fixture
def job(tmp_path, monkeypatch):
    """What a script sees of Snakemake, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(provenance, "_inputs", {})
    monkeypatch.setenv(checkpoint.INTERVAL, "0")
    Path("results").mkdir()
    Path("results/input.nc").write_bytes(b"content")
    return SimpleNamespace(
        output=["results/rg/models/main_L8.safetensors", "results/rg/models/main_L8.json"],
        params=SimpleNamespace(settings={"code": "abc", "seed": 1}),
        input=["results/input.nc"],
    )


def begun(job):
    provenance.begin(job.input)
    return Checkpoint.of(job)


def test_a_job_keeps_its_checkpoint_until_its_output_is_there(job):
    one = begun(job)
    one.save(5)
    assert [str(p) for p in Path("results/checkpoints").rglob("*.*")] == [
        "results/checkpoints/rg/models/main_L8.safetensors"
    ]
    Path("results/checkpoints/rg/models/.main_L8.safetensors.1.partial").touch()  # of a kill while it was written
    again = begun(job)
    assert again.restore() == 5
    again.remove()
    assert begun(job).restore() is None
    assert not [*Path("results/checkpoints/rg/models").iterdir()]


def test_a_checkpoint_is_that_of_settings_inputs_and_output(job, monkeypatch):
    """The interval is none of them."""
    begun(job).save(5)
    monkeypatch.setenv(checkpoint.INTERVAL, "1000")
    assert begun(job).restore() == 5
    for settings in ({"code": "abd"}, {"seed": 2}, {"more": None}):
        monkeypatch.setattr(job.params, "settings", {"code": "abc", "seed": 1} | settings)
        assert begun(job).restore() is None
    monkeypatch.setattr(job.params, "settings", {"code": "abc", "seed": 1})
    Path("results/input.nc").write_bytes(b"contenu")
    assert begun(job).restore() is None
    Path("results/input.nc").write_bytes(b"content")
    assert begun(job).restore() == 5
    Path("results/checkpoints/rg/models/main_L8.safetensors").rename(
        "results/checkpoints/rg/models/main_L9.safetensors"
    )
    job.output[0] = "results/rg/models/main_L9.safetensors"
    assert begun(job).restore() is None


DRIVER = """
import sys
from spinnet.checkpoint import Checkpoint
from spinnet.operators.parallel import learn_from_files
learn_from_files(sys.argv[1], None, {settings!r}, iter, Checkpoint.at(sys.argv[2], "key", 0))
"""


def test_several_processes_go_on_together(things, tmp_path, capfd):
    """kill -9 of a job while its two processes train: they end too, and a second run does not begin anew."""
    path, data_path = tmp_path / "c", tmp_path / "data.nc"
    io.write(things.states, data_path, "operator data", "small data", TARGETED)
    settings = OPERATOR | {"processes": 2, "batch_size": 20, "epochs": 12}
    train = partial(parallel.learn_from_files, data_path, None, settings, iter)
    expected = bits(train())
    command = [sys.executable, "-c", DRIVER.format(settings=settings), str(data_path), str(path)]
    folder = Path(checkpoint.__file__).parents[1]
    driver = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        while not path.exists():
            assert driver.poll() is None
            time.sleep(0.01)
    finally:
        driver.kill()
        driver.wait()
    time.sleep(1)
    left = path.stat().st_mtime_ns
    time.sleep(1)
    assert path.stat().st_mtime_ns == left
    capfd.readouterr()
    assert bits(train(Checkpoint.at(path, "key", np.inf))) == expected
    text = capfd.readouterr().out
    assert "this job goes on from there" in text
    assert "epoch 0:" not in text
    assert "epoch 11:" in text
