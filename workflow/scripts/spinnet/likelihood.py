"""How far a learned distribution is from the exact one, on held-out configurations."""

import numpy as np
import xarray as xr

from spinnet.exact import kaufman
from spinnet.statistics import mean_of_series


def kl_gap(log_prob, energy, size, temperature):
    """KL divergence in nats and its error, for networks of raw spins or of stride-1 block sums.

    log_prob, energy: (chains, samples) of held-out configurations, natural log and total energy
    [J].  The mean of -log p - (E/T0 + ln Z) is far less noisy than the mean of -log p minus the
    entropy.  Stride-1 block sums determine the spins except for configurations that hold a
    checkerboard stripe through the whole lattice, so their exact probability is that of the spins.
    """
    log_z = kaufman(size, [temperature]).log_partition[0] * size * size
    return mean_of_series(-log_prob - (energy / temperature + log_z))


def energy_comparison(learned, energy):
    """Least-squares line of the learned on the true energy [J]: slope, R^2, residual deviation [J]."""
    slope, intercept = np.polyfit(energy, learned, 1)
    residual = learned - slope * energy - intercept
    return slope, 1 - residual.var() / learned.var(), residual.std()


def likelihood(log_prob, energy, header):
    """Dataset of log p and energy (sample,) on the test part, with KL gap and energy comparison.

    log_prob, energy: (chains, samples).
    """
    t0 = header["temperature"]
    result = xr.Dataset(
        {
            "log_prob": ("sample", log_prob.ravel(), {"long_name": "log probability", "units": "nat"}),
            "energy": ("sample", energy.ravel(), {"long_name": "Ising energy", "units": "J"}),
        }
    )
    quantities = {"negative_log_likelihood": mean_of_series(-log_prob)}
    if header["transform"] in ("raw", "block_sum_stride1"):
        quantities["kl_gap"] = kl_gap(log_prob, energy, header["size"], t0)
    for name, (value, error) in quantities.items():
        result[name] = ((), value, {"units": "nat"})
        result[name + "_error"] = ((), error, {"units": "nat"})
    slope, r_squared, residual = energy_comparison(-t0 * log_prob.ravel(), energy.ravel())
    result["slope"] = ((), slope, {"long_name": "slope of learned on true energy", "units": "1"})
    result["r_squared"] = ((), r_squared, {"long_name": "coefficient of determination", "units": "1"})
    result["residual"] = ((), residual, {"long_name": "standard deviation from the line", "units": "J"})
    return result
