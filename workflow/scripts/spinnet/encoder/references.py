"""Checks that the entries that the figures of Wang & Jiang's study show fit these figures."""

from spinnet.config_entries import OwnEnsemble
from spinnet.config_references import configurations, known

LEAST_TEST = 128  # configurations, that couplings are read off
LEAST_HELD_OUT = 160  # configurations for validation and test, that chains are compared with
LEAST_SIZE = 5  # L, from which on no two terms of the interactions coincide
PARTS = {"stride1": "block_sum_stride1", "stride2": "block_sum_stride2"}  # of `encoder.blocks`, by start of the key


def check_encoder(config):
    """Raise ValueError if an entry does not exist, lacks what its figure needs, or would stand for another."""
    _check_panels(config)
    _check_compared(config)
    _check_sizes(config)
    _check_spins(config)
    _check_layered(config)
    _check_blocks(config)
    _check_variants(config)


def _behind(config, sweep):
    """Model, data set and ensemble behind the name of a sweep."""
    model = config.models[config.neural_sweeps[sweep].model]
    dataset = config.datasets[model.dataset]
    return model, dataset, config.ensembles[dataset.ensemble]


def _compared(config, name, key):
    """A learned sweep with an exact one; ValueError if it is not there."""
    sweep = known(config.neural_sweeps, name, key)
    if sweep.exact is None:
        raise ValueError(f"neural_sweeps.{name}.exact: is missing; {key} compares with it")
    return sweep


def _ising(config, name, key):
    """The exact sweep `name`, of the Ising model, whose closed formula the figure draws."""
    exact = known(config.exact_sweeps, name, key)
    if exact.interactions.strengths() != {"nearest": 1.0}:
        raise ValueError(
            f"{key}: found {name!r}, a sweep of {exact.interactions.strengths()}; needed is the Ising model, nearest: 1"
        )
    return exact


def _check_panels(config):
    """Figs. 3 and 4: one exact sweep, and learned ones of its lattice at its temperatures."""
    for figure in ("fig3", "fig4"):
        panel = dict(getattr(config.encoder, figure))
        exact = _ising(config, panel["exact"], f"encoder.{figure}.exact")
        for key, name in panel.items():
            if key == "exact":
                continue
            sweep = _compared(config, name, f"encoder.{figure}.{key}")
            size = config.exact_sweeps[sweep.exact].size
            if size != exact.size:
                raise ValueError(
                    f"encoder.{figure}.{key}: found {name!r} with L = {size}, but encoder.{figure}.exact, "
                    f"{panel['exact']!r}, has L = {exact.size}"
                )
    name = config.encoder.fig3.neural
    if _behind(config, name)[1].transform != "raw":
        raise ValueError(f"encoder.fig3.neural: found {name!r}; needed is a sweep of a model of spins (transform raw)")


def _check_compared(config):
    """Sweeps that are drawn beside exact ones."""
    e = config.encoder
    lists = {"encoders": e.encoders, "sizes": e.sizes, "interactions": e.interactions, "trust": e.trust}
    lists |= {f"blocks.parts.{key}": [name] for key, name in e.blocks.parts}
    for key, names in lists.items():
        for name in names:
            _check_drawn(config, key, name)


def _check_drawn(config, key, name):
    """One of these sweeps, and what its figure takes for granted."""
    sweep = _compared(config, name, f"encoder.{key}")
    _, dataset, ensemble = _behind(config, name)
    if key not in ("interactions", "trust"):
        _ising(config, sweep.exact, f"neural_sweeps.{name}.exact")
    if key == "encoders" and dataset.transform == "majority":
        raise ValueError(f"encoder.encoders: found {name!r}; no exact probability of majority blocks is known")
    if key == "interactions" and dataset.transform != "raw":
        raise ValueError(f"encoder.interactions: {name!r} is not a sweep of a model of spins (transform raw)")
    held_out = configurations(ensemble, "validation") + configurations(ensemble, "test")
    if key == "trust" and held_out < LEAST_HELD_OUT:
        raise ValueError(
            f"encoder.trust: the ensemble behind {name!r} has {held_out} configurations for validation and test; "
            f"needed are {LEAST_HELD_OUT}"
        )


def _check_sizes(config):
    """One curve a lattice."""
    first = {}
    for name in config.encoder.sizes:
        sweep = config.neural_sweeps[name]
        size = sweep.size or _behind(config, name)[2].size
        other = first.setdefault(size, name)
        if other != name:
            raise ValueError(
                f"encoder.sizes: found {other!r} and {name!r}, both with L = {size}; keep one for each size"
            )


def _check_spins(config):
    """Models that couplings are read off, and that are sampled without bias."""
    e = config.encoder
    for key, names in (("couplings", e.couplings.models), ("sampling", e.sampling.models)):
        for name in names:
            model = known(config.models, name, f"encoder.{key}.models")
            dataset = config.datasets[model.dataset]
            ensemble = config.ensembles[dataset.ensemble]
            if dataset.transform != "raw":
                raise ValueError(f"encoder.{key}.models: {name!r} is not a model of spins (transform raw)")
            if isinstance(ensemble, OwnEnsemble):
                raise ValueError(
                    f"encoder.{key}.models: {name!r} has learned one's own configurations; they have a page"
                )
            if key == "sampling" and model.architecture == "local":
                raise ValueError(f"encoder.sampling.models: {name!r} is of the architecture local, not normalised")
            test = configurations(ensemble, "test")
            if key == "couplings" and (test < LEAST_TEST or ensemble.size < LEAST_SIZE):
                raise ValueError(
                    f"encoder.couplings.models: the ensemble behind {name!r} has L = {ensemble.size} and {test} test "
                    f"configurations; needed are L >= {LEAST_SIZE} and {LEAST_TEST}"
                )


def _check_layered(config):
    for name in config.encoder.layered:
        model = known(config.models, name, "encoder.layered")
        dataset = config.datasets[model.dataset]
        ensemble = config.ensembles[dataset.ensemble]
        known_p = not isinstance(ensemble, OwnEnsemble) and ensemble.interactions.strengths() == {"nearest": 1.0}
        if not known_p or dataset.transform == "majority":
            raise ValueError(f"encoder.layered: found {name!r}, of whose data no exact probability is known")


def _check_blocks(config):
    """Sweeps of block sums, all of one lattice."""
    b = config.encoder.blocks
    names = {"stride1": b.stride1, "stride2": b.stride2}
    names |= {f"parts.{key}": name for key, name in b.parts}
    sizes = {}
    for key, name in names.items():
        _, dataset, ensemble = _behind(config, name)
        transform = PARTS[key.removeprefix("parts.")[:7]]
        if dataset.transform != transform:
            raise ValueError(
                f"encoder.blocks.{key}: found {name!r}, a sweep of {dataset.transform!r}; needed is {transform!r}"
            )
        sizes[ensemble.size] = name
    if len(sizes) > 1:
        (size, name), (other_size, other) = list(sizes.items())[:2]
        raise ValueError(
            f"encoder.blocks: found {name!r} with L = {size} and {other!r} with L = {other_size}; all need the same L"
        )
    if b.parts.stride2_corrected and not config.neural_sweeps[b.parts.stride2_corrected].multiplicity:
        raise ValueError(
            f"encoder.blocks.parts.stride2_corrected: found {b.parts.stride2_corrected!r}; needed is a sweep with "
            "multiplicity: true"
        )


def _check_variants(config):
    """Variants that differ from their base and from each other."""
    e = config.encoder
    for key, name in (("orders", e.orders.sweep), ("noise", e.noise.sweep)):
        sweep = _compared(config, name, f"encoder.{key}.sweep")
        _ising(config, sweep.exact, f"neural_sweeps.{name}.exact")
        if _behind(config, name)[1].transform != "raw":
            raise ValueError(f"encoder.{key}.sweep: found {name!r}; needed is a sweep of a model of spins")
    base = _behind(config, e.orders.sweep)[0]
    if base.order in e.orders.orders:
        raise ValueError(
            f"encoder.orders.orders: found {base.order!r}, the order of {e.orders.sweep!r} itself; leave it out"
        )
    if base.architecture == "local" and e.orders.orders:
        raise ValueError(
            f"encoder.orders.sweep: found {e.orders.sweep!r}; the architecture local has no order of sites"
        )
    rounded = [round(1e4 * rate) for rate in e.noise.rates]
    for i, number in enumerate(rounded):
        if number in rounded[:i]:
            raise ValueError(f"encoder.noise.rates: found {e.noise.rates[i]}; rates have to differ by 0.0001 at least")
    if _behind(config, e.noise.sweep)[1].noise:
        raise ValueError(
            f"encoder.noise.sweep: found {e.noise.sweep!r}, whose data have noise; needed are data without"
        )


def check_numbers(config):
    """Raise ValueError unless variants have fewer configurations than there are, of models of different architectures.

    It comes before the checks of the variants themselves, which no user has written.
    """
    first = {}
    for name in config.encoder.configurations.models:
        model = known(config.models, name, "encoder.configurations.models")
        dataset = known(config.datasets, model.dataset, f"models.{name}.dataset")
        ensemble = known(config.ensembles, dataset.ensemble, f"datasets.{model.dataset}.ensemble")
        if isinstance(ensemble, OwnEnsemble):
            raise ValueError(f"encoder.configurations.models: {name!r} has learned one's own configurations")
        other = first.setdefault(model.architecture, name)
        if other != name:
            raise ValueError(
                f"encoder.configurations.models: {other!r} and {name!r} are both {model.architecture!r}; keep one"
            )
        for number in config.encoder.configurations.numbers:
            if number >= configurations(ensemble, "train"):
                raise ValueError(
                    f"encoder.configurations.numbers: found {number}; allowed are fewer than the "
                    f"{configurations(ensemble, 'train')} of ensembles.{dataset.ensemble}"
                )
