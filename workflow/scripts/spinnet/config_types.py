"""Types that the sections of the configuration are made of, with the bounds that every value has."""

import itertools
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetPydanticSchema
from pydantic_core.core_schema import no_info_after_validator_function

MOST = 10**12  # of anything that is counted or measured; products of a few such numbers stay exact
LONGEST = 1000  # entries of a list or a table
COLDEST, HOTTEST = 0.01, 1000  # J/k_B; colder chains never leave their start, hotter spins are random
LONGEST_NAME = 60  # characters; a name is part of names of files


def number(value):
    """Text that reads as a number is one: 1e-3 in YAML 1.1, and numbers inside --config lists."""
    if isinstance(value, str) and value.isascii():
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


def different(values):
    """The list, if no entry stands in it twice."""
    for i, value in enumerate(values):
        if value in values[:i]:
            raise ValueError(f"{value!r} stands in it twice; keep one")
    return values


def between(low, high):
    """Validator of a number from `low` to `high`; the schema says so, too."""

    def check(value):
        if not low <= value <= high:
            raise ValueError(f"must be from {low} to {high}")
        return value

    return GetPydanticSchema(
        lambda source, handler: no_info_after_validator_function(check, handler(source)),
        lambda core, handler: handler(core) | {"minimum": low, "maximum": high},
    )


Positive = Annotated[float, BeforeValidator(number), Field(gt=0, le=MOST, allow_inf_nan=False)]
Signed = Annotated[float, BeforeValidator(number), Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
Integer = Annotated[int, BeforeValidator(number), Field(le=MOST)]
Count = Annotated[Integer, Field(ge=1)]
Factors = Annotated[list[Positive], Field(min_length=1, max_length=LONGEST), AfterValidator(increasing)]
Temperature = Annotated[Positive, between(COLDEST, HOTTEST)]
Temperatures = Annotated[list[Temperature], Field(min_length=1, max_length=LONGEST), AfterValidator(increasing)]
Coupling = Annotated[Positive, between(1 / HOTTEST, 1 / COLDEST)]  # beta in 1/J; in names of files without exponent
Couplings = Annotated[list[Coupling], Field(min_length=1, max_length=LONGEST), AfterValidator(increasing)]
Fields = Annotated[list[Signed], Field(max_length=LONGEST), AfterValidator(increasing)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=LONGEST_NAME)]
Names = Annotated[
    list[Name], Field(min_length=1, max_length=10), AfterValidator(different)
]  # as many as looks of curves


def table(entry, least=0):
    """Type of a table of entries by name."""
    return Annotated[dict[Name, entry], Field(min_length=least, max_length=LONGEST)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
