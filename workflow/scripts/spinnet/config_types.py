"""Types that the sections of the configuration are made of."""

import itertools
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def number(value):
    """Text that reads as a number is one: 1e-3 in YAML 1.1, and numbers inside --config lists."""
    if isinstance(value, str):
        for read in (int, float):
            try:
                return read(value)
            except ValueError:
                continue
    return value


def increasing(values):
    if any(a >= b for a, b in itertools.pairwise(values)):
        raise ValueError("must be in strictly increasing order")
    return values


Positive = Annotated[float, BeforeValidator(number), Field(gt=0, allow_inf_nan=False)]
Temperatures = Annotated[list[Positive], Field(min_length=1), AfterValidator(increasing)]
Couplings = Temperatures
Signed = Annotated[float, BeforeValidator(number), Field(allow_inf_nan=False)]
Integer = Annotated[int, BeforeValidator(number)]
Count = Annotated[Integer, Field(ge=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
