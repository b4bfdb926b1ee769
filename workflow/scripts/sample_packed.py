"""Large Wolff ensemble of the renormalization-group study, as bits."""

from spinnet import io, job
from spinnet.rg import ensembles

settings = job.start(snakemake)
result = ensembles.sample(settings, lambda items: job.progress(items, "piece"))
io.write(result, snakemake.output.ensemble, "packed ensemble", f"Wolff ensemble {settings['name']}", settings)
