"""Checks that entries of the configuration fit the entries that they name."""

from difflib import get_close_matches

from spinnet.config_entries import OwnEnsemble
from spinnet.config_types import COLDEST, HOTTEST

SHOWN = 6  # names in a sentence
SMALLEST = {"raw": 2, "block_sum_stride1": 3, "block_sum_stride2": 4, "majority": 4}  # L whose values are a lattice


def shown(names, wanted):
    """Names in a sentence: all if they are few, else those most like the wanted one."""
    names = sorted(names)
    if len(names) <= SHOWN:
        return ", ".join(names)
    near = get_close_matches(wanted, names, SHOWN) or names[:SHOWN]
    return f"{', '.join(near)} and {len(names) - len(near)} more"


def known(table, name, key):
    """Entry `name` of a table; ValueError with the names there are."""
    if name not in table:
        raise ValueError(f"{key}: found {name!r}; allowed are {shown(table, str(name))}")
    return table[name]


def check_references(config):
    """Raise ValueError, one sentence with key, value and what is allowed, if two entries do not fit."""
    _check_names(config)
    _check_own_files(config.ensembles)
    for name, dataset in config.datasets.items():
        _check_dataset(config, name, dataset)
    for name, model in config.models.items():
        _check_model(config, name, model)
    for name, sweep in config.neural_sweeps.items():
        _check_sweep(config, name, sweep)


def _check_names(config):
    """No two names whose files are one where capital letters do not count."""
    sweeps = {**config.exact_sweeps, **config.neural_sweeps}
    tables = {"ensembles": config.ensembles, "datasets": config.datasets, "models": config.models, "sweeps": sweeps}
    tables |= {"operators.data": config.operators.data, "operators.networks": config.operators.networks}
    tables["rg.classifiers.variants"] = config.rg.classifiers.variants
    for key, table in tables.items():
        first = {}
        for name in table:
            other = first.setdefault(name.lower(), name)
            if other != name:
                raise ValueError(f"{key}: found {other!r} and {name!r}, which differ in capital letters; rename one")


def _check_own_files(ensembles):
    """No configurations at two temperatures."""
    first = {}
    for name, ensemble in ensembles.items():
        if isinstance(ensemble, OwnEnsemble):
            other = first.setdefault((ensemble.file, ensemble.variable), name)
            if other != name:
                raise ValueError(
                    f"ensembles.{name}.file: found {ensemble.file!r}, the file of ensembles.{other}; needed is another "
                    "file, or another variable in it"
                )


def configurations(ensemble, part):
    """Number of configurations of a part ("train", "validation", "test") of a sampled ensemble, at each temperature."""
    return getattr(ensemble.chains, part) * ensemble.samples


def _check_dataset(config, name, dataset):
    ensemble = known(config.ensembles, dataset.ensemble, f"datasets.{name}.ensemble")
    if isinstance(ensemble, OwnEnsemble):
        if dataset.configurations:
            raise ValueError(
                f"datasets.{name}.configurations: found {dataset.configurations}; of one's own configurations all are "
                "used, so leave it out"
            )
        if dataset.transform != "raw":
            raise ValueError(
                f"datasets.{name}.transform: found {dataset.transform!r}; of one's own configurations only 'raw'"
            )
    elif dataset.transform in ("block_sum_stride2", "majority") and ensemble.size % 2:
        raise ValueError(
            f"ensembles.{dataset.ensemble}.size: found {ensemble.size}, but datasets.{name}.transform "
            f"{dataset.transform!r} needs an even size"
        )
    elif ensemble.size < SMALLEST[dataset.transform]:
        raise ValueError(
            f"ensembles.{dataset.ensemble}.size: found {ensemble.size}, but datasets.{name}.transform "
            f"{dataset.transform!r} needs at least {SMALLEST[dataset.transform]}"
        )
    elif dataset.configurations and dataset.configurations > configurations(ensemble, "train"):
        raise ValueError(
            f"datasets.{name}.configurations: found {dataset.configurations}; ensembles.{dataset.ensemble} has "
            f"{configurations(ensemble, 'train')} to train on"
        )


def _check_model(config, name, model):
    dataset = known(config.datasets, model.dataset, f"models.{name}.dataset")
    ensemble = config.ensembles[dataset.ensemble]
    number = len(ensemble.temperatures)
    if number != 1:
        raise ValueError(
            f"models.{name}.dataset: {model.dataset!r} has {number} temperatures; a Hamiltonian is learned from one"
        )
    if dataset.transform != "raw" and model.architecture == "local":
        raise ValueError(
            f"models.{name}.architecture: found 'local', which needs spins; {model.dataset!r} is a data set of "
            f"{dataset.transform!r}, allowed is 'raw'"
        )
    if dataset.transform == "block_sum_stride1" and "translation" in model.symmetries:
        raise ValueError(
            f"models.{name}.symmetries: found 'translation', but the windows of stride 1 do not wrap around"
        )
    if "flip" in model.symmetries and not isinstance(ensemble, OwnEnsemble) and not ensemble.interactions.even():
        raise ValueError(
            f"models.{name}.symmetries: found 'flip', but the ensemble behind {model.dataset!r} has terms of an odd "
            "number of spins"
        )
    if not isinstance(ensemble, OwnEnsemble):
        _check_training(config, name, model, dataset, ensemble)


def _check_training(config, name, model, dataset, ensemble):
    """Enough configurations and sites for the batches and the window."""
    own = model.training.batches_per_epoch
    key, batches = f"models.{name}.training" if own else "training", own or config.training.batches_per_epoch
    available = dataset.configurations or configurations(ensemble, "train")
    if batches > available:
        raise ValueError(
            f"{key}.batches_per_epoch: found {batches}, but models.{name} has only {available} configurations to "
            "learn from"
        )
    if model.window and ensemble.size < 2 * model.window + 1:
        raise ValueError(
            f"models.{name}.window: found {model.window}, which needs L >= {2 * model.window + 1}; "
            f"ensembles.{dataset.ensemble} has L = {ensemble.size}"
        )


def _check_sweep(config, name, sweep):
    model = known(config.models, sweep.model, f"neural_sweeps.{name}.model")
    dataset = config.datasets[model.dataset]
    if name in config.exact_sweeps:
        raise ValueError(f"neural_sweeps.{name}: the name stands in exact_sweeps too; use another")
    if sweep.moves == "spin" and dataset.transform != "block_sum_stride1":
        raise ValueError(
            f"neural_sweeps.{name}.moves: 'spin' needs a model of block_sum_stride1, "
            f"{sweep.model!r} is one of {dataset.transform!r}; allowed here is 'site'"
        )
    if sweep.multiplicity and dataset.transform != "block_sum_stride2":
        raise ValueError(
            f"neural_sweeps.{name}.multiplicity: found true; it belongs to block_sum_stride2, "
            f"{sweep.model!r} is a model of {dataset.transform!r}"
        )
    if sweep.size and model.architecture != "local":
        raise ValueError(
            f"neural_sweeps.{name}.size: found {sweep.size}; only a model of the architecture 'local' works on "
            f"other lattices, {sweep.model!r} is {model.architecture!r}"
        )
    if sweep.size and sweep.size < 2 * model.window + 1:
        raise ValueError(
            f"neural_sweeps.{name}.size: found {sweep.size}; the window of {sweep.model!r} needs at least "
            f"{2 * model.window + 1}"
        )
    ensemble = config.ensembles[dataset.ensemble]
    if isinstance(ensemble, OwnEnsemble):
        _check_own_temperatures(config, name, sweep, ensemble)
    else:
        _check_temperatures(name, sweep)
    if sweep.exact is not None:
        _check_exact(config, name, sweep, ensemble)


def _check_temperatures(name, sweep):
    """In J/k_B, as those of the exact Hamiltonian."""
    outside = [t for t in sweep.temperatures or [] if not COLDEST <= t <= HOTTEST]
    if outside:
        raise ValueError(
            f"neural_sweeps.{name}.temperatures: found {outside[0]}; allowed is from {COLDEST} to {HOTTEST} J/k_B"
        )


def _check_own_temperatures(config, name, sweep, ensemble):
    """T0 is among them, where chains are compared with the data; only the sweep of the ensemble's name is."""
    if ensemble is config.ensembles.get(name):
        grid, t0 = sweep.temperatures or config.temperatures, ensemble.temperature
        if min(abs(t - t0) for t in grid) > 1e-6 * t0:
            raise ValueError(
                f"neural_sweeps.{name}.temperatures: {t0}, the temperature of ensembles.{name}, is missing, where "
                "chains are compared with the data"
            )


def _check_exact(config, name, sweep, ensemble):
    """The sweep that a learned one is compared with: the same lattice, Hamiltonian and temperatures."""
    exact = known(config.exact_sweeps, sweep.exact, f"neural_sweeps.{name}.exact")
    if isinstance(ensemble, OwnEnsemble):
        raise ValueError(f"neural_sweeps.{name}.exact: found {sweep.exact!r}; one's own configurations have none")
    size = sweep.size or ensemble.size
    if exact.size != size:
        raise ValueError(
            f"exact_sweeps.{sweep.exact}.size: found {exact.size}, but the lattice of "
            f"neural_sweeps.{name}, which it is compared with, has size {size}"
        )
    if exact.interactions != ensemble.interactions:
        raise ValueError(
            f"exact_sweeps.{sweep.exact}.interactions: found {exact.interactions.strengths()}, but the ensemble behind "
            f"neural_sweeps.{name} has {ensemble.interactions.strengths()}"
        )
    grid = exact.temperatures or config.temperatures
    missing = [t for t in sweep.temperatures or config.temperatures if t not in grid]
    if missing:
        raise ValueError(
            f"neural_sweeps.{name}.temperatures: {missing[0]} is not among those of exact_sweeps.{sweep.exact}, "
            f"{', '.join(map(str, grid))}"
        )
