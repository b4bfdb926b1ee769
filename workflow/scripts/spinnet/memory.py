"""Memory that jobs need at least, from the configuration alone: what cannot fit is refused before any job starts.

The largest arrays of the jobs are counted, each as often as a job surely holds it at once; the resources of the
rules, which are to be enough, are larger.
"""

from itertools import pairwise
from typing import NamedTuple

from spinnet.blocking import ALPHABETS
from spinnet.config_entries import OwnEnsemble
from spinnet.config_messages import ConfigError, found
from spinnet.operators.references import LEVELS, THERMAL

GB = 1e9  # bytes
FLOAT, DOUBLE = 4, 8  # bytes of a number
TRAINED = 5 * FLOAT  # bytes of a weight in training: with gradient, two moments of Adam, and the best so far
EVALUATED = 4096  # configurations that a network judges at once
TRUTH = 40 * 250  # configurations of a replica of the exponents, on each of two lattices


class Need(NamedTuple):
    """Least memory [bytes] of a job, and the settings that it grows with: {key: (value, its share as a factor)}."""

    job: str
    memory: float
    settings: dict


def check_memory(config, available):
    """Raise ConfigError for the first job that needs more than `available` bytes of memory, or than memory_gb."""
    allowed = GB * config.memory_gb if config.memory_gb else available
    source = "as memory_gb says" if config.memory_gb else "the memory of this machine; see memory_gb"
    for need in needs(config):
        if need.memory > allowed:
            key, (value, _) = max(need.settings.items(), key=lambda item: item[1][1])
            raise ConfigError(
                f"configuration: {key}: found {found(value)}; {need.job} would need at least {need.memory / GB:.3g} GB "
                f"of memory, allowed are {allowed / GB:.3g} GB, {source}"
            )


def needs(config):
    """`Need` of the jobs whose memory grows with settings."""
    for parts in (_ensembles, _models, _exact_sweeps, _neural_sweeps, _rg, _operators, _calibration):
        yield from parts(config)


def _ensembles(config):
    for name, e in config.ensembles.items():
        if isinstance(e, OwnEnsemble):
            continue
        key, chains = f"ensembles.{name}", dict(e.chains)
        part = max(chains, key=chains.get)
        samples = len(e.temperatures) * sum(chains.values()) * e.samples
        yield Need(
            f"the ensemble {name!r}",
            2 * samples * (e.size**2 + DOUBLE),
            {
                f"{key}.samples": (e.samples, e.samples),
                f"{key}.size": (e.size, e.size**2),
                f"{key}.chains.{part}": (chains[part], chains[part]),
                f"{key}.temperatures": (f"{len(e.temperatures)} of them", len(e.temperatures)),
            },
        )


def _layers(model, sites, values):
    """Widths of the layers of a network of so many sites."""
    inputs = 1 if values == 2 else values
    return [sites * inputs, *model.hidden, sites * (values - 1)]


def _of_network(config, model):
    """(sites, values, configurations to learn from) of a model; of one's own data the fewest that are possible."""
    dataset = config.datasets[model.dataset]
    ensemble = config.ensembles[dataset.ensemble]
    values = len(ALPHABETS[dataset.transform])
    if isinstance(ensemble, OwnEnsemble):
        return 4, values, 1
    rows = {"raw": ensemble.size, "block_sum_stride1": ensemble.size - 1}.get(dataset.transform, ensemble.size // 2)
    return rows**2, values, dataset.configurations or ensemble.chains.train * ensemble.samples


def _models(config):
    for name, m in config.models.items():
        sites, values, configurations = _of_network(config, m)
        batches = m.training.batches_per_epoch or config.training.batches_per_epoch
        batch = -(-configurations // batches)
        key, own = f"models.{name}", f"models.{name}.training" if m.training.batches_per_epoch else "training"
        settings = {
            f"{key}.hidden": (m.hidden, max(m.hidden, default=1) ** 2),
            f"{own}.batches_per_epoch": (batches, batch),
            f"ensembles.{config.datasets[m.dataset].ensemble}.size": (sites, sites),
        }
        if m.architecture == "local":
            yield Need(f"the model {name!r}", FLOAT * batch * sites * (1 + sum(m.hidden)), settings)
            continue
        widths = _layers(m, sites, values)
        weights = sum(a * b for a, b in pairwise(widths)) + (
            widths[0] * widths[-1] if m.architecture == "direct" else 0
        )
        held = FLOAT * (sum(widths) + sites * (values if values > 2 else 0))  # of each configuration
        yield Need(f"the model {name!r}", TRAINED * weights + held * batch, settings)
        drawn = {"ancestral_samples": config.ancestral_samples}
        if name in config.encoder.sampling.models:
            drawn["encoder.sampling.samples"] = config.encoder.sampling.samples
        for source, number in drawn.items():
            factors = {source: (number, number), f"{key}.hidden": (m.hidden, max(m.hidden, default=1))}
            yield Need(f"drawing from the model {name!r}", number * held, factors)
        if name in config.encoder.sampling.models:
            yield _algorithms(config.encoder.sampling, name)


def _algorithms(sampling, name):
    """Three series of each chain, in double precision, and a quarter more for the burn-in."""
    temperatures = len(sampling.algorithm_temperatures)
    return Need(
        f"the comparison of algorithms with {name!r}",
        3 * DOUBLE * 1.25 * temperatures * sampling.chains * sampling.sweeps,
        {
            "encoder.sampling.sweeps": (sampling.sweeps, sampling.sweeps),
            "encoder.sampling.chains": (sampling.chains, sampling.chains),
        },
    )


def _chunk(config, sweep):
    """(temperatures of a sweep that one job has at most, chains at all of them)."""
    temperatures = min(len(sweep.temperatures or config.temperatures), config.temperatures_per_job)
    return temperatures, 2 * sweep.chains_per_start * temperatures


def _chain_settings(key, s, temperatures):
    return {
        f"{key}.sweeps": (s.sweeps, s.sweeps),
        f"{key}.burn_in": (s.burn_in, s.burn_in),
        f"{key}.chains_per_start": (s.chains_per_start, s.chains_per_start),
        "temperatures_per_job": (temperatures, temperatures),
    }


def _exact_sweeps(config):
    """Energy and magnetization of all temperatures, and the lattices of one."""
    for name, s in config.exact_sweeps.items():
        temperatures, chains = _chunk(config, s)
        each, key = 2 * s.chains_per_start, f"exact_sweeps.{name}"
        series = 2 * DOUBLE * max(chains * s.sweeps, each * s.burn_in)
        settings = _chain_settings(key, s, temperatures) | {f"{key}.size": (s.size, s.size**2)}
        yield Need(f"the sweep {name!r}", series + each * s.size**2, settings)


def _neural_sweeps(config):
    """Series of two observables at least, and the layers of all chains at once."""
    for name, s in config.neural_sweeps.items():
        model = config.models[s.model]
        sites, values, _ = _of_network(config, model)
        temperatures, chains = _chunk(config, s)
        sites = s.size**2 if s.size else sites
        layers = 0 if model.architecture == "local" else sum(_layers(model, sites, values))
        settings = _chain_settings(f"neural_sweeps.{name}", s, temperatures)
        settings.pop(f"neural_sweeps.{name}.burn_in")
        if s.size:
            settings[f"neural_sweeps.{name}.size"] = s.size, s.size**2
        memory = chains * (2 * FLOAT * s.sweeps + sites + FLOAT * layers)
        yield Need(f"the sweep {name!r}", memory, settings)


def _rg(config):
    rg = config.rg
    for key in ("critical", "transfer", "reweighted", "iteration"):
        section = getattr(rg, key)
        configurations = section.chains * section.samples
        sizes = {"rg.size": (rg.size, rg.size**2)}
        sizes |= {f"rg.{key}.{s}": (getattr(section, s), getattr(section, s)) for s in ("chains", "samples")}
        yield Need(f"an ensemble of rg.{key}", configurations * (rg.size**2 / 8 + FLOAT), sizes)
        # Energy, three magnetizations, and of each network the log odds of both signs on three levels.
        networks = rg.classifiers.main.networks
        jobs = getattr(section, "jobs", 1)
        observables = jobs * configurations * FLOAT * (4 + 6 * networks)
        more = {"rg.classifiers.main.networks": (networks, networks)}
        more |= {f"rg.{key}.jobs": (jobs, jobs)} if jobs > 1 else {}
        yield Need(f"the mapping of rg.{key}", observables, sizes | more)
    p, temperatures = rg.phases, len(rg.phases.symmetric) + len(rg.phases.broken)
    settings = {
        "rg.phases.samples": (p.samples, p.samples),
        "rg.phases.train": (p.train, p.train),
        "rg.phases.validation": (p.validation, p.validation),
        "rg.size": (rg.size, rg.size**2),
    }
    memory = 2 * temperatures * (p.train + p.validation) * p.samples * rg.size**2
    yield Need("the configurations of rg.phases", memory, settings)
    for name, c in {"main": rg.classifiers.main, **rg.classifiers.variants}.items():
        key = f"rg.classifiers.{'' if name == 'main' else 'variants.'}{name}"
        settings = {f"{key}.width": (c.width, c.width), "rg.size": (rg.size, rg.size**2)}
        settings[f"{key}.networks"] = c.networks, c.networks
        weights = rg.size**2 * c.width
        yield Need(f"the classifiers {name!r}", FLOAT * weights * (c.networks + 4), settings)
    d = rg.direct
    measured = 2 * DOUBLE * 2 * d.chains_per_start * d.samples
    settings = {f"rg.direct.{key}": (getattr(d, key),) * 2 for key in ("chains_per_start", "samples")}
    yield Need("the chains of rg.direct", measured, settings)


def _operators(config):
    o = config.operators
    for name, d in o.data.items():
        levels = LEVELS[d.size] if d.sampling == "targeted" else 1
        state = {"potts": FLOAT, "ising": 1, "disordered": 1}.get(d.interaction, 1 + 2 * DOUBLE)  # bytes of a site
        key = f"operators.data.{name}"
        settings = {f"{key}.{k}": (getattr(d, k),) * 2 for k in ("train", "test")}
        settings[f"{key}.size"] = d.size, d.size**2
        matrix = DOUBLE * d.size**4 if d.k else 0
        yield Need(f"the data {name!r}", levels * (d.train + d.test) * (state * d.size**2 + DOUBLE) + matrix, settings)
    for name, n in o.networks.items():
        data = o.data["coulomb" if n.data == THERMAL else n.data]
        batch_size, levels = (
            n.batch_size or o.training.batch_size,
            LEVELS[data.size] if data.sampling == "targeted" else 1,
        )
        batch = min(batch_size, max(n.examples) * levels)
        key = f"operators.networks.{name}.batch_size" if n.batch_size else "operators.training.batch_size"
        side = data.size * n.upscale
        held = FLOAT * batch * side**2 * (1 + 16 + 4 + 0.5)  # input and output of the first and the later convolutions
        weights = 32 * (side // 8) ** 2 * 1024
        settings = {f"operators.networks.{name}.upscale": (n.upscale, n.upscale**2), key: (batch_size, batch)}
        yield Need(f"the network {name!r}", held + TRAINED * weights, settings)
    for key in ("chains_L4", "chains_L8", "chains_coulomb"):
        c = getattr(o, key)
        chains = len(c.temperatures) * c.chains
        yield Need(f"operators.{key}", 24 * DOUBLE * chains, {f"operators.{key}.chains": (c.chains, c.chains)})
    t, size = o.thermal, o.data["coulomb"].size
    states = len(o.chains_coulomb.temperatures) * t.chains * t.snapshots
    settings = {f"operators.thermal.{k}": (getattr(t, k),) * 2 for k in ("chains", "snapshots")}
    yield Need("the thermal data", states * (size**2 + 2 * DOUBLE), settings)
    b = o.baselines
    kernel = max((n for n in b.examples if n <= b.largest_kernel), default=0)
    settings = {"operators.baselines.examples": (kernel, kernel), "operators.baselines.test": (b.test, b.test)}
    yield Need("kernel ridge regression", 2 * DOUBLE * kernel**2 + DOUBLE * kernel * b.test, settings)
    pairs = DOUBLE * max(b.examples) * 64 * 63 / 2
    yield Need("the products of pairs", pairs, {"operators.baselines.examples": (max(b.examples), 1)})
    nodes = b.trees * max(b.examples) * 64
    settings = {f"operators.baselines.{k}": (v, v) for k, v in (("trees", b.trees), ("examples", max(b.examples)))}
    yield Need("the random forest", nodes, settings)


def _calibration(config):
    c = config.calibration
    for problem, replicas in c.replicas:
        each = 2 * 16 * 1000 * DOUBLE if problem == "series" else 10 * DOUBLE  # of the longest series; estimates alone
        key = f"calibration.replicas.{problem}"
        yield Need(f"the calibration of {problem}", each * replicas / c.jobs, {key: (replicas, replicas)})
    truth = 2 * TRUTH * c.long_run * 4 * DOUBLE
    yield Need("the truth of the exponents", truth, {"calibration.long_run": (c.long_run, c.long_run)})
