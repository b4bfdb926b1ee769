"""Jobs of a finished run stayed within what they had asked for, and asked for no absurd amount."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from resources import SMALL, complaints

HERE = Path(__file__).parent


def evaluate(workflow, expression):
    """Value of an expression of `resources` in the folder of a workflow, by another process, as from JSON."""
    code = f"import json, resources; print(json.dumps({expression}))"
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=workflow.folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def asked(workflow, *configfiles):
    """{job: [MiB, minutes]} asked for by all jobs."""
    chosen = "[r['mem_mb'], r['runtime']]"
    pairs = evaluate(workflow, f"{{p: {chosen} for p, r in resources.requested({list(configfiles)}).items()}}")
    return {Path(path).stem: values for path, values in pairs.items()}


def test_every_job_stayed_within_what_it_asked_for(finished):
    rows = evaluate(finished, "resources.compare(['config/presets/smoke.yaml'])")
    assert {row[0] for row in rows} == set(asked(finished, "config/presets/smoke.yaml"))
    assert [row for row in rows if row[-1]] == []


def test_requests_grow_with_the_settings(finished, tmp_path):
    """Jobs of the paper preset that have more to do ask for more, and none asks for less."""
    (tmp_path / "longer.yaml").write_text("training: {max_epochs: 600}")  # by default a training asks for the least
    default, paper = asked(finished), asked(finished, "config/presets/paper.yaml", str(tmp_path / "longer.yaml"))
    both = [name for name in default.keys() & paper.keys() if not name.startswith("sweep_")]  # other chunks
    assert [n for n in both if paper[n][0] < default[n][0] or paper[n][1] < default[n][1]] == []
    for name in ("rg_mapping_critical", "rg_search", "operators_data_potts_0", "operators_baselines"):
        assert paper[name][0] > 1.2 * default[name][0], name
    for name in ("model_spins", "operators_network_energy_L8_0_1588", "operators_chains_classes_L8"):
        assert paper[name][1] > 4 * default[name][1], name


@pytest.mark.parametrize(
    ("memory", "minutes", "expected"),
    [
        (900.0, 4.0, []),
        (1001.0, 4.0, ["too little memory"]),
        (900.0, 6.0, ["too little time"]),
        (float("nan"), 0.0, []),  # ended before its memory was seen
    ],
)
def test_complaints(memory, minutes, expected):
    assert list(complaints({"mem_mb": 1000, "runtime": 5}, memory, minutes)) == expected


def test_absurd_requests_are_told():
    assert list(complaints({"mem_mb": SMALL + 1, "runtime": 5}, SMALL / 31, 1.0)) == ["far too much memory"]
    assert list(complaints({"mem_mb": SMALL, "runtime": 5}, 1.0, 1.0)) == []
