"""A very long run, for exponents that those of short ones are held against."""

from spinnet import io, job
from spinnet.calibration import exponents
from spinnet.checkpoint import Checkpoint

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = exponents.truth(settings["replicas"], settings["seed"], lambda items: job.progress(items, "piece"), checkpoint)
io.write(result, snakemake.output.truth, "truth", "Exponents from a very long run", settings)
checkpoint.remove()
