"""What the papers claim: config/claims.yaml, its entries and their checks."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from spinnet.config_file import check_file
from spinnet.config_messages import ConfigError, sentences
from spinnet.config_types import Section

PAPERS = {
    "N": "Wang & Jiang, Neural Network Statistical Mechanics",
    "M": "Mills & Tamblyn, Deep neural networks for direct, featureless learning through observation",
    "B": "Bachtis, Aarts & Lucini, Adding machine learning within Hamiltonians",
}
CHECKS = "results/checks.csv"  # outcomes of the tests that rules name
Text = Annotated[str, Field(min_length=1)]
Result = Annotated[str, Field(pattern=r"^results/.+\.(csv|nc|json|safetensors|pdf)$")]


class Selector(Section):
    """Where a number of ours is found; a NetCDF file is a table with a row for each value and columns for its dims."""

    file: Result
    value: Text | None = None  # column or variable
    error: Text | None = None  # column or variable with its standard error
    counted: bool = False  # a number without statistical error: counted, enumerated or computed
    setting: Text | None = None  # instead of value: a setting that the file was made with
    where: dict[str, str | float] = Field({})  # rows: regular expressions that fit the whole text, or numbers
    take: Literal["only", "first", "last", "largest", "smallest", "range", "mean", "sum", "count"] = "only"
    minus: "Selector | None" = None  # what is subtracted

    @model_validator(mode="after")
    def _one_thing(self):
        if (self.value is None) == (self.setting is None):
            raise ValueError("needs value or setting, and not both")
        return self


class Paper(Section):
    """What the paper gives."""

    text: Text | None = None
    value: float | None = None
    error: float | None = None


class Rule(Section):
    """How the verdict comes about; one key.  exact, paper: the largest error of ours that still says something."""

    exact: float | None = None
    paper: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    setting: Any = None
    test: Annotated[str, Field(pattern=r"^tests/\w+/test_\w+\.py::test_\w+$")] | None = None
    picture: Text | None = None
    open: Text | None = None

    @model_validator(mode="after")
    def _one_key(self):
        if len(self.model_fields_set) != 1:
            raise ValueError(f"needs one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def kind(self):
        return next(iter(self.model_fields_set))

    @property
    def argument(self):
        return getattr(self, self.kind)


class Entry(Section):
    """One comparison behind a row of the papers."""

    item: Text
    paper: Paper = Paper()
    exact: float | None = None
    unit: str = ""
    ours: Selector | None = None
    rule: Rule | None = None
    reason: Text | None = None  # why there is no rule
    figure: Annotated[str, Field(pattern=r"^results/.+\.pdf$")] | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self):
        if (self.rule is None) == (self.reason is None):
            raise ValueError("needs a rule, or a reason why there is none")
        kind = self.rule.kind if self.rule else None
        compares = kind in ("exact", "paper", "at_most", "at_least", "setting")
        if (self.ours is None and compares) or (self.ours and kind in ("test", "picture", None)):
            raise ValueError("needs ours with a rule that compares, and not with test, picture or a reason")
        if (kind, self.exact) == ("exact", None) or (kind, self.paper.value) == ("paper", None):
            raise ValueError(f"rule {kind} needs the value to compare with")
        if kind == "picture" and self.figure is None:
            raise ValueError("rule picture needs a figure")
        return self

    def files(self):
        """Files of results that the entry reads, the figure last."""
        selector, found = self.ours, [CHECKS] if self.rule and self.rule.test else []
        while selector:
            found.append(selector.file)
            selector = selector.minus
        return found + ([self.figure] if self.figure else [])


Claims = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[NMB]\d+$")], Annotated[list[Entry], Field(min_length=1)]])


def read_claims(path):
    """{row of the papers: list of Entry} of a YAML file. Raises ConfigError with one sentence a problem."""
    try:
        return Claims.validate_python(check_file(path))
    except ValidationError as error:
        raise ConfigError(re.sub(r"^configuration:", f"{path}:", sentences(error), flags=re.M)) from None


def files(claims):
    """All files of results behind the claims, each once, in order."""
    return list(dict.fromkeys(path for entries in claims.values() for entry in entries for path in entry.files()))


def tests(claims):
    """All tests that rules name, each once, in order."""
    rules = (entry.rule for entries in claims.values() for entry in entries if entry.rule)
    return list(dict.fromkeys(rule.test for rule in rules if rule.test))
