"""How far a sweep of a learned Hamiltonian can be trusted at each temperature."""

from spinnet import io, job
from spinnet.encoder.trust import held_out, trust
from spinnet.learned import log_weight

settings = job.start(snakemake)
arrays, header = io.read_model(snakemake.input.weights)
data = held_out(io.read(snakemake.input.dataset, "dataset"), log_weight(arrays, header), header)
result = trust(io.read(snakemake.input.sweep, "sweep"), data, header)
io.write(result, snakemake.output.trust, "trust", f"Trust in sweep {settings['name']}", settings)
