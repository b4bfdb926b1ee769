"""The section encoder of the configuration: which entries the figures of Wang & Jiang's study show."""

from typing import Annotated, Literal

from pydantic import Field

from spinnet.config_references import known
from spinnet.config_types import Count, Integer, Name, Section, Signed, Temperatures
from spinnet.orders import ORDERS

Names = Annotated[list[Name], Field(min_length=1)]


class Fig3(Section):
    exact: Name
    neural: Name


class Fig4(Section):
    exact: Name
    neural: Name
    stride1: Name
    stride1_control: Name
    stride2: Name


class Couplings(Section):
    """Couplings read off models, and blind trials of the estimator."""

    models: Names
    configurations: Count
    flips: Count
    trials: Count
    trials_per_job: Count


class Sampling(Section):
    """Sampling without bias: free energies by importance sampling, and algorithms side by side."""

    models: Names
    samples: Annotated[Integer, Field(ge=100)]
    temperatures: Temperatures
    algorithm_temperatures: Temperatures
    chains: Annotated[Integer, Field(ge=2)]
    sweeps: Count


class Parts(Section):
    """Sweeps whose differences are the parts of the gap of block sums."""

    stride1_made: Name
    stride1_direct: Name
    stride2_made: Name
    stride2_direct: Name
    stride2_corrected: Name


class Blocks(Section):
    """Block sums on other lattices: variants of the entries behind two sweeps."""

    sizes: list[Annotated[Integer, Field(ge=4)]]
    stride1: Name
    stride2: Name
    parts: Parts


class Orders(Section):
    """Variants of a sweep's model with other orders of factorisation."""

    sweep: Name
    orders: list[Literal[ORDERS]]


class Noise(Section):
    """Variants of a sweep's data set with spins flipped at these rates."""

    sweep: Name
    rates: list[Annotated[Signed, Field(gt=0, lt=0.5)]]


class Configurations(Section):
    """Variants of models with fewer configurations to learn from."""

    models: Names
    numbers: list[Count]


class Own(Section):
    """What is made of a user's own configurations, unless entries of their name exist."""

    model: Name
    sweep: Name
    relative_temperatures: Temperatures


class Encoder(Section):
    """Wang & Jiang, Neural Network Statistical Mechanics: results/fig3.pdf, fig4.pdf and results/encoder/."""

    fig3: Fig3
    fig4: Fig4
    encoders: Names
    sizes: Names
    interactions: Names
    couplings: Couplings
    trust: Names
    sampling: Sampling
    blocks: Blocks
    layered: Names
    ring_iterations: Count
    orders: Orders
    noise: Noise
    configurations: Configurations
    own: Own

    def check_references(self, config):
        """Raise ValueError if a named entry does not exist or lacks what its figure needs."""
        for figure, panel in (("fig3", self.fig3), ("fig4", self.fig4)):
            for key, sweep in panel:
                table = "exact_sweeps" if key == "exact" else "neural_sweeps"
                known(getattr(config, table), sweep, f"encoder.{figure}.{key}")
        compared = {"encoders": self.encoders, "sizes": self.sizes, "interactions": self.interactions}
        compared |= {"trust": self.trust, "blocks.parts": dict(self.blocks.parts).values()}
        for key, names in compared.items():
            for name in names:
                sweep = known(config.neural_sweeps, name, f"encoder.{key}")
                if sweep.exact is None:
                    raise ValueError(f"neural_sweeps.{name}.exact: is missing; encoder.{key} compares with it")
        for key, names in (("couplings", self.couplings.models), ("sampling", self.sampling.models)):
            for name in names:
                model = known(config.models, name, f"encoder.{key}.models")
                if config.datasets[model.dataset].transform != "raw":
                    raise ValueError(f"encoder.{key}.models: {name!r} is not a model of spins (transform raw)")
                if key == "sampling" and model.architecture == "local":
                    raise ValueError(f"encoder.sampling.models: {name!r} is of the architecture local, not normalised")
