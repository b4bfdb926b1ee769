"""What verify says about a small folder of results, and that every kind of corruption of it is refused."""

import random
import shutil

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from faults import corruption

from spinnet import files, provenance, verify
from spinnet.digest import code_digest
from spinnet.documents import save_pdf, write_markdown, write_table
from spinnet.io import write, write_model
from spinnet.verify import SCRIPTS, problems


@pytest.fixture(autouse=True)
def no_job(monkeypatch):
    """No job has begun in this process."""
    monkeypatch.setattr(files, "_log", None)
    monkeypatch.setattr(provenance, "_inputs", {})


def settings(script, **values):
    return {"script": script, "code": code_digest(SCRIPTS / script), **values}


LOCAL = {
    "architecture": "local", "sites": 16, "size": 4, "alphabet": [-1, 1], "window": 1, "temperature": 2.5,
    "energy_offset": 0.0, "interactions": None,
}  # fmt: skip


def fill(folder, seed):
    """Two ensembles, a network for each, what they predict, a figure, a table and a text, as jobs would write them."""
    results = folder / "results"
    for number, name in enumerate(("a", "b")):
        ensemble, weights = results / f"ensembles/{name}.nc", results / f"models/{name}.safetensors"
        provenance.begin([str(_own(folder))])
        spins = np.random.default_rng([seed, number]).choice([-1, 1], (1, 6, 4, 4)).astype(np.int8)
        data = xr.Dataset({"spins": (("temperature", "sample", "row", "column"), spins), "chain": ("sample", range(6))})
        write(data, ensemble, "ensemble", "spins", settings("sample_ensemble.py", seed=seed, name=name))
        provenance.begin([str(ensemble)])
        header = LOCAL | {"settings": settings("train_model.py", seed=seed, name=name)}
        write_model({"field": spins[0, 0].ravel() / np.float32(3)}, header, weights)
        provenance.begin([str(weights), str(weights.with_suffix(".json"))])
        log_prob = xr.Dataset({"log_prob": ("sample", spins[0, :, 0, 0] / 2)})
        write(log_prob, results / f"analysis/{name}.nc", "likelihood", "l", settings("evaluate_model.py"))
    for name in ("a", "b"):
        provenance.begin([str(results / f"analysis/{name}.nc")])
        figure, axes = plt.subplots()
        axes.plot([seed, 2])
        save_pdf(figure, results / f"{name}.pdf", settings("fig3.py", name=name))
        plt.close(figure)
        write_table(pd.DataFrame({name: [seed]}), results / f"{name}.csv", settings("fig4.py", name=name))
        write_markdown(f"{name} {seed}", results / f"{name}.md", settings("rg_table.py", name=name))
    provenance.begin([])
    return results


def _own(folder):
    path = folder / "own.npy"
    path.write_bytes(b"of the user")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Folders of two seeds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_log", None)
        return [fill(tmp_path_factory.mktemp(f"seed{seed}"), seed) for seed in (1, 2)]


@pytest.fixture
def results(made, tmp_path):
    """A copy to be spoilt; the user's file has its name as it was when the ensembles were made."""
    return shutil.copytree(made[0], tmp_path / "results")


@pytest.mark.parametrize("corrupt", corruption.ALL, ids=lambda c: c.__name__)
def test_every_corruption_is_refused(made, corrupt):
    tree = corruption.Tree(*made)
    kinds = set(tree.kinds.values())
    assert len(kinds) == 8
    tried = 0
    for kind in sorted(kinds):
        for seed in range(3):
            rng = random.Random(f"{kind} {seed}")
            if contents := corrupt(tree, rng.choice(tree.of(kind)), rng):
                with corruption.put(contents):
                    corruption.check(tree, contents)
                tried += 1
    assert tried >= 6


def run(results, capsys):
    """(number of problems, printed lines) of the command."""
    return verify.main(str(results)), capsys.readouterr().out.splitlines()


def test_a_clean_folder(results, capsys):
    assert run(results, capsys) == (0, [f"14 files in {results}, 14 as they were made, 0 not"])


def test_a_flipped_bit_is_reported_with_the_command_that_mends_it(results, capsys):
    path = results / "ensembles/a.nc"
    content = bytearray(path.read_bytes())
    content[300] ^= 4
    path.write_bytes(content)
    wrong, (line, summary) = run(results, capsys)
    assert wrong == 1
    assert line.startswith(f"{path}: cannot be trusted (its content does not fit its seal")
    assert line.endswith(f"; rebuild it with: snakemake --cores 1 --force {path}")
    assert summary == f"14 files in {results}, 13 as they were made, 1 not"


@pytest.mark.parametrize("name", ["notes.txt", "ensembles/.a.nc.77.partial", "old.csv-metadata.json"])
def test_an_unknown_or_unfinished_file_is_reported(results, capsys, name):
    (results / name).write_text("x")
    assert run(results, capsys)[1][0] == f"{results / name}: is not a file that this workflow makes; remove it"


def test_a_link_to_nothing_is_reported(results, capsys):
    path = results / "ensembles/a.nc"
    path.unlink()
    path.symlink_to(results / "gone.nc")
    assert run(results, capsys)[1][0].startswith(f"{path}: cannot be trusted ([Errno 2] No such file")


def test_a_model_without_its_other_half_is_reported(results, capsys):
    (results / "models/a.json").unlink()
    assert run(results, capsys)[1][0].startswith(f"{results}/models/a.safetensors: has no a.json beside it; rebuild")


def test_a_changed_file_of_the_user_is_reported(made, capsys):
    own = made[0].parent / "own.npy"
    own.write_bytes(b"other")
    wrong, lines = run(made[0], capsys)
    assert wrong == 2
    assert lines[0].startswith(f"{made[0]}/ensembles/a.nc: was made from another version of {own}; rebuild")
    own.write_bytes(b"of the user")
    assert run(made[0], capsys)[0] == 0
    own.unlink()
    assert run(made[0], capsys)[0] == 0
    _own(made[0].parent)


def test_files_made_from_different_versions_of_one_that_is_gone_are_reported(results, made, capsys):
    """The figure from the other seed's analysis, the table from this one's, and no analysis."""
    (results / "analysis/a.nc").unlink()
    shutil.copy(made[1] / "a.pdf", results / "a.pdf")
    (line, _) = run(results, capsys)[1][:2]
    assert "was made from another version of results/analysis/a.nc, which is gone, than other files; rebuild" in line


def test_damage_to_a_file_that_no_job_reads_does_not_matter_but_its_age_does(results, made):
    stamps = corruption.Tree(*made).stamps
    expected = {results / p.relative_to(made[0]): stamp["settings"] for p, stamp in stamps.items()}
    ensemble = results / "ensembles/a.nc"
    whole = ensemble.read_bytes()
    ensemble.write_bytes(whole[:100])
    assert set(problems(expected)) == {ensemble}
    assert problems(expected, unread={ensemble}) == {}
    shutil.copy(made[1] / "ensembles/a.nc", ensemble)
    assert problems(expected, unread={ensemble}) == {ensemble: "was made with other settings than those of now"}


def test_files_that_name_each_other_end_the_walk(results):
    """Nobody can make such files, but a walk over them must end."""
    a, b = (results / f"analysis/{name}.nc" for name in ("a", "b"))
    walk = verify._Walk({}, ())
    for path, other in ((a, "b"), (b, "a")):
        walk.problem(path)
        walk.stamps[path]["inputs"] = {f"results/analysis/{other}.nc": "0" * 64}
    walk.found.clear()
    assert [walk.problem(a) is None, walk.problem(b) is None].count(False) >= 1
