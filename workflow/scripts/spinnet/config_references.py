"""Checks that entries of the configuration fit the entries that they name."""

from spinnet.config_entries import OwnEnsemble


def known(table, name, key):
    """Entry `name` of a table; ValueError with the names there are."""
    if name not in table:
        raise ValueError(f"{key}: found {name!r}; allowed are {', '.join(sorted(table))}")
    return table[name]


def check_references(config):
    """Raise ValueError, one sentence with key, value and what is allowed, if two entries do not fit."""
    for name, dataset in config.datasets.items():
        _check_dataset(config, name, dataset)
    for name, model in config.models.items():
        _check_model(config, name, model)
    for name, sweep in config.neural_sweeps.items():
        _check_sweep(config, name, sweep)
    config.encoder.check_references(config)


def _check_dataset(config, name, dataset):
    ensemble = known(config.ensembles, dataset.ensemble, f"datasets.{name}.ensemble")
    if isinstance(ensemble, OwnEnsemble):
        if dataset.transform != "raw":
            raise ValueError(
                f"datasets.{name}.transform: found {dataset.transform!r}; of one's own configurations only 'raw'"
            )
    elif dataset.transform in ("block_sum_stride2", "majority") and ensemble.size % 2:
        raise ValueError(
            f"ensembles.{dataset.ensemble}.size: found {ensemble.size}, but datasets.{name}.transform "
            f"{dataset.transform!r} needs an even size"
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
    if sweep.exact is not None:
        _check_exact(config, name, sweep, config.ensembles[dataset.ensemble])


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
