"""Entries that the study makes of others: one order, noise rate, number or lattice at a time.

A variant has the same name in every table that it has an entry in.  Entries of that name in the
configuration come first.
"""

from spinnet.config_entries import Dataset, OwnEnsemble
from spinnet.config_references import known


def order_variant(sweep, order):
    return f"{sweep}_order_{order}"


def noise_variant(sweep, rate):
    return f"{sweep}_noise_{round(1e4 * rate)}"


def number_variant(model, number):
    return f"{model}_number_{number}"


def size_variant(sweep, size):
    return f"{sweep}_L{size}"


def add_variants(config):
    """Add the variants' entries to the tables of `config`. ValueError if a named entry is missing."""
    e = config.encoder
    sweep, model, dataset = _chain(config, e.orders.sweep, "encoder.orders.sweep")
    for order in e.orders.orders:
        _add(config, order_variant(e.orders.sweep, order), sweep, (model, {"order": order}))
    sweep, model, dataset = _chain(config, e.noise.sweep, "encoder.noise.sweep")
    for rate in e.noise.rates:
        _add(config, noise_variant(e.noise.sweep, rate), sweep, (model, {}), (dataset, {"noise": rate}))
    for name in e.configurations.models:
        model, dataset = _network(config, name, "encoder.configurations.models")
        for number in e.configurations.numbers:
            _add(config, number_variant(name, number), None, (model, {}), (dataset, {"configurations": number}))
    for key in ("stride1", "stride2"):
        _add_sizes(config, getattr(e.blocks, key), f"encoder.blocks.{key}")
    _add_own(config)


def _network(config, name, key):
    """Model and data set behind the name of a model."""
    model = known(config.models, name, key)
    return model, known(config.datasets, model.dataset, f"models.{name}.dataset")


def _chain(config, name, key):
    """Sweep, model and data set behind the name of a sweep."""
    sweep = known(config.neural_sweeps, name, key)
    return sweep, *_network(config, sweep.model, f"neural_sweeps.{name}.model")


def _add(config, name, sweep, model, dataset=None):
    """Entries `name`: a sweep (or none), and pairs (entry, changes) for model and data set (or none)."""
    model, changes = model
    if dataset:
        config.datasets.setdefault(name, dataset[0].model_copy(update=dataset[1]))
        changes = changes | {"dataset": name}
    config.models.setdefault(name, model.model_copy(update=changes))
    if sweep:
        config.neural_sweeps.setdefault(name, sweep.model_copy(update={"model": name}))


def _add_sizes(config, name, key):
    """The chain of entries behind a sweep on other lattices, with the exact sweep that it is compared with."""
    sweep, model, dataset = _chain(config, name, key)
    ensemble = known(config.ensembles, dataset.ensemble, f"datasets.{model.dataset}.ensemble")
    exact = known(config.exact_sweeps, sweep.exact, f"neural_sweeps.{name}.exact")
    for size in config.encoder.blocks.sizes:
        ensemble_name, exact_name = size_variant(dataset.ensemble, size), size_variant(sweep.exact, size)
        config.ensembles.setdefault(ensemble_name, ensemble.model_copy(update={"size": size}))
        config.exact_sweeps.setdefault(exact_name, exact.model_copy(update={"size": size}))
        variant = size_variant(name, size)
        _add(
            config, variant, sweep.model_copy(update={"exact": exact_name}), (model, {}),
            (dataset, {"ensemble": ensemble_name}),
        )  # fmt: skip


def _add_own(config):
    """Data set, model and sweep of each ensemble of a user's own."""
    own = config.encoder.own
    model = known(config.models, own.model, "encoder.own.model")
    sweep = known(config.neural_sweeps, own.sweep, "encoder.own.sweep")
    for name, ensemble in config.ensembles.items():
        if isinstance(ensemble, OwnEnsemble):
            t = ensemble.temperature
            config.datasets.setdefault(name, Dataset(ensemble=name, transform="raw"))
            config.models.setdefault(name, model.model_copy(update={"dataset": name, "symmetries": []}))
            grid = [float(f"{t * r:.12g}") for r in own.relative_temperatures]
            changes = {"model": name, "exact": None, "temperatures": grid}
            config.neural_sweeps.setdefault(name, sweep.model_copy(update=changes))
