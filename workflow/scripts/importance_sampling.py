"""Free energy, energy and |m| of the exact Hamiltonian from reweighted samples of a network."""

from spinnet import io, job
from spinnet.encoder.importance import importance

settings = job.start(snakemake)
result = importance(*io.read_model(snakemake.input.weights), settings)
io.write(
    result, snakemake.output.importance, "importance", f"Importance sampling with model {settings['name']}", settings
)
