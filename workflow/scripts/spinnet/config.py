"""The configuration: its checks and its schema.

`check` turns the merged configuration of Snakemake into a `Config` before the DAG is built, or
raises `ConfigError` with one sentence a problem: the key, what was found, what is allowed.
"""

import json
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from spinnet.calibration.config import Calibration
from spinnet.config_entries import AnyEnsemble, Dataset, ExactSweep, Model, NeuralSweep, Training
from spinnet.config_references import check_references
from spinnet.config_types import Count, Integer, Name, Positive, Section, Temperatures
from spinnet.encoder.config import Encoder
from spinnet.encoder.variants import add_variants
from spinnet.operators.config import Operators
from spinnet.rg.config import RenormalizationGroup


class ConfigError(ValueError):
    """The configuration is not usable; the message is for the user."""


class Figures(Section):
    """Appearance of all figures."""

    font_size: Positive
    dpi: Annotated[Integer, Field(ge=50)]


class Config(Section):
    """All settings of the workflow."""

    seed: Annotated[Integer, Field(ge=0)]
    device: Literal["auto", "cpu", "cuda"]
    temperatures: Temperatures
    temperatures_per_job: Count
    ensembles: Annotated[dict[Name, AnyEnsemble], Field(min_length=1)]
    datasets: Annotated[dict[Name, Dataset], Field(min_length=1)]
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    training: Training
    ancestral_samples: Annotated[Integer, Field(ge=2)]
    exact_sweeps: Annotated[dict[Name, ExactSweep], Field(min_length=1)]
    neural_sweeps: Annotated[dict[Name, NeuralSweep], Field(min_length=1)]
    encoder: Encoder
    rg: RenormalizationGroup
    operators: Operators
    calibration: Calibration
    figures: Figures

    @model_validator(mode="after")
    def _whole(self):
        add_variants(self)
        check_references(self)
        return self


def _sentence(error):
    """One pydantic error as 'key: found value; reason'."""
    key = ".".join(str(part) for part in error["loc"] if part not in ("[key]", "[sampled]", "[own]"))
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
