"""Every file of a finished run says what made it, and `make verify` reports those that do not match."""

import json
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from importlib.metadata import version

import pytest
import yaml

from spinnet import provenance
from spinnet.digest import code_digest
from spinnet.seal import DIGITS, MARK
from spinnet.stamps import read_stamp
from spinnet.verify import SCRIPTS, artifacts

DETERMINISTIC = {"exact_reference.py", "density_of_states.py", "fold_couplings.py", "operators_fig5.py", "rg_fig7.py"}


@pytest.fixture(scope="module")
def stamps(finished):
    """{path: provenance} of all artifacts."""
    return {path: read_stamp(path) for path in artifacts(finished.folder / "results")}


def checksum(path):
    """Independent of the library: SHA-256 with zeros for the 64 digits of the seal."""
    content = path.read_bytes()
    if (at := content.rfind(MARK)) >= 0:
        at += len(MARK)
        content = content[:at] + b"0" * DIGITS + content[at + DIGITS :]
    return sha256(content).hexdigest()


def test_all_outputs_of_the_rules_are_there_and_nothing_else(finished, stamps):
    result = finished.run("--summary", "all")
    lines = [line.split("\t") for line in result.stdout.splitlines() if line.startswith("results/")]
    assert {str(path.relative_to(finished.folder)) for path in stamps} == {line[0] for line in lines}


def test_every_artifact_says_what_made_it(finished, stamps):
    for path, stamp in stamps.items():
        settings = stamp["settings"]
        assert stamp["artifact"] == str(path.relative_to(finished.folder))
        assert stamp["format"] == provenance.FORMAT
        assert settings["code"] == code_digest(SCRIPTS / settings["script"])
        assert stamp["software"] == {p: version(p) for p in provenance.PACKAGES}
        assert stamp["inputs"] or "seed" in settings or settings["script"] in DETERMINISTIC, path


def test_every_checksum_fits(finished, stamps):
    named = {(name, digest) for stamp in stamps.values() for name, digest in stamp["inputs"].items()}
    assert len(named) > 200
    for name, digest in named:
        assert digest == checksum(finished.folder / name), name
    for path in stamps:
        if path.suffix == ".safetensors":
            header = json.loads(path.with_suffix(".json").read_text())
            assert header["provenance"]["weights"] == checksum(path)


def test_a_figure_leads_back_to_the_configurations_it_comes_from(finished, stamps):
    """From fig4.pdf to the ensemble, the networks and the exact chains, by checksums alone."""
    by_digest = {checksum(path): path for path in stamps if path.suffix in (".nc", ".json", ".safetensors")}
    found, queue = set(), [finished.folder / "results/fig4.pdf"]
    while queue:
        sources = {by_digest[digest] for digest in stamps[queue.pop()]["inputs"].values()} - found
        found |= sources
        queue.extend(sources)
    folders = Counter(str(path.parent.relative_to(finished.folder / "results")) for path in found)
    assert finished.folder / "results/ensembles/ising.nc" in found
    assert folders["ensembles"] == 1
    assert folders["datasets"] == 3  # spins, block sums of stride 1 and 2
    assert folders["models"] == 2 * folders["datasets"]
    seed = yaml.safe_load((finished.folder / "config/config.yaml").read_text())["seed"]
    assert {stamps[path]["settings"].get("seed") for path in found} == {None, seed}


def verify(folder):
    """The finished process of what `make verify` runs."""
    command = [sys.executable, "-m", "spinnet.verify", "results"]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(folder / "workflow/scripts")}, capture_output=True, text=True
    )


def test_make_verify(finished, stamps):
    recipe = subprocess.run(["make", "-n", "verify"], cwd=finished.folder, capture_output=True, text=True)
    assert "python -m spinnet.verify results" in recipe.stdout
    number = len(stamps)
    clean = verify(finished.folder)
    assert (clean.returncode, clean.stdout) == (0, f"{number} files in results, {number} as they were made, 0 not\n")
    path = finished.folder / "results/sweeps/spins.nc"
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1000] + bytes([whole[-1000] ^ 1]) + whole[-999:])
        result = verify(finished.folder)
    finally:
        path.write_bytes(whole)
    line, summary = result.stdout.splitlines()
    assert result.returncode == 1
    assert line.startswith("results/sweeps/spins.nc: cannot be trusted (its content does not fit its seal")
    assert line.endswith("; rebuild it with: snakemake --cores 1 --force results/sweeps/spins.nc")
    assert summary == f"{number} files in results, {number - 1} as they were made, 1 not"
