"""The section encoder of the configuration: which entries the figures of Wang & Jiang's study show."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from spinnet.config_entries import Series
from spinnet.config_types import Count, Factors, Integer, Name, Names, Section, Signed, Temperatures, different
from spinnet.order_names import ORDERS

MOST_JOBS = 1000


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

    @model_validator(mode="after")
    def _jobs(self):
        if self.trials > MOST_JOBS * self.trials_per_job:
            raise ValueError(
                f"trials: found {self.trials}; allowed are at most {MOST_JOBS} jobs of trials_per_job, "
                f"{self.trials_per_job}"
            )
        return self


class Sampling(Section):
    """Sampling without bias: free energies by importance sampling, and algorithms side by side."""

    models: Names
    samples: Annotated[Integer, Field(ge=100)]
    temperatures: Temperatures
    algorithm_temperatures: Temperatures
    chains: Annotated[Integer, Field(ge=2)]
    sweeps: Series


class Parts(Section):
    """Sweeps whose differences are the parts of the gap of block sums."""

    stride1_made: Name
    stride1_direct: Name
    stride2_made: Name
    stride2_direct: Name
    stride2_corrected: Name


class Blocks(Section):
    """Block sums on other lattices: variants of the entries behind two sweeps."""

    sizes: Annotated[list[Annotated[Integer, Field(ge=4, le=1000)]], Field(max_length=9), AfterValidator(different)]
    stride1: Name
    stride2: Name
    parts: Parts


class Orders(Section):
    """Variants of a sweep's model with other orders of factorisation."""

    sweep: Name
    orders: Annotated[list[Literal[ORDERS]], AfterValidator(different)]


class Noise(Section):
    """Variants of a sweep's data set with spins flipped at these rates."""

    sweep: Name
    rates: Annotated[list[Annotated[Signed, Field(ge=1e-4, le=0.35)]], Field(max_length=9), AfterValidator(different)]


class Configurations(Section):
    """Variants of models with fewer configurations to learn from."""

    models: Names
    numbers: Annotated[list[Count], Field(max_length=100), AfterValidator(different)]


class Own(Section):
    """What is made of a user's own configurations, unless entries of their name exist."""

    model: Name
    sweep: Name
    relative_temperatures: Factors

    @model_validator(mode="after")
    def _at_t0(self):
        if 1.0 not in self.relative_temperatures:
            raise ValueError(
                f"relative_temperatures: found {self.relative_temperatures}; 1.0 is missing, where chains are compared "
                "with the data"
            )
        return self


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
