"""The section rg of the configuration: its types and its checks."""

from typing import Annotated

from pydantic import Field, model_validator

from spinnet.config_entries import Series, Thinning
from spinnet.config_types import Count, Coupling, Couplings, Fields, Integer, Positive, Section, between, table

MOST_JOBS = 1000
CRITICAL = 0.440687  # ln(1 + sqrt 2) / 2 in 1/J: beta_c of the square lattice
Points = Annotated[Integer, Field(ge=3, le=10_000)]  # of a grid
Range = Annotated[Positive, between(1e-9, 100)]  # J, to both sides of zero


class Phases(Section):
    """Configurations that the classifiers learn from, at inverse temperatures [1/J] of two phases."""

    symmetric: Couplings
    broken: Couplings
    train: Count
    validation: Count
    samples: Series
    thinning: Thinning


class Classifier(Section):
    """Independent networks of one kind for each lattice size: results/rg/models/{name}_L{size}."""

    width: Count
    networks: Annotated[Integer, Field(ge=1, le=1000)]
    max_epochs: Count


class Classifiers(Section):
    """Training of all classifiers; `main` is used everywhere, `variants` show how theta_Y depends on them."""

    learning_rate: Positive
    batch_size: Count
    patience: Count
    main: Classifier
    variants: table(Classifier)


class Critical(Section):
    """Wolff ensembles that are blocked, on the lattices of L and L/2."""

    beta: Coupling
    jobs: Annotated[Integer, Field(ge=1, le=MOST_JOBS)]
    chains: Annotated[Integer, Field(ge=2)]
    samples: Series
    thinning: Annotated[Positive, between(0.1, 1000)]


class Mapping(Section):
    """Reweighting of the critical ensembles and the mappings of beta and of Y."""

    beta_range: Annotated[Positive, between(1e-6, 0.5)]
    field_range: Range
    points: Points
    least_effective: Annotated[Positive, Field(lt=1)]
    bins: Annotated[Integer, Field(ge=4)]


class Replicas(Section):
    """The paper's statistics: replicas of so many configurations, errors from bins of each."""

    number: Annotated[Integer, Field(ge=2)]
    configurations: Count
    bins: Annotated[Integer, Field(ge=3)]


class Reweighted(Section):
    """Ensembles at zero field that are reweighted in Y (Figs. 2 and 3)."""

    betas: Couplings
    chains: Annotated[Integer, Field(ge=4)]
    samples: Series
    thinning: Annotated[Positive, between(0.1, 1000)]
    field_range: Range
    points: Points


class Direct(Section):
    """Chains of E - V f Y; the length of Metropolis chains counts sweeps, that of Wolff chains clusters."""

    fields: Annotated[Fields, Field(min_length=1)]
    chains_per_start: Annotated[Integer, Field(ge=2)]
    samples: Count
    clusters: Count
    metropolis_beta: Coupling
    metropolis_fields: Fields
    sweeps: Count


class Iteration(Section):
    """Search for the critical point from bad starts."""

    starts: Couplings
    steps: Annotated[Integer, Field(ge=1, le=1000)]
    chains: Annotated[Integer, Field(ge=10)]
    samples: Series


class Transfer(Section):
    """The networks of the square lattice applied to the triangular one."""

    beta: Coupling
    jobs: Annotated[Integer, Field(ge=1, le=MOST_JOBS)]
    chains: Annotated[Integer, Field(ge=2)]
    samples: Series
    thinning: Annotated[Positive, between(0.1, 1000)]


class RenormalizationGroup(Section):
    """Bachtis, Aarts & Lucini, Adding machine learning within Hamiltonians: results/rg/."""

    size: Annotated[Integer, Field(ge=8, le=100_000)]
    phases: Phases
    classifiers: Classifiers
    critical: Critical
    mapping: Mapping
    replicas: Replicas
    reweighted: Reweighted
    direct: Direct
    iteration: Iteration
    transfer: Transfer

    @model_validator(mode="after")
    def _consistent(self):
        if self.size % 4:
            raise ValueError(
                f"rg.size: found {self.size}; it is blocked twice with b = 2, so it must be a multiple of 4"
            )
        if "main" in self.classifiers.variants:
            raise ValueError("rg.classifiers.variants: 'main' is taken; use another name")
        self._check_betas()
        self._check_fields()
        self._check_statistics()
        return self

    def _check_betas(self):
        lowest, last, first, highest = (p[i] for p in (self.phases.symmetric, self.phases.broken) for i in (0, -1))
        if last >= first:
            raise ValueError(f"rg.phases.broken: starts at {first}, below the end of rg.phases.symmetric, {last}")
        if not last < CRITICAL < first:
            key, found = ("symmetric", last) if last >= CRITICAL else ("broken", first)
            raise ValueError(
                f"rg.phases.{key}: found {found}; the phases lie on the two sides of beta_c = {CRITICAL}, the "
                "symmetric one below it"
            )
        for key, values in (
            ("critical.beta", [self.critical.beta]),
            ("reweighted.betas", self.reweighted.betas),
            ("iteration.starts", self.iteration.starts),
        ):
            outside = [b for b in values if not lowest <= b <= highest]
            if outside:
                raise ValueError(
                    f"rg.{key}: found {outside[0]}, outside the range {lowest} to {highest} that the classifiers "
                    "learn from (rg.phases)"
                )

    def _check_fields(self):
        if self.direct.metropolis_beta not in self.reweighted.betas:
            raise ValueError(
                f"rg.direct.metropolis_beta: found {self.direct.metropolis_beta}; allowed are those of "
                f"rg.reweighted.betas, {', '.join(map(str, self.reweighted.betas))}"
            )
        limit, step = self.reweighted.field_range, 2 * self.reweighted.field_range / (self.reweighted.points - 1)
        for key, fields in (("fields", self.direct.fields), ("metropolis_fields", self.direct.metropolis_fields)):
            steps = [(y + limit) / step for y in fields]
            off = [y for y, n in zip(fields, steps, strict=True) if abs(y) > limit or abs(n - round(n)) > 1e-6]
            if off:
                raise ValueError(
                    f"rg.direct.{key}: found {off[0]}, which is not on the grid of the reweighted curves: "
                    f"{self.reweighted.points} points from {-limit} to {limit} (rg.reweighted)"
                )

    def _check_statistics(self):
        chains = self.critical.jobs * self.critical.chains
        available, wanted = chains * self.critical.samples, self.replicas.number * self.replicas.configurations
        if wanted > available:
            raise ValueError(
                f"rg.replicas: {self.replicas.number} replicas of {self.replicas.configurations} configurations; "
                f"rg.critical has {available}"
            )
        if self.replicas.configurations % self.replicas.bins:
            raise ValueError(
                f"rg.replicas.configurations: found {self.replicas.configurations}; allowed are multiples of "
                f"rg.replicas.bins, {self.replicas.bins}"
            )
        if self.mapping.bins > min(chains, self.transfer.jobs * self.transfer.chains):
            raise ValueError(
                f"rg.mapping.bins: found {self.mapping.bins}; allowed is at most the number of chains of "
                f"rg.critical and of rg.transfer, {min(chains, self.transfer.jobs * self.transfer.chains)}"
            )
