"""What a machine lacks, and what goes wrong in a computation: one sentence, and no figure."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from counts import record

ENSEMBLE = "results/ensembles/ising.nc"
MODELS = {
    "made": ("results/models/spins.safetensors", "models: {spins: {training: {learning_rate: 1.0e+12}}}"),
    "local": ("results/models/local.safetensors", "models: {local: {training: {learning_rate: 1.0e+12}}}"),
    "classifiers": ("results/rg/models/main_L8.safetensors", "rg: {classifiers: {learning_rate: 1.0e+12}}"),
    "operators": (
        "results/operators/models/demonstration_0_800.safetensors",
        "operators: {networks: {demonstration: {learning_rate: 1.0e+12, epochs: [3]}}}",
    ),
}  # fmt: skip
GROUP = Path("/sys/fs/cgroup/memory/faults")  # version 1 of control groups


@pytest.fixture
def refused(folder):
    """Run a target with an overlay, which is to be refused by a job; returns what is printed."""

    def run(target, overlay, **options):
        folder.wipe()
        (folder.path / "overlay.yaml").write_text(overlay + "\n")
        status, text = folder.run(target=target, overlays=["overlay.yaml"], **options)
        assert status != 0
        assert "Traceback" not in text, text
        assert not (folder.path / target).exists()
        assert folder.damaged() == []
        assert not folder.partial()
        return text

    return run


BIG = "ensembles: {ising: {samples: 2000000, thinning: 2}}"  # 1.4 GiB


def test_a_limit_on_memory(refused):
    """As `ulimit -v` and some queues set it."""
    text = refused(ENSEMBLE, BIG, prefix=["prlimit", "--as=2200000000"])
    assert "error: out of memory (Unable to allocate 1.43 GiB" in text
    record("out of memory: limit", injected=1, stopped=1)


@contextmanager
def control_group(limit):
    """A control group with a limit on memory [bytes]; yields a command that runs in it."""
    try:
        GROUP.mkdir()
        (GROUP / "memory.limit_in_bytes").write_text(str(limit))
    except OSError:
        pytest.skip("a limit on memory that the kernel enforces by a kill needs root and control groups of version 1")
    try:
        yield ["sh", "-c", f'echo $$ > {GROUP}/cgroup.procs; exec "$@"', "sh"]
    finally:
        GROUP.rmdir()


def test_the_kernel_kills_a_job_when_memory_runs_out(refused):
    with control_group(700_000_000) as prefix:
        text = refused(ENSEMBLE, BIG, prefix=prefix)
    assert "A job was killed (signal 9): by the system if memory ran out" in text
    record("out of memory: killed by the kernel", injected=1, stopped=1)


def test_a_gpu_that_is_missing_is_told_before_any_job_starts(refused, folder):
    if subprocess.run(["sh", "-c", "ldconfig -p | grep libcuda.so.1"], capture_output=True).returncode == 0:
        pytest.skip("this machine has the driver of a GPU")
    text = refused(MODELS["made"][0], "device: cuda")
    assert "device: 'cuda' was asked for, no CUDA device was found; use 'auto' or 'cpu'" in text
    assert not (folder.path / ENSEMBLE).exists()
    record("missing GPU", injected=1, stopped=1)


@pytest.mark.parametrize("name", MODELS)
def test_a_training_that_diverges_names_the_model_and_the_setting(refused, name):
    target, overlay = MODELS[name]
    text = refused(target, overlay)
    assert "lower" in text
    assert "learning_rate" in text
    assert "error: " in text
    record(f"training diverges: {name}", injected=1, stopped=1)
