"""The configuration: its checks and its schema.

`check` turns the merged configuration of Snakemake into a `Config` before the DAG is built, or
raises `ConfigError` with one sentence a problem: the key, what was found, what is allowed.
"""

import json
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from spinnet.calibration.config import Calibration
from spinnet.config_entries import AnyEnsemble, Dataset, ExactSweep, Model, NeuralSweep, Training
from spinnet.config_file import check_file
from spinnet.config_messages import ConfigError, sentences
from spinnet.config_references import check_references
from spinnet.config_types import Count, Integer, Positive, Section, Temperatures, between, number, table
from spinnet.encoder.config import Encoder
from spinnet.encoder.references import check_encoder, check_numbers
from spinnet.encoder.variants import add_variants
from spinnet.operators.config import Operators
from spinnet.rg.config import RenormalizationGroup

__all__ = ["Config", "ConfigError", "check", "check_file", "schema"]


class Figures(Section):
    """Appearance of all figures."""

    font_size: Annotated[Positive, between(1, 72)]
    dpi: Annotated[Integer, Field(ge=50, le=2400)]


class Config(Section):
    """All settings of the workflow."""

    seed: Annotated[int, BeforeValidator(number), Field(ge=0, lt=2**63)]
    device: Literal["auto", "cpu", "cuda"]
    memory_gb: Positive | None = None
    checkpoint_seconds: Positive
    temperatures: Temperatures
    temperatures_per_job: Count
    ensembles: table(AnyEnsemble, least=1)
    datasets: table(Dataset, least=1)
    models: table(Model, least=1)
    training: Training
    ancestral_samples: Annotated[Integer, Field(ge=2)]
    exact_sweeps: table(ExactSweep, least=1)
    neural_sweeps: table(NeuralSweep, least=1)
    encoder: Encoder
    rg: RenormalizationGroup
    operators: Operators
    calibration: Calibration
    figures: Figures

    @model_validator(mode="after")
    def _whole(self):
        add_variants(self)
        check_numbers(self)
        check_references(self)
        check_encoder(self)
        return self


def check(settings):
    """The validated `Config` of a merged configuration (dict). Raises ConfigError."""
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(sentences(error)) from None


def schema():
    """JSON schema of the configuration."""
    return Config.model_json_schema()


if __name__ == "__main__":
    print(json.dumps(schema(), indent=1))
