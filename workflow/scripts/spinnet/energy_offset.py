"""The constant of a learned Hamiltonian, which its distribution leaves open."""

from spinnet.ensembles import PARTS


def energy_offset(dataset, log_p):
    """Constant c [J per spin] of the learned Hamiltonian H / N = -T0 log p / N + c.

    log_p: (configurations,) [nats] of the validation part.  The mean of H over it equals the
    mean energy of the data, or zero for data whose energy is not known.
    """
    t0, size = float(dataset["temperature"].values[0]), int(dataset.attrs["size"])
    energy = 0.0
    if "energy" in dataset:
        energy = dataset["energy"].values[0, dataset["part"].values == PARTS.index("validation")]
    return float((energy + t0 * log_p).mean() / size**2)
