"""Fig. 5 of Mills & Tamblyn, by enumeration."""

from spinnet import job
from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.plotting import operators_fig5, style

settings = job.start(snakemake)
states = all_configurations(4)
data = {"energy": ising_energy(states), "magnetization": states.sum((1, 2), dtype=int)}
style.save(operators_fig5.plot, data, settings, snakemake.output.figure)
