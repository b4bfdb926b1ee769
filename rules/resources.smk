# What jobs ask for, by the settings that their cost grows with; no rules.  The constants are measured, by
# tests/workflow/resources.py, on 2 cores of a Xeon: seconds for a unit of work, bytes for a number in memory.
from math import prod

from spinnet.estimate import Minutes

GPUS = 1 if CONFIG.device == "cuda" else 0
ALL_CORES = workflow.resource_settings.cores or 1  # a cluster has no number of cores
UNKNOWN = dict(size=32, configurations=100_000)  # of a user's own ensemble, at most


def runtime(seconds):
    """Minutes to ask for: five times the estimate, at least five."""
    return Minutes(max(5, int(seconds / 12)), seconds)


def memory(numbers=0, library=600):
    """MiB to ask for: of Python with its libraries and of so many bytes of arrays."""
    return int(library + numbers / 2**20)


def torch_memory(numbers=0, gpus=GPUS):
    """MiB to ask for by a job that uses torch; CUDA needs more on the host as well."""
    return memory(numbers, library=1000 + 3000 * gpus)


def side_of(ensemble):
    return getattr(CONFIG.ensembles[ensemble], "size", UNKNOWN["size"])


def configurations_of(ensemble):
    """Number of configurations in an ensemble."""
    e = CONFIG.ensembles[ensemble]
    if ensemble in OWN:
        return UNKNOWN["configurations"]
    return sum(dict(e.chains).values()) * e.samples * len(e.temperatures)


def spins_of(ensemble):
    return configurations_of(ensemble) * side_of(ensemble) ** 2


def spins_behind(model):
    return spins_of(dataset_of(model).ensemble)


def units_of(model):
    """Numbers that a network sees of a configuration: five for each block sum, else one for each site."""
    d = dataset_of(model)
    side = side_of(d.ensemble)
    return {
        "raw": side**2,
        "majority": (side // 2) ** 2,
        "block_sum_stride1": 5 * side**2,
        "block_sum_stride2": 5 * (side // 2) ** 2,
    }[d.transform]


def weights_of(model):
    """Number of weights of a masked network; of a local one that of the sites that see a spin."""
    m, units = CONFIG.models[model], units_of(model)
    if m.architecture == "local":
        return 10_000 * m.window
    widths = [units, *m.hidden, units]
    layers = sum(prod(pair) for pair in zip(widths, widths[1:]))
    return layers + (units**2 if m.architecture == "direct" and m.hidden else 0)


def training_seconds(model):
    m = CONFIG.models[model]
    epochs = m.training.max_epochs or CONFIG.training.max_epochs
    seen = epochs * configurations_of(dataset_of(model).ensemble)
    if model in LOCAL:
        return 20 + 3e-6 * seen * units_of(model)
    return 20 + 2e-10 * seen * weights_of(model)


def drawing_seconds(model, samples):
    """Of samples drawn site by site."""
    return 1e-10 * samples * units_of(model) * weights_of(model)


def likelihood_seconds(model):
    return (
        30
        + 1e-6 * spins_behind(model)
        + drawing_seconds(model, CONFIG.ancestral_samples)
    )


def series_of(name, temperatures):
    """Measurements of a job of a sweep."""
    s = sweep_of(name)
    return 2 * s.chains_per_start * len(temperatures) * s.sweeps


def proposals_of(name, temperatures):
    """Proposed moves of a job of a sweep."""
    s = sweep_of(name)
    size = size_of(name) or UNKNOWN["size"]
    return series_of(name, temperatures) // s.sweeps * (s.burn_in + s.sweeps) * size**2


def of_chunk(function, wildcards):
    """Value of a function of a sweep and its temperatures for the job of a chunk."""
    name = wildcards.get("exact_sweep") or wildcards.neural_sweep
    return function(name, chunks(name)[int(wildcards.chunk)])


def neural_seconds(wildcards):
    """The cost of a proposal grows with the network."""
    weights = weights_of(CONFIG.neural_sweeps[wildcards.neural_sweep].model)
    return 5 + 1.5e-12 * weights * of_chunk(proposals_of, wildcards)


def algorithm_proposals(model):
    s = SAMPLING
    return s.chains * s.sweeps * len(s.algorithm_temperatures) * units_of(model)


def phases_spins(size):
    p = RG.phases
    return len(TEMPERATURES) * (p.train + p.validation) * p.samples * size**2


def classifier_seconds(wildcards):
    c, p, shared = CLASSIFIERS[wildcards.classifier], RG.phases, RG.classifiers
    examples = len(TEMPERATURES) * p.train * p.samples
    steps = c.networks * c.max_epochs * examples / shared.batch_size
    return 10 + steps * (1e-3 + 3e-9 * c.width * int(wildcards.rg_size) ** 2)


def packed_spins(name):
    """Number of spins in a large ensemble."""
    _, size, _, section = PACKED[name]
    return section.chains * section.samples * size**2


def observation_seconds(wildcards):
    c = CLASSIFIERS[wildcards.classifier]
    return 20 + 5e-10 * packed_spins(wildcards.packed) * c.width * c.networks / 4


def mapping_numbers(
    section=RG.critical, jobs=None, networks=RG.classifiers.main.networks
):
    """Bytes of the observables of all jobs, and of their weights at all points."""
    samples = (jobs or section.jobs) * section.chains * section.samples
    return samples * (24 * RG.mapping.points + 64 * networks)


def direct_updates(wildcards):
    """Sites that are proposed in one job, by clusters or one by one."""
    s = direct_settings(wildcards)
    measurements = 2 * s["chains_per_start"] * len(s["fields"]) * 2 * s["samples"]
    return measurements * s["every"] * s["size"] ** 2


def search_spins():
    """Number of spins in the ensembles of one step."""
    return RG.iteration.chains * RG.iteration.samples * RG.size**2


def operator_size(data):
    """Sites of a side of the states of a data set of operators."""
    return OPERATORS.data["coulomb" if data == "thermal" else data].size


def levels_of(data):
    """Energy levels of which a data set has so many states each."""
    targeted = data != "thermal" and OPERATORS.data[data].sampling == "targeted"
    return operator_size(data) ** 2 - 1 if targeted else 1


def operator_states(data):
    """Number of states in a data set of operators."""
    if data == "thermal":
        t = OPERATORS.thermal
        return len(OPERATORS.chains_coulomb.temperatures) * t.chains * t.snapshots
    return levels_of(data) * (OPERATORS.data[data].train + OPERATORS.data[data].test)


def operator_spins(data):
    return operator_states(data) * operator_size(data) ** 2


def operator_training_seconds(wildcards):
    """Of a processor without bfloat16; with it ten times less."""
    n, examples = OPERATORS.networks[wildcards.operator], int(wildcards.examples)
    seen = n.epochs[n.examples.index(examples)] * examples * levels_of(n.data)
    return 20 + 4e-6 * seen * (operator_size(n.data) * n.upscale) ** 2


def operator_chain_seconds(wildcards):
    """A table answers for the 4x4 lattice, the network for 8x8."""
    s = operator_chains_settings(wildcards)
    chains = len(s["temperatures"]) * s["chains"]
    proposals = chains * (s["burn_in"] + s["sweeps"]) * s["size"] ** 2
    return 20 + proposals * (1e-6 if s["size"] == 4 else 1.5e-4)


def thermal_updates():
    t, c = OPERATORS.thermal, OPERATORS.chains_coulomb
    sweeps = t.burn_in + t.snapshots * t.every
    return len(c.temperatures) * t.chains * sweeps * OPERATORS.data["coulomb"].size ** 2


# Seconds for a replica of each problem of the calibration.
REPLICA_SECONDS = dict(
    series=0.03,
    samplers=0.1,
    reweighting=0.1,
    exponents=0.2,
    gaps=0.1,
    free_energies=0.1,
    couplings=0.4,
)


def replicas_of(wildcards):
    """Number of replicas in a job."""
    first, last = replica_numbers(wildcards)
    return last - first
