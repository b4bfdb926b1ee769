"""Monte Carlo chains of E - V f Y."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.rg.direct import direct

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
arrays, _ = io.read_model(snakemake.input.weights)
network = {name: a[0] for name, a in arrays.items()}
result = direct(network, settings, lambda items: job.progress(items, "field"), checkpoint)
io.write(result, snakemake.output.direct, "direct", f"Chains of E - V f Y at beta = {settings['beta']}", settings)
checkpoint.remove()
