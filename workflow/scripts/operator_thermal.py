"""Configurations of the screened Coulomb model at the temperatures of its phase transition."""

from functools import partial

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.operators import chains, interactions
from spinnet.operators.examples import dataset
from spinnet.operators.split import parts

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
coupling = interactions.couplings(settings["size"], "coulomb", settings["k"], settings["cutoff"])
energy = partial(interactions.energy, matrix=interactions.coupling_matrix(coupling))
states, values = chains.thermal_configurations(
    energy, settings, lambda items: job.progress(items, "sweeps"), checkpoint
)
result = dataset(states, values, parts(states, settings["test_fraction"]), "thermal")
io.write(result, snakemake.output.data, "operator data", "Thermal configurations of the Coulomb model", settings)
checkpoint.remove()
