"""The section `operators` of the configuration: Mills & Tamblyn, featureless learning."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from spinnet.config_types import Count, Integer, Name, Positive, Section, Temperatures

# Networks and data that the figures show; more of each may be added.
NETWORKS = (
    "classes_L4", "classes_L4_zero", "classes_L4_random", "magnetization_L4",
    "classes_L8", "classes_L8_zero", "classes_L8_small", "classes_L8_adadelta", "energy_L8", "magnetization_L8",
    "coulomb", "sinusoidal", "coulomb_thermal", "potts_angles", "potts_vectors", "disordered", "demonstration",
)  # fmt: skip
LONG_RANGE = ("coulomb", "sinusoidal")
DATA = ("targeted_L4", "targeted_L8", "random_L4", "coulomb")
DEMONSTRATION = 9  # sites of a side of its lattice
THERMAL = "thermal"  # name of the data that chains of the Coulomb model give


class Targeted(Section):
    """Targeted sampling, flat in energy."""

    width: Positive
    interval: Count
    most: Count


class Data(Section):
    """States and their energies: results/operators/data/{name}_{set}.nc."""

    sampling: Literal["targeted", "random"]
    interaction: Literal["ising", "coulomb", "sinusoidal", "potts", "disordered"] = "ising"
    k: Positive | None = None
    size: Annotated[Integer, Field(ge=2)]
    train: Count
    test: Annotated[Integer, Field(ge=0)]
    sets: Count = 1

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
        return self


class OperatorTraining(Section):
    """Training of all networks; a network's own learning_rate and batch_size go first."""

    learning_rate: Positive
    batch_size: Count
    processes: Count


class Network(Section):
    """A network that learns an operator: results/operators/models/{name}_{set}_{examples}.safetensors."""

    data: Name
    learns: Literal["class", "energy", "magnetization"]
    examples: Annotated[list[Count], Field(min_length=1)]
    epochs: list[Count]
    architecture: Literal["convolutional", "demonstration"] = "convolutional"
    upscale: Count = 1
    padding: Literal["periodic", "zero"] = "periodic"
    vectors: bool = False
    optimizer: Literal["adamw", "adadelta"] = "adamw"
    learning_rate: Positive | None = None
    batch_size: Count | None = None
    precision: Literal["auto", "float32"] = "auto"
    sets: Count = 1
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

    examples: Annotated[list[Count], Field(min_length=1)]
    largest_kernel: Count
    trees: Count
    test: Count


class Operators(Section):
    """Mills & Tamblyn, featureless learning of operators: results/operators/."""

    targeted: Targeted
    test_fraction: Annotated[Positive, Field(lt=1)]
    cutoff: Positive
    data: dict[Name, Data]
    training: OperatorTraining
    networks: dict[Name, Network]
    chains_L4: OperatorChains
    chains_L8: OperatorChains
    chains_coulomb: OperatorChains
    thermal: Thermal
    baselines: Baselines

    @model_validator(mode="after")
    def _references(self):
        for key, needed in (("networks", NETWORKS), ("data", DATA)):
            missing = [name for name in needed if name not in getattr(self, key)]
            if missing:
                raise ValueError(f"operators.{key}: {missing[0]} is missing; the figures need it")
        for name, network in self.networks.items():
            where = f"operators.networks.{name}"
            self._check_training(where, network)
            self._check_data(where, network)
            self._check_architecture(where, network)
        return self

    def _check_training(self, where, network):
        if len(network.epochs) != len(network.examples):
            raise ValueError(
                f"{where}.epochs: found {len(network.epochs)} numbers; needed is one for each of the "
                f"{len(network.examples)} in examples"
            )
        if network.start and network.start not in self.networks:
            raise ValueError(f"{where}.start: found {network.start!r}; allowed are the names of operators.networks")
        batch_size, processes = network.batch_size or self.training.batch_size, self.training.processes
        if batch_size % processes:
            raise ValueError(
                f"{where}.batch_size: found {batch_size}; allowed are multiples of "
                f"operators.training.processes, {processes}"
            )

    def _check_data(self, where, network):
        if network.data == THERMAL:
            return
        if network.data not in self.data:
            known = ", ".join(sorted([*self.data, THERMAL]))
            raise ValueError(f"{where}.data: found {network.data!r}; allowed are {known}")
        data = self.data[network.data]
        if max(network.examples) > data.train:
            raise ValueError(
                f"{where}.examples: found {max(network.examples)}; operators.data.{network.data} has {data.train}"
            )
        if network.sets > data.sets:
            raise ValueError(f"{where}.sets: found {network.sets}; operators.data.{network.data} has {data.sets}")

    def _check_architecture(self, where, network):
        data = self.data["coulomb" if network.data == THERMAL else network.data]
        if network.learns == "class" and (data.interaction != "ising" or data.size not in (4, 8)):
            raise ValueError(f"{where}.learns: found 'class'; only Ising energies of L = 4 and 8 have classes here")
        if network.architecture == "convolutional" and data.size * network.upscale % 8:
            raise ValueError(
                f"{where}.upscale: found {network.upscale}; L * upscale is {data.size * network.upscale}, "
                "allowed are multiples of 8, as three layers halve it"
            )
        if network.architecture == "demonstration" and (data.size != DEMONSTRATION or network.learns == "class"):
            raise ValueError(
                f"{where}.architecture: found 'demonstration' with L = {data.size} that learns {network.learns!r}; "
                f"it needs L = {DEMONSTRATION} and no classes"
            )
