"""Large Wolff ensemble of the renormalization-group study, as bits."""

from spinnet import io, job
from spinnet.checkpoint import Checkpoint
from spinnet.rg import ensembles

settings = job.start(snakemake)
checkpoint = Checkpoint.of(snakemake)
result = ensembles.sample(settings, lambda items: job.progress(items, "piece"), checkpoint)
io.write(result, snakemake.output.ensemble, "packed ensemble", f"Wolff ensemble {settings['name']}", settings)
checkpoint.remove()
