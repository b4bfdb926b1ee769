"""Environment of the tests: that of the jobs, so that compiled kernels are never stale."""

from pathlib import Path

from spinnet.environment import prepare

prepare(Path(__file__).parents[1] / "workflow" / "scripts")
