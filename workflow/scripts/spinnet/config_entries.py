"""Entries of the tables of the configuration: ensembles, data sets, models and sweeps."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from spinnet import interactions
from spinnet.config_types import (
    LONGEST,
    Count,
    Factors,
    Integer,
    Name,
    Positive,
    Section,
    Signed,
    Temperatures,
    between,
    different,
)
from spinnet.order_names import ORDERS
from spinnet.own.names import file_pattern

Size = Annotated[Integer, Field(ge=2, le=100_000)]  # L; all that is kept grows as its square
Strength = Annotated[Signed, between(-1000, 1000)]  # J
Thinning = Annotated[Positive, Field(ge=2), between(2, 1000)]
Series = Annotated[Integer, Field(ge=10)]  # records of a chain; autocorrelation times need some
Hidden = Annotated[list[Count], Field(max_length=16)]


def outside_results(file):
    """The name of a user's file, which is not one that the workflow makes itself."""
    if not file.isprintable() or set(file) & set("{}"):
        raise ValueError("must hold printable characters alone, and no braces, which are wildcards of Snakemake")
    if Path(os.path.normpath(file)).parts[:1] == ("results",):
        raise ValueError("must not lie in results/, which the workflow itself fills")
    return file


class Chains(Section):
    """Independent chains of each part of an ensemble; parts never share a chain."""

    train: Count
    validation: Count
    test: Annotated[Integer, Field(ge=2)]


class Interactions(Section):
    """Strengths [J] of the terms of a Hamiltonian: spinnet/interactions.py."""

    field: Strength = 0.0
    nearest: Strength = 0.0
    diagonal: Strength = 0.0
    three: Strength = 0.0
    plaquette: Strength = 0.0

    @model_validator(mode="after")
    def _some(self):
        if not self.strengths():
            raise ValueError("found no strength but 0; needed is one at least, without which all states are alike")
        return self

    def strengths(self):
        """{term: strength} of the terms that are there."""
        return {term: strength for term, strength in self if strength}

    def even(self):
        """Whether a flip of all spins leaves the energy as it is."""
        return interactions.is_even(self.strengths())


ISING = Interactions(**interactions.ISING)


class Ensemble(Section):
    """Thinned configurations of an exact Hamiltonian: results/ensembles/{name}.nc."""

    size: Size
    temperatures: Temperatures
    sampler: Literal["metropolis", "multispin", "wolff"]
    interactions: Interactions = ISING
    chains: Chains
    samples: Series
    thinning: Thinning

    @model_validator(mode="after")
    def _sampler(self):
        return _sampled(self)


class OwnEnsemble(Section):
    """A user's own configurations at one temperature: results/ensembles/{name}.nc."""

    file: Annotated[
        str, Field(min_length=1, max_length=LONGEST), AfterValidator(outside_results), AfterValidator(file_pattern)
    ]
    temperature: Annotated[Positive, between(1e-6, 1e6)]  # in the user's own units
    variable: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = None
    tile: Size | None = None
    pixels_per_site: Annotated[Integer, Field(ge=1, le=10_000)] = 1

    @property
    def temperatures(self):
        return [self.temperature]


def _kind(ensemble):
    """Which of the two kinds of ensembles is meant; brackets keep the tag apart from keys."""
    own = "file" in ensemble if isinstance(ensemble, dict) else isinstance(ensemble, OwnEnsemble)
    return "[own]" if own else "[sampled]"


AnyEnsemble = Annotated[
    Annotated[Ensemble, Tag("[sampled]")] | Annotated[OwnEnsemble, Tag("[own]")], Discriminator(_kind)
]


class Dataset(Section):
    """What a network sees of an ensemble: results/datasets/{name}.nc."""

    ensemble: Name
    transform: Literal["raw", "block_sum_stride1", "block_sum_stride2", "majority"]
    noise: Annotated[Signed, Field(ge=0, lt=0.5)] = 0.0
    configurations: Count | None = None


class ModelTraining(Section):
    """Settings of `Training` that are others for one network."""

    learning_rate: Positive | None = None
    batches_per_epoch: Count | None = None
    max_epochs: Count | None = None
    patience: Count | None = None


Symmetries = Annotated[list[Literal["translation", "point_group", "flip"]], AfterValidator(different)]


class Model(Section):
    """A network that gives p(s): results/models/{name}.safetensors."""

    dataset: Name
    architecture: Literal["made", "direct", "local"] = "made"
    hidden: Hidden
    order: Literal[ORDERS] = "raster"
    window: Annotated[Integer, Field(ge=1, le=2)] | None = None
    symmetries: Symmetries = Field(default_factory=list)
    training: ModelTraining = ModelTraining()

    @model_validator(mode="after")
    def _window(self):
        if (self.window is None) == (self.architecture == "local"):
            raise ValueError(f"window: found {self.window}; it belongs to the architecture local, and only to it")
        return self


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
    sweeps: Series


class ExactSweep(Chain):
    """Chains of an exact Hamiltonian over temperature: results/sweeps/{name}.nc."""

    size: Size
    sampler: Literal["metropolis", "multispin", "wolff"]
    interactions: Interactions = ISING
    temperatures: Temperatures | None = None

    @model_validator(mode="after")
    def _sampler(self):
        return _sampled(self)


class NeuralSweep(Chain):
    """Chains of a learned Hamiltonian over temperature: results/sweeps/{name}.nc."""

    model: Name
    moves: Literal["site", "spin"]
    error: Positive | None = None  # of |m|
    exact: Name | None = None
    multiplicity: bool = False
    size: Size | None = None
    temperatures: Factors | None = None  # of a user's own units, perhaps


def _sampled(section):
    """The section, if its sampler can do its Hamiltonian."""
    if section.sampler != "metropolis" and section.interactions != ISING:
        raise ValueError(f"sampler: found {section.sampler!r}, which samples nearest: 1.0 alone; use 'metropolis'")
    return section
