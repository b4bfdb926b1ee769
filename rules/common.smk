import os
import re

import psutil
from spinnet import devices, progress, rebuild
from spinnet.config_entries import ISING, OwnEnsemble
from spinnet.config_file import check_own_files
from spinnet.digest import code_digest
from spinnet.environment import prepare
from spinnet.errors import UserError
from spinnet.memory import check_memory

try:
    CONFIG = check(dict(config))
    # Nodes of a cluster may have less memory, and jobs that need less.
    if workflow.is_main_process:
        check_memory(CONFIG, psutil.virtual_memory().total)
        check_own_files(CONFIG.ensembles)
        progress.quieten(workflow)
except ConfigError as error:
    raise WorkflowError(str(error)) from None

prepare()
CACHE = workflow.workflow_settings.cache is not None  # see cache.smk
# Not among the settings of a job: no result depends on it.  A job on a cluster reads this file too.
os.environ.update(SPINNET_CHECKPOINT_SECONDS=str(CONFIG.checkpoint_seconds))
rebuild.remember(
    workflow.config_settings.configfiles, workflow.config_settings.config_args or []
)


def refuse():
    """Before any job starts: refuse to go without a GPU or room that jobs need, or on finished files that are stale."""
    # Takes time to load, and most calls of Snakemake do not get here.
    from spinnet import files, verify

    try:
        if workflow.local_exec:  # nodes of a cluster may have one
            devices.check(CONFIG.device)
        if Path("results").exists():
            files.check("results")
        verify.refuse_stale(workflow.dag)
    except UserError as error:
        raise WorkflowError(str(error)) from None


def log_files(log):
    """Snakemake's log of this run, as a list."""
    return [log] if isinstance(log, str) else log


HINTS = {
    "Signals.SIGKILL|exit status 137": "A job was killed (signal 9): by the system if memory ran out, else by someone. "
    "Its log begins with its settings; lower them or use a larger machine, and run the same command again.",
    "[Nn]o space left on device": "The disk is full; make room, and run the same command again.",
}


onerror:
    for name in log_files(log):
        for pattern, hint in HINTS.items():
            if re.search(pattern, Path(name).read_text()):
                print(hint, file=sys.stderr)
        if workflow.output_settings.quiet:  # else Snakemake says it
            print(f"Snakemake's log: {os.path.relpath(name)}", file=sys.stderr)


onstart:
    refuse()
    progress.announce(workflow, log_files(log))


onsuccess:
    from spinnet import closing

    print(*closing.lines(workflow), sep="\n", file=sys.stderr)


RG = CONFIG.rg
RG_SIZES = [RG.size, RG.size // 2, RG.size // 4]
CLASSIFIERS = {"main": RG.classifiers.main, **RG.classifiers.variants}
TEMPERATURES = [1 / beta for beta in reversed(RG.phases.symmetric + RG.phases.broken)]


def packed_ensembles():
    """The large ensembles of the renormalization-group study: {name: (lattice, size, blockings, section)}."""
    result = {}
    for name, lattice, section in (
        ("critical", "square", RG.critical),
        ("transfer", "triangular", RG.transfer),
    ):
        for i in range(section.jobs):
            result[f"{name}_L{RG.size}_{i}"] = lattice, RG.size, 2, section
            result[f"{name}_L{RG.size // 2}_{i}"] = lattice, RG.size // 2, 1, section
    for beta in RG.reweighted.betas:
        result[f"field_{beta}"] = "square", RG.size, 0, RG.reweighted
    return result


PACKED = packed_ensembles()
ENCODER = CONFIG.encoder
FIG3, FIG4 = ENCODER.fig3, ENCODER.fig4
OWN = [n for n, e in CONFIG.ensembles.items() if isinstance(e, OwnEnsemble)]
LOCAL = [n for n, m in CONFIG.models.items() if m.architecture == "local"]
OWN_PARTS = {
    "train": 16,
    "validation": 2,
    "test": 2,
}  # blocks of one's own configurations


COMPARED = [
    *CONFIG.exact_sweeps,
    *(name for name, s in CONFIG.neural_sweeps.items() if s.exact),
]


def any_of(names):
    """Regular expression of these names; of none it matches nothing."""
    return "|".join(names) or "(?!)"


wildcard_constraints:
    ensemble=any_of(n for n in CONFIG.ensembles if n not in OWN),
    own=any_of(OWN),
    dataset="|".join(CONFIG.datasets),
    model="|".join(CONFIG.models),
    masked=any_of(n for n in CONFIG.models if n not in LOCAL),
    local=any_of(LOCAL),
    exact_sweep="|".join(CONFIG.exact_sweeps),
    neural_sweep="|".join(CONFIG.neural_sweeps),
    sweep="|".join([*CONFIG.exact_sweeps, *CONFIG.neural_sweeps]),
    compared="|".join(COMPARED),
    chunk=r"\d+",
    size=r"\d+",
    rg_size="|".join(map(str, RG_SIZES)),
    classifier="|".join(CLASSIFIERS),
    packed="|".join(map(re.escape, PACKED)),
    study="critical|transfer",
    moves="wolff|metropolis",
    beta=r"[0-9.]+",


def settings(script, **values):
    """All that a job depends on besides its input files: leaf values, its script and the digest of its code.

    Snakemake compares params without names or order; in one dict both count.
    """
    return {"script": script, "code": code_digest(SCRIPTS / script), **values}


def sweep_of(name):
    return CONFIG.exact_sweeps.get(name) or CONFIG.neural_sweeps[name]


def chunks(sweep):
    """The temperatures of a sweep in pieces of one job each."""
    grid = sweep_of(sweep).temperatures or CONFIG.temperatures
    step = CONFIG.temperatures_per_job
    return [grid[i : i + step] for i in range(0, len(grid), step)]


def dataset_of(model):
    return CONFIG.datasets[CONFIG.models[model].dataset]


def ensemble_of(model):
    return CONFIG.ensembles[dataset_of(model).ensemble]


def size_of(name):
    """Size L of the spin lattice of a sweep; None if a user's file knows it."""
    sweep = sweep_of(name)
    return sweep.size or getattr(ensemble_of(sweep.model), "size", None)


def reference_of(name):
    """The exact sweep that a sweep is compared with."""
    return name if name in CONFIG.exact_sweeps else CONFIG.neural_sweeps[name].exact


def training_temperature(model):
    return ensemble_of(model).temperatures[0]


def ensemble_settings(wildcards):
    e = CONFIG.ensembles[wildcards.ensemble]
    return settings(
        "sample_ensemble.py",
        seed=CONFIG.seed,
        name=wildcards.ensemble,
        size=e.size,
        temperatures=e.temperatures,
        sampler=e.sampler,
        interactions=e.interactions.strengths(),
        chains=e.chains.train + e.chains.validation + e.chains.test,
        samples=e.samples,
        thinning=e.thinning,
    )


def exact_sweep_settings(wildcards):
    s = CONFIG.exact_sweeps[wildcards.exact_sweep]
    return settings(
        "sweep_exact.py",
        seed=CONFIG.seed,
        name=wildcards.exact_sweep,
        temperatures=chunks(wildcards.exact_sweep)[int(wildcards.chunk)],
        size=s.size,
        sampler=s.sampler,
        interactions=s.interactions.strengths(),
        chains_per_start=s.chains_per_start,
        burn_in=s.burn_in,
        sweeps=s.sweeps,
    )


def dataset_settings(wildcards):
    d = CONFIG.datasets[wildcards.dataset]
    own = d.ensemble in OWN
    parts = OWN_PARTS if own else dict(CONFIG.ensembles[d.ensemble].chains)
    return settings(
        "make_dataset.py",
        seed=CONFIG.seed,
        name=wildcards.dataset,
        transform=d.transform,
        noise=d.noise,
        configurations=d.configurations,
        **parts,
    )


def model_settings(wildcards):
    m = CONFIG.models[wildcards.masked]
    return settings(
        "train_model.py",
        architecture=m.architecture,
        order=m.order,
        **training_settings(wildcards.masked),
    )


def local_settings(wildcards):
    m = CONFIG.models[wildcards.local]
    return settings(
        "train_local.py", window=m.window, **training_settings(wildcards.local)
    )


def training_settings(name):
    """What the training of a network of any architecture depends on."""
    m = CONFIG.models[name]
    training = dict(CONFIG.training) | {k: v for k, v in m.training if v is not None}
    return dict(
        seed=CONFIG.seed,
        name=name,
        device=CONFIG.device,
        hidden=m.hidden,
        symmetries=m.symmetries,
        **training,
    )


def neural_sweep_settings(wildcards):
    s = CONFIG.neural_sweeps[wildcards.neural_sweep]
    return settings(
        "sweep_neural.py",
        seed=CONFIG.seed,
        name=wildcards.neural_sweep,
        device=CONFIG.device,
        temperatures=chunks(wildcards.neural_sweep)[int(wildcards.chunk)],
        size=s.size,
        moves=s.moves,
        multiplicity=s.multiplicity,
        chains_per_start=s.chains_per_start,
        burn_in=s.burn_in,
        sweeps=s.sweeps,
        error=s.error,
    )


def phases_settings(wildcards):
    p = RG.phases
    return settings(
        "sample_ensemble.py",
        seed=CONFIG.seed,
        name=f"rg phases L{wildcards.rg_size}",
        size=int(wildcards.rg_size),
        temperatures=TEMPERATURES,
        sampler="wolff",
        chains=p.train + p.validation,
        samples=p.samples,
        thinning=p.thinning,
    )


def classifier_settings(wildcards):
    c, shared = CLASSIFIERS[wildcards.classifier], RG.classifiers
    return settings(
        "train_classifiers.py",
        seed=CONFIG.seed,
        name=f"{wildcards.classifier}_L{wildcards.rg_size}",
        device=CONFIG.device,
        size=int(wildcards.rg_size),
        broken=len(RG.phases.broken),
        train=RG.phases.train,
        width=c.width,
        networks=c.networks,
        max_epochs=c.max_epochs,
        learning_rate=shared.learning_rate,
        batch_size=shared.batch_size,
        patience=shared.patience,
    )


def packed_settings(wildcards):
    lattice, size, _, section = PACKED[wildcards.packed]
    beta = wildcards.packed.removeprefix("field_")
    return settings(
        "sample_packed.py",
        seed=CONFIG.seed,
        name=wildcards.packed,
        lattice=lattice,
        size=size,
        beta=section.beta if hasattr(section, "beta") else float(beta),
        chains=section.chains,
        samples=section.samples,
        thinning=section.thinning,
    )


def observed_sizes(wildcards):
    """Sizes of an ensemble and its blockings for which there are networks."""
    _, size, blockings, _ = PACKED[wildcards.packed]
    return [
        size // 2**n
        for n in range(blockings + 1)
        if size // 2 ** n in sizes_of(wildcards.classifier)
    ]


def sizes_of(classifier):
    """Lattice sizes with networks of a kind: the variants serve single blocking only."""
    return RG_SIZES if classifier == "main" else RG_SIZES[:2]


def observables(study, size, classifier="main"):
    """Files of all jobs of a study on one size."""
    section = RG.critical if study == "critical" else RG.transfer
    return [
        f"results/rg/observables/{classifier}/{study}_L{size}_{i}.nc"
        for i in range(section.jobs)
    ]


def mapping_settings(script, **more):
    m = RG.mapping
    return settings(
        script,
        beta_range=m.beta_range,
        points=m.points,
        least_effective=m.least_effective,
        bins=m.bins,
        **more,
    )


def direct_settings(wildcards):
    d, metropolis = RG.direct, wildcards.moves == "metropolis"
    return settings(
        "sample_direct.py",
        seed=CONFIG.seed,
        beta=float(wildcards.beta),
        size=RG.size,
        moves=wildcards.moves,
        fields=d.metropolis_fields if metropolis else d.fields,
        chains_per_start=d.chains_per_start,
        samples=d.samples,
        every=d.sweeps if metropolis else d.clusters,
    )


def direct_files():
    """Files of direct sampling: Wolff proposals at every beta, single-spin moves at one."""
    names = [f"{beta}_wolff" for beta in RG.reweighted.betas]
    if RG.direct.metropolis_fields:
        names.append(f"{RG.direct.metropolis_beta}_metropolis")
    return [f"results/rg/direct/{name}.nc" for name in names]


def figure_settings(script, **more):
    f = CONFIG.figures
    return settings(script, font_size=f.font_size, dpi=f.dpi, **more)


def all_targets():
    return [
        "results/fig3.pdf",
        "results/fig4.pdf",
        *encoder_targets(),
        *rg_targets(),
        *operator_targets(),
        *calibration_targets(),
        *expand("results/datasets/{name}.nc", name=CONFIG.datasets),
        *expand("results/analysis/likelihood_{name}.nc", name=CONFIG.models),
        *expand("results/analysis/deviation_{name}.nc", name=COMPARED),
    ]


def rg_targets():
    figures = [*(f"fig{i}" for i in range(1, 8)), "theta_y", "claims"]
    return [
        *(f"results/rg/{name}.pdf" for name in figures),
        "results/rg/table1.csv",
        "results/rg/table1.md",
    ]


def numbered(number, shows):
    """Label of a figure of a paper; padded with a blank as wide as a digit, as the report sorts labels as text."""
    return {"Figure": f"Fig. {number:\u2007>2}: {shows}"}


def calibration_targets():
    return ["results/calibration.pdf", "results/calibration.csv"]


def replica_numbers(wildcards):
    """[first, last + 1] of the replicas of a part."""
    total = getattr(CALIBRATION.replicas, wildcards.problem)
    part = int(wildcards.part)
    return [total * i // CALIBRATION.jobs for i in (part, part + 1)]
