import sys
from pathlib import Path

SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from snakemake.exceptions import WorkflowError
from spinnet.config import ConfigError, check, check_file
from spinnet.digest import code_digest
from spinnet.environment import compile_kernels, prepare

try:
    for configfile_path in workflow.configfiles:
        check_file(configfile_path)
    CONFIG = check(dict(config))
except ConfigError as error:
    raise WorkflowError(str(error)) from None

KERNELS = prepare(SCRIPTS)


onstart:
    compile_kernels(SCRIPTS, KERNELS, {len(m.hidden) for m in CONFIG.models.values()})


FIG3 = CONFIG.encoder.fig3
FIG4 = CONFIG.encoder.fig4


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


def ensemble_settings(wildcards):
    e = CONFIG.ensembles[wildcards.ensemble]
    return settings(
        "sample_ensemble.py",
        seed=CONFIG.seed,
        name=wildcards.ensemble,
        size=e.size,
        temperatures=e.temperatures,
        sampler=e.sampler,
        chains=e.chains.train + e.chains.validation + e.chains.test,
        samples=e.samples,
        thinning=e.thinning,
    )


def configurations(wildcards):
    """Number of spins in an ensemble."""
    s = ensemble_settings(wildcards)
    return s["chains"] * s["samples"] * len(s["temperatures"]) * s["size"] ** 2


def exact_sweep_settings(wildcards):
    s = CONFIG.exact_sweeps[wildcards.exact_sweep]
    return settings(
        "sweep_exact.py",
        seed=CONFIG.seed,
        name=wildcards.exact_sweep,
        temperatures=chunks()[int(wildcards.chunk)],
        size=s.size,
        sampler=s.sampler,
        chains_per_start=s.chains_per_start,
        burn_in=s.burn_in,
        sweeps=s.sweeps,
    )


def dataset_settings(wildcards):
    d = CONFIG.datasets[wildcards.dataset]
    chains = CONFIG.ensembles[d.ensemble].chains
    return settings(
        "make_dataset.py",
        seed=CONFIG.seed,
        name=wildcards.dataset,
        transform=d.transform,
        train=chains.train,
        validation=chains.validation,
        test=chains.test,
    )


def model_settings(wildcards):
    m = CONFIG.models[wildcards.model]
    return settings(
        "train_model.py",
        seed=CONFIG.seed,
        name=wildcards.model,
        device=CONFIG.device,
        hidden=m.hidden,
        order=m.order,
        learning_rate=CONFIG.training.learning_rate,
        batches_per_epoch=CONFIG.training.batches_per_epoch,
        max_epochs=CONFIG.training.max_epochs,
        patience=CONFIG.training.patience,
    )


def neural_sweep_settings(wildcards):
    s = CONFIG.neural_sweeps[wildcards.neural_sweep]
    return settings(
        "sweep_neural.py",
        seed=CONFIG.seed,
        name=wildcards.neural_sweep,
        temperatures=chunks()[int(wildcards.chunk)],
        moves=s.moves,
        chains_per_start=s.chains_per_start,
        burn_in=s.burn_in,
        sweeps=s.sweeps,
    )


def proposals(wildcards):
    """Number of proposed moves of a job."""
    s = neural_sweep_settings(wildcards)
    chains = 2 * s["chains_per_start"] * len(s["temperatures"])
    return chains * (s["burn_in"] + s["sweeps"]) * size_of(wildcards.neural_sweep) ** 2


def figure_settings(script):
    return settings(script, font_size=CONFIG.figures.font_size, dpi=CONFIG.figures.dpi)


def all_targets():
    return [
        "results/fig3.pdf",
        "results/fig4.pdf",
        *expand("results/datasets/{name}.nc", name=CONFIG.datasets),
        *expand("results/analysis/likelihood_{name}.nc", name=CONFIG.models),
        *expand("results/analysis/deviation_{name}.nc", name=CONFIG.neural_sweeps),
        *expand("results/analysis/deviation_{name}.nc", name=CONFIG.exact_sweeps),
    ]
