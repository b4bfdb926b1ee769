"""Whether a model fits its data, judged by the data alone."""

from spinnet import io, job
from spinnet.encoder.diagnostics import diagnose

settings = job.start(snakemake)
dataset, sweep = io.read(snakemake.input.dataset, "dataset"), io.read(snakemake.input.sweep, "sweep")
result = diagnose(dataset, *io.read_model(snakemake.input.weights), sweep, settings)
io.write(result, snakemake.output.diagnostics, "diagnostics", f"Diagnostics of model {settings['name']}", settings)
