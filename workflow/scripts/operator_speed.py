"""Speed ledger: procedures for a long-range energy, side by side."""

from functools import partial

from threadpoolctl import threadpool_limits

from spinnet import io, job
from spinnet.operators.networks import load, predict
from spinnet.operators.speed import devices, measure

settings = job.start(snakemake)
couplings = io.read(snakemake.input.couplings, "couplings")
networks = {device: partial(predict, load(snakemake.input.weights).to(device)) for device in devices()}
with threadpool_limits(1):  # the rates are those of one core, but nothing else may run beside them
    result = measure(couplings["coupling"].values, io.settings_of(couplings), networks, settings["seed"])
io.write(result, snakemake.output.speed, "operator speed", "Rates of long-range energies", settings)
