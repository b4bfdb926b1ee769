"""The notebook of examples/ runs on the files of the finished run, and its kept outputs are fit to be read."""

import json
import re
from pathlib import Path

import nbformat
import pytest
import xarray as xr
from nbclient import NotebookClient

NOTEBOOK = "examples/fig4.ipynb"
ROOT = Path(__file__).parents[2]


def text_of(notebook):
    """What its code cells print."""
    return "".join(o["text"] for c in notebook.cells for o in c.get("outputs", []) if o["output_type"] == "stream")


@pytest.fixture(scope="module")
def executed(finished):
    notebook = nbformat.read(finished.folder / NOTEBOOK, as_version=4)
    folder = {"metadata": {"path": finished.folder / "examples"}}
    return NotebookClient(notebook, timeout=300, resources=folder).execute()


def test_it_draws_the_figure(executed):
    images = [o for c in executed.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(images) == 1
    assert len(images[0]["data"]["image/png"]) > 20_000


def test_its_numbers_are_those_of_the_files(executed, finished):
    """The KL gap that it computes from log p, the energy and Kaufman's partition function."""
    (computed,) = re.findall(r"spins, computed here: (\S+) nats", text_of(executed))
    with xr.open_dataset(finished.folder / "results/analysis/likelihood_spins.nc") as likelihood:
        assert float(computed) == pytest.approx(float(likelihood.kl_gap), abs=0.006)
    (chi_square,) = re.findall(r"^energy: chi\^2 = (\S+) for 5", text_of(executed), re.M)
    assert float(chi_square) < 40  # 5 degrees of freedom, errors from 8 chains


def test_the_kept_outputs_are_of_these_cells_and_of_no_machine():
    path = ROOT / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert path.stat().st_size < 300_000
    cells = [c for c in notebook.cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    assert "60000" in text_of(notebook) or "76000 configurations" in text_of(notebook)
    outputs = json.dumps([o.get("text", "") for c in cells for o in c.outputs])
    assert not re.search(r"/(home|root|tmp|work|Users)/", outputs)
    assert not [o for c in cells for o in c.outputs if o.output_type == "error" or o.get("name") == "stderr"]
