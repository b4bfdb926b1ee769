"""The ring of three of Appendix A, longer rings and small tori: exact conditionals, and fits of few layers."""

from spinnet import io, job
from spinnet.encoder import ring

settings = job.start(snakemake)
result = ring.solve(settings, lambda items: job.progress(items, "fits"))
io.write(result, snakemake.output.ring, "ring", "Rings of spins and small tori, learned", settings)
