"""The section calibration of the configuration: how many replicas of each problem."""

from typing import Annotated

from pydantic import Field

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
    jobs: Count
    long_run: Count
