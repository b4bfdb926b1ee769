"""A user's own configurations as an ensemble."""

from spinnet import io, job
from spinnet.own import apart
from spinnet.own.ensemble import read_ensemble

settings = job.start(snakemake)
ensemble = read_ensemble(snakemake.input.files, settings, apart.read)
io.write(ensemble, snakemake.output.ensemble, "ensemble", f"Configurations {settings['name']}", settings)
