"""The section calibration of the configuration: how many replicas of each problem."""

from typing import Annotated

from pydantic import Field, model_validator

from spinnet.config_types import Count, Integer, Section

Number = Annotated[Integer, Field(ge=50)]  # `judge.LEAST`


class Replicas(Section):
    """Independent replicas of each problem."""

    series: Number
    samplers: Number
    reweighting: Number
    exponents: Number
    gaps: Number
    free_energies: Number
    couplings: Number


class Calibration(Section):
    """Replicas of small problems with known answers: results/calibration.pdf."""

    replicas: Replicas
    jobs: Annotated[Integer, Field(ge=1, le=1000)]
    long_run: Count

    @model_validator(mode="after")
    def _parts(self):
        problem, fewest = min(self.replicas, key=lambda pair: pair[1])
        if self.jobs > fewest:
            raise ValueError(f"jobs: found {self.jobs}; allowed are at most the {fewest} replicas of {problem}")
        return self
