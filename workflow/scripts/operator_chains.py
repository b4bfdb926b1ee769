"""Chains that a network drives as Hamiltonian, beside chains of the exact one."""

from functools import partial

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.lattice import ising_energy
from spinnet.operators import chains, interactions, networks

settings, files = job.start(snakemake), snakemake.input
checkpoint = Checkpoint.of(snakemake)
energy, exact, magnetization = partial(networks.predict, networks.load(files.weights)), ising_energy, None
if files.get("magnetization"):
    magnetization = partial(networks.predict, networks.load(files.magnetization))
if files.get("couplings"):
    coupling = io.read(files.couplings, "couplings")["coupling"].values
    exact = partial(interactions.energy, matrix=interactions.coupling_matrix(coupling))
result = chains.operator_chains(exact, energy, settings, lambda i: job.progress(i, "sweeps"), magnetization, checkpoint)
if files.get("density"):
    result = chains.with_exact_averages(result, io.read(files.density, "density of states"))
io.write(result, snakemake.output.chains, "operator chains", f"Chains {settings['name']}", settings)
checkpoint.remove()
