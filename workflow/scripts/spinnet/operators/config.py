"""The section `operators` of the configuration: Mills & Tamblyn, featureless learning."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from spinnet.config_types import (
    Count,
    Integer,
    Name,
    Positive,
    Section,
    Temperatures,
    between,
    increasing,
    table,
)
from spinnet.operators.references import check_operators

LONG_RANGE = ("coulomb", "sinusoidal")
SMALLEST_SPLIT = 4  # L of random states with a test part; below, there may be none of a part to find
BINS = 4096  # of the hash that splits states


class Targeted(Section):
    """Targeted sampling, flat in energy."""

    width: Annotated[Positive, between(0.01, 1e6)]
    interval: Count
    most: Count


class Data(Section):
    """States and their energies: results/operators/data/{name}_{set}.nc."""

    sampling: Literal["targeted", "random"]
    interaction: Literal["ising", "coulomb", "sinusoidal", "potts", "disordered"] = "ising"
    k: Annotated[Positive, between(0.001, 100)] | None = None
    size: Annotated[Integer, Field(ge=2, le=1000)]
    train: Annotated[Integer, Field(ge=10)]
    test: Annotated[Integer, Field(ge=0)]
    sets: Annotated[Integer, Field(ge=1, le=1000)] = 1

    @model_validator(mode="after")
    def _consistent(self):
        if (self.interaction in LONG_RANGE) != (self.k is not None):
            raise ValueError(f"k: found {self.k}; the interactions coulomb and sinusoidal need it, others have none")
        if self.sampling == "targeted" and (self.interaction != "ising" or self.size not in (4, 8)):
            raise ValueError(
                f"targeted sampling: found {self.interaction}, L = {self.size}; allowed is ising with L = 4 or 8"
            )
        if not self.test and (self.interaction, self.size) != ("ising", 4):
            raise ValueError("test: found 0; only the 4x4 Ising model, of which all states are predicted, needs none")
        if self.sampling == "random" and self.test and self.interaction != "potts" and self.size < SMALLEST_SPLIT:
            raise ValueError(
                f"size: found {self.size}, a lattice with {2 ** (self.size**2)} states, too few for two parts; allowed "
                f"is {SMALLEST_SPLIT} and more"
            )
        return self


class OperatorTraining(Section):
    """Training of all networks; a network's own learning_rate and batch_size go first."""

    learning_rate: Positive
    batch_size: Count
    processes: Annotated[Integer, Field(ge=1, le=1000)]


Examples = Annotated[
    list[Annotated[Integer, Field(ge=10)]], Field(min_length=1, max_length=100), AfterValidator(increasing)
]


class Network(Section):
    """A network that learns an operator: results/operators/models/{name}_{set}_{examples}.safetensors."""

    data: Name
    learns: Literal["class", "energy", "magnetization"]
    examples: Examples
    epochs: Annotated[list[Count], Field(max_length=100)]
    architecture: Literal["convolutional", "demonstration"] = "convolutional"
    upscale: Annotated[Integer, Field(ge=1, le=1000)] = 1
    padding: Literal["periodic", "zero"] = "periodic"
    vectors: bool = False
    optimizer: Literal["adamw", "adadelta"] = "adamw"
    learning_rate: Positive | None = None
    batch_size: Count | None = None
    precision: Literal["auto", "float32"] = "auto"
    sets: Annotated[Integer, Field(ge=1, le=1000)] = 1
    start: Name | None = None


class OperatorChains(Section):
    """Chains that a network drives, beside exact ones: results/operators/chains/{name}.nc."""

    temperatures: Temperatures
    chains: Annotated[Integer, Field(ge=2)]
    burn_in: Count
    sweeps: Count


class Thermal(Section):
    """Configurations of the exact Coulomb chains that its network is trained on again."""

    chains: Count
    burn_in: Count
    snapshots: Count
    every: Count


class Baselines(Section):
    """Standard regressors of scikit-learn on the 8x8 energies."""

    examples: Examples
    largest_kernel: Count
    trees: Annotated[Integer, Field(ge=1, le=100_000)]
    test: Annotated[Integer, Field(ge=10)]


class Operators(Section):
    """Mills & Tamblyn, featureless learning of operators: results/operators/."""

    targeted: Targeted
    test_fraction: Annotated[Positive, Field(lt=1), between(1 / BINS, 1 - 1 / BINS)]
    cutoff: Annotated[Positive, between(1, 1000)]
    data: table(Data)
    training: OperatorTraining
    networks: table(Network)
    chains_L4: OperatorChains
    chains_L8: OperatorChains
    chains_coulomb: OperatorChains
    thermal: Thermal
    baselines: Baselines

    @model_validator(mode="after")
    def _references(self):
        check_operators(self)
        return self
