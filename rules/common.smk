import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from snakemake.exceptions import WorkflowError
from spinnet.config import ConfigError, check, check_file
from spinnet.digest import code_digest

try:
    for configfile_path in workflow.configfiles:
        check_file(configfile_path)
    CONFIG = check(dict(config))
except ConfigError as error:
    raise WorkflowError(str(error)) from None

# Numba does not see changes in imported modules: the cache directory is named by the code.
KERNEL_CACHE = Path(
    ".snakemake", "numba", code_digest(SCRIPTS / "compile_kernels.py")
).resolve()
os.environ["NUMBA_CACHE_DIR"] = str(KERNEL_CACHE)
# One thread a job: results then do not depend on the number of cores.
for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{library}_NUM_THREADS"] = "1"


# Once for each version of the code, so that parallel jobs do not compile the same kernels.
onstart:
    depths = sorted({len(m.hidden) for m in CONFIG.models.values()})
    compiled = KERNEL_CACHE / f"compiled_{'_'.join(map(str, depths))}"
    if not compiled.exists():
        print("compiling the Monte Carlo kernels", file=sys.stderr)
        script = SCRIPTS / "compile_kernels.py"
        subprocess.run([sys.executable, script, *map(str, depths)], check=True)
        compiled.touch()


wildcard_constraints:
    ensemble="|".join(CONFIG.ensembles),
    dataset="|".join(CONFIG.datasets),
    model="|".join(CONFIG.models),
    exact_sweep="|".join(CONFIG.exact_sweeps),
    neural_sweep="|".join(CONFIG.neural_sweeps),
    sweep="|".join([*CONFIG.exact_sweeps, *CONFIG.neural_sweeps]),
    chunk=r"\d+",
    size=r"\d+",


def settings(script, **values):
    """All that a job depends on besides its input files: leaf values and the digest of its code.

    Snakemake compares params without names or order; in one dict both count.
    """
    return {"code": code_digest(SCRIPTS / script), **values}


def chunks():
    """The temperature grid in pieces of one job each."""
    step = CONFIG.temperatures_per_job
    return [
        CONFIG.temperatures[i : i + step]
        for i in range(0, len(CONFIG.temperatures), step)
    ]


def sweep_of(name):
    """Configuration of a sweep of either kind."""
    return CONFIG.exact_sweeps.get(name) or CONFIG.neural_sweeps[name]


def dataset_of(model):
    return CONFIG.datasets[CONFIG.models[model].dataset]


def size_of(name):
    """Size L of the spin lattice behind a sweep."""
    if name in CONFIG.exact_sweeps:
        return CONFIG.exact_sweeps[name].size
    return CONFIG.ensembles[dataset_of(CONFIG.neural_sweeps[name].model).ensemble].size


def training_temperature(model):
    return CONFIG.ensembles[dataset_of(model).ensemble].temperatures[0]


def runtime(seconds):
    """Minutes to ask for: five times the estimate, at least five."""
    return max(5, int(seconds / 12))


def all_targets():
    return [
        "results/fig3.pdf",
        "results/fig4.pdf",
        *expand("results/datasets/{name}.nc", name=CONFIG.datasets),
        *expand("results/analysis/likelihood_{name}.nc", name=CONFIG.models),
        *expand("results/analysis/deviation_{name}.nc", name=CONFIG.neural_sweeps),
        *expand("results/analysis/deviation_{name}.nc", name=CONFIG.exact_sweeps),
    ]
