"""The configuration: its types, its checks, its schema.

`check` turns the merged configuration of Snakemake into a `Config` before the DAG is built, or
raises `ConfigError` with one sentence a problem: the key, what was found, what is allowed.
"""

import json
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError, model_validator

from spinnet.config_types import Count, Couplings, Integer, Name, Positive, Section, Signed, Temperatures, increasing
from spinnet.operators.config import Operators
from spinnet.orders import ORDERS


class ConfigError(ValueError):
    """The configuration is not usable; the message is for the user."""


class Chains(Section):
    """Independent chains of each part of an ensemble; parts never share a chain."""

    train: Count
    validation: Count
    test: Count


class Ensemble(Section):
    """Thinned configurations of the exact Ising Hamiltonian: results/ensembles/{name}.nc."""

    size: Annotated[Integer, Field(ge=2)]
    temperatures: Temperatures
    sampler: Literal["metropolis", "wolff"]
    chains: Chains
    samples: Count
    thinning: Annotated[Positive, Field(ge=2)]


class Dataset(Section):
    """What a network sees of an ensemble: results/datasets/{name}.nc."""

    ensemble: Name
    transform: Literal["raw", "block_sum_stride1", "block_sum_stride2", "majority"]


class Model(Section):
    """A masked autoregressive network: results/models/{name}.safetensors."""

    dataset: Name
    hidden: list[Count]
    order: Literal[ORDERS]


class Training(Section):
    """Maximum-likelihood training, the same for every network."""

    learning_rate: Positive
    batches_per_epoch: Count
    max_epochs: Count
    patience: Count


class Chain(Section):
    """Length of the chains of a sweep over temperatures."""

    chains_per_start: Annotated[Integer, Field(ge=2)]
    burn_in: Count
    sweeps: Count


class ExactSweep(Chain):
    """Chains of the exact Ising Hamiltonian over the temperature grid: results/sweeps/{name}.nc."""

    size: Annotated[Integer, Field(ge=2)]
    sampler: Literal["metropolis", "wolff"]


class NeuralSweep(Chain):
    """Chains of a learned Hamiltonian over the temperature grid: results/sweeps/{name}.nc."""

    model: Name
    moves: Literal["site", "spin"]


class Figures(Section):
    """Appearance of all figures."""

    font_size: Positive
    dpi: Annotated[Integer, Field(ge=50)]


class Fig3(Section):
    exact: Name
    neural: Name


class Fig4(Section):
    exact: Name
    neural: Name
    stride1: Name
    stride1_control: Name
    stride2: Name


class Encoder(Section):
    """Which sweeps the figures of Wang & Jiang show."""

    fig3: Fig3
    fig4: Fig4


class Phases(Section):
    """Configurations that the classifiers learn from, at inverse temperatures [1/J] of two phases."""

    symmetric: Couplings
    broken: Couplings
    train: Count
    validation: Count
    samples: Count
    thinning: Annotated[Positive, Field(ge=2)]


class Classifier(Section):
    """Independent networks of one kind for each lattice size: results/rg/models/{name}_L{size}."""

    width: Count
    networks: Count
    max_epochs: Count


class Classifiers(Section):
    """Training of all classifiers; `main` is used everywhere, `variants` show how theta_Y depends on them."""

    learning_rate: Positive
    batch_size: Count
    patience: Count
    main: Classifier
    variants: dict[Name, Classifier]


class Critical(Section):
    """Wolff ensembles that are blocked, on the lattices of L and L/2."""

    beta: Positive
    jobs: Count
    chains: Annotated[Integer, Field(ge=2)]
    samples: Count
    thinning: Positive


class Mapping(Section):
    """Reweighting of the critical ensembles and the mappings of beta and of Y."""

    beta_range: Positive
    field_range: Positive
    points: Annotated[Integer, Field(ge=3)]
    least_effective: Annotated[Positive, Field(lt=1)]
    bins: Annotated[Integer, Field(ge=4)]


class Replicas(Section):
    """The paper's statistics: replicas of so many configurations, errors from bins of each."""

    number: Annotated[Integer, Field(ge=2)]
    configurations: Count
    bins: Annotated[Integer, Field(ge=3)]


class Reweighted(Section):
    """Ensembles at zero field that are reweighted in Y (Figs. 2 and 3)."""

    betas: Couplings
    chains: Annotated[Integer, Field(ge=4)]
    samples: Count
    thinning: Positive
    field_range: Positive
    points: Annotated[Integer, Field(ge=3)]


class Direct(Section):
    """Chains of E - V f Y; the length of Metropolis chains counts sweeps, that of Wolff chains clusters."""

    fields: Annotated[list[Signed], Field(min_length=1), AfterValidator(increasing)]
    chains_per_start: Annotated[Integer, Field(ge=2)]
    samples: Count
    clusters: Count
    metropolis_beta: Positive
    metropolis_fields: Annotated[list[Signed], AfterValidator(increasing)]
    sweeps: Count


class Iteration(Section):
    """Search for the critical point from bad starts."""

    starts: Couplings
    steps: Count
    chains: Annotated[Integer, Field(ge=10)]
    samples: Count


class Transfer(Section):
    """The networks of the square lattice applied to the triangular one."""

    beta: Positive
    jobs: Count
    chains: Annotated[Integer, Field(ge=2)]
    samples: Count
    thinning: Positive


class RenormalizationGroup(Section):
    """Bachtis, Aarts & Lucini, Adding machine learning within Hamiltonians: results/rg/."""

    size: Annotated[Integer, Field(ge=8)]
    phases: Phases
    classifiers: Classifiers
    critical: Critical
    mapping: Mapping
    replicas: Replicas
    reweighted: Reweighted
    direct: Direct
    iteration: Iteration
    transfer: Transfer

    @model_validator(mode="after")
    def _consistent(self):
        if self.size % 4:
            raise ValueError(
                f"rg.size: found {self.size}; it is blocked twice with b = 2, so it must be a multiple of 4"
            )
        if "main" in self.classifiers.variants:
            raise ValueError("rg.classifiers.variants: 'main' is taken; use another name")
        self._check_betas()
        self._check_fields()
        self._check_statistics()
        return self

    def _check_betas(self):
        lowest, last, first, highest = (p[i] for p in (self.phases.symmetric, self.phases.broken) for i in (0, -1))
        if last >= first:
            raise ValueError(f"rg.phases.broken: starts at {first}, below the end of rg.phases.symmetric, {last}")
        for key, values in (
            ("critical.beta", [self.critical.beta]),
            ("reweighted.betas", self.reweighted.betas),
            ("iteration.starts", self.iteration.starts),
        ):
            outside = [b for b in values if not lowest <= b <= highest]
            if outside:
                raise ValueError(
                    f"rg.{key}: found {outside[0]}, outside the range {lowest} to {highest} that the classifiers "
                    "learn from (rg.phases)"
                )

    def _check_fields(self):
        if self.direct.metropolis_beta not in self.reweighted.betas:
            raise ValueError(
                f"rg.direct.metropolis_beta: found {self.direct.metropolis_beta}; allowed are those of "
                f"rg.reweighted.betas, {', '.join(map(str, self.reweighted.betas))}"
            )
        limit, step = self.reweighted.field_range, 2 * self.reweighted.field_range / (self.reweighted.points - 1)
        for key, fields in (("fields", self.direct.fields), ("metropolis_fields", self.direct.metropolis_fields)):
            steps = [(y + limit) / step for y in fields]
            off = [y for y, n in zip(fields, steps, strict=True) if abs(y) > limit or abs(n - round(n)) > 1e-6]
            if off:
                raise ValueError(
                    f"rg.direct.{key}: found {off[0]}, which is not on the grid of the reweighted curves: "
                    f"{self.reweighted.points} points from {-limit} to {limit} (rg.reweighted)"
                )

    def _check_statistics(self):
        chains = self.critical.jobs * self.critical.chains
        available, wanted = chains * self.critical.samples, self.replicas.number * self.replicas.configurations
        if wanted > available:
            raise ValueError(
                f"rg.replicas: {self.replicas.number} replicas of {self.replicas.configurations} configurations; "
                f"rg.critical has {available}"
            )
        if self.replicas.configurations % self.replicas.bins:
            raise ValueError(
                f"rg.replicas.configurations: found {self.replicas.configurations}; allowed are multiples of "
                f"rg.replicas.bins, {self.replicas.bins}"
            )
        if self.mapping.bins > min(chains, self.transfer.jobs * self.transfer.chains):
            raise ValueError(
                f"rg.mapping.bins: found {self.mapping.bins}; allowed is at most the number of chains of "
                f"rg.critical and of rg.transfer, {min(chains, self.transfer.jobs * self.transfer.chains)}"
            )


class Config(Section):
    """All settings of the workflow."""

    seed: Annotated[Integer, Field(ge=0)]
    device: Literal["auto", "cpu", "cuda"]
    temperatures: Temperatures
    temperatures_per_job: Count
    ensembles: Annotated[dict[Name, Ensemble], Field(min_length=1)]
    datasets: Annotated[dict[Name, Dataset], Field(min_length=1)]
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    training: Training
    ancestral_samples: Annotated[Integer, Field(ge=2)]
    exact_sweeps: Annotated[dict[Name, ExactSweep], Field(min_length=1)]
    neural_sweeps: Annotated[dict[Name, NeuralSweep], Field(min_length=1)]
    encoder: Encoder
    rg: RenormalizationGroup
    operators: Operators
    figures: Figures

    @model_validator(mode="after")
    def _references(self):
        for name, dataset in self.datasets.items():
            size = _known(self.ensembles, dataset.ensemble, f"datasets.{name}.ensemble").size
            if dataset.transform in ("block_sum_stride2", "majority") and size % 2:
                raise ValueError(
                    f"ensembles.{dataset.ensemble}.size: found {size}, but datasets.{name}.transform "
                    f"{dataset.transform!r} needs an even size"
                )
        for name, model in self.models.items():
            dataset = _known(self.datasets, model.dataset, f"models.{name}.dataset")
            number = len(self.ensembles[dataset.ensemble].temperatures)
            if number != 1:
                raise ValueError(
                    f"models.{name}.dataset: {model.dataset!r} has {number} temperatures; "
                    "a Hamiltonian is learned from one"
                )
        self._sweep_references()
        return self

    def _sweep_references(self):
        for name, sweep in self.neural_sweeps.items():
            model = _known(self.models, sweep.model, f"neural_sweeps.{name}.model")
            transform = self.datasets[model.dataset].transform
            if sweep.moves == "spin" and transform != "block_sum_stride1":
                raise ValueError(
                    f"neural_sweeps.{name}.moves: 'spin' needs a model of block_sum_stride1, "
                    f"{sweep.model!r} is one of {transform!r}; allowed here is 'site'"
                )
            size = self.ensembles[self.datasets[model.dataset].ensemble].size
            reference = self.exact_sweeps.get(self.encoder.fig3.exact)
            if reference and reference.size != size:
                raise ValueError(
                    f"exact_sweeps.{self.encoder.fig3.exact}.size: found {reference.size}, but the lattice of "
                    f"neural_sweeps.{name}, which it is compared with, has size {size}"
                )
            if name in self.exact_sweeps:
                raise ValueError(f"neural_sweeps.{name}: the name stands in exact_sweeps too; use another")
        for figure, panel in (("fig3", self.encoder.fig3), ("fig4", self.encoder.fig4)):
            for key, sweep in panel:
                table = "exact_sweeps" if key == "exact" else "neural_sweeps"
                _known(getattr(self, table), sweep, f"encoder.{figure}.{key}")


def _known(table, name, key):
    if name not in table:
        raise ValueError(f"{key}: found {name!r}; allowed are {', '.join(sorted(table))}")
    return table[name]


def _sentence(error):
    """One pydantic error as 'key: found value; reason'."""
    key = ".".join(str(part) for part in error["loc"] if part != "[key]")
    message = error["msg"].removeprefix("Value error, ")
    if not key:
        return message
    if error["type"] == "missing":
        return f"{key}: is missing"
    if error["type"] == "extra_forbidden":
        return f"{key}: is not a known key"
    found = repr(error["input"])
    return f"{key}: found {found if len(found) < 80 else found[:77] + '...'}; {message[:1].lower()}{message[1:]}"


def check(settings):
    """The validated `Config` of a merged configuration (dict). Raises ConfigError."""
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigError("\n".join("configuration: " + _sentence(e) for e in error.errors())) from None


class _UniqueKeys(yaml.SafeLoader):
    """Loader that refuses a key given twice, where plain YAML silently keeps the last."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise ConfigError(
                    f"configuration: {key.start_mark.name}, line {key.start_mark.line + 1}: "
                    f"key {name!r} is given twice; keep one"
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


def check_file(path):
    """Refuse a YAML file with duplicate keys or without a mapping. Raises ConfigError."""
    with open(path) as file:
        try:
            content = yaml.load(file, _UniqueKeys)
        except yaml.YAMLError as error:
            raise ConfigError(f"configuration: {path} is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise ConfigError(f"configuration: {path} holds no keys; allowed is a mapping as in config/config.yaml")


def schema():
    """JSON schema of the configuration."""
    return Config.model_json_schema()


if __name__ == "__main__":
    print(json.dumps(schema(), indent=1))
