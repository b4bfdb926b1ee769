"""Checks that the networks and data of the operator study fit each other and the figures that show them."""

import math
from typing import NamedTuple

from spinnet.config_references import shown

DEMONSTRATION = 9  # sites of a side of its lattice
THERMAL = "thermal"  # name of the data that chains of the Coulomb model give
LEVELS = {4: 15, 8: 63}  # energy levels of targeted sampling by L
SHAPE = ("architecture", "upscale", "vectors")  # settings that the weights of a network depend on
CONVERGED = 2.5e-3  # of the largest coupling; an estimate, so a quarter more than `operators.interactions` allows


class Role(NamedTuple):
    """What the figures take for granted of a network."""

    learns: str
    interaction: str
    size: int


# Networks and data that the figures show; more of each may be added.
NETWORKS = {
    **{f"classes_{name}": Role("class", "ising", int(name[1])) for name in
       ("L4", "L4_zero", "L4_random", "L8", "L8_zero", "L8_small", "L8_adadelta")},
    "magnetization_L4": Role("magnetization", "ising", 4),
    "magnetization_L8": Role("magnetization", "ising", 8),
    "energy_L8": Role("energy", "ising", 8),
    "coulomb": Role("energy", "coulomb", 8),
    "coulomb_thermal": Role("energy", "coulomb", 8),
    "sinusoidal": Role("energy", "sinusoidal", 8),
    "potts_angles": Role("energy", "potts", 8),
    "potts_vectors": Role("energy", "potts", 8),
    "disordered": Role("energy", "disordered", 8),
    "demonstration": Role("energy", "ising", DEMONSTRATION),
}  # fmt: skip
DATA = {  # sampling, interaction, L
    "targeted_L4": ("targeted", "ising", 4),
    "targeted_L8": ("targeted", "ising", 8),
    "random_L4": ("random", "ising", 4),
    "coulomb": ("random", "coulomb", 8),
}


def check_operators(operators):
    """Raise ValueError, one sentence with key, value and what is allowed."""
    _check_data(operators)
    for name, network in operators.networks.items():
        where = f"operators.networks.{name}"
        _check_training(operators, where, network)
        _check_examples(operators, where, network)
        _check_architecture(operators, where, network)
    _check_starts(operators)
    _check_roles(operators)
    _check_baselines(operators)


def _data_of(operators, network):
    return operators.data["coulomb" if network.data == THERMAL else network.data]


def _check_data(operators):
    for key, needed in (("networks", NETWORKS), ("data", DATA)):
        missing = [name for name in needed if name not in getattr(operators, key)]
        if missing:
            raise ValueError(f"operators.{key}: {missing[0]} is missing; the figures need it")
    if THERMAL in operators.data:
        raise ValueError(f"operators.data: {THERMAL!r} is the name of what operators.thermal makes; use another")
    for name, (sampling, interaction, size) in DATA.items():
        data = operators.data[name]
        if (data.sampling, data.interaction, data.size) != (sampling, interaction, size):
            raise ValueError(
                f"operators.data.{name}: found {data.sampling}, {data.interaction}, L = {data.size}; the figures need "
                f"{sampling}, {interaction}, L = {size}, so add others under another name"
            )
    for name, data in operators.data.items():
        if data.interaction == "coulomb":
            _check_convergence(operators.cutoff, f"operators.data.{name}", data)


def _check_convergence(cutoff, where, data):
    """The sum over images from the cutoff to 1.5 times as far, as an integral, is a small part of the coupling."""
    density = 2 * math.pi / (data.size**2 * data.k)
    change = density * (math.exp(-data.k * cutoff) - math.exp(-1.5 * data.k * cutoff))
    if change > CONVERGED * (math.exp(-data.k) + density):
        raise ValueError(
            f"{where}.k: found {data.k}, whose sum over images has not converged at operators.cutoff, {cutoff}; raise "
            "one of them"
        )


def _check_training(operators, where, network):
    if len(network.epochs) != len(network.examples):
        raise ValueError(
            f"{where}.epochs: found {len(network.epochs)} numbers; needed is one for each of the "
            f"{len(network.examples)} in examples"
        )
    batch_size, processes = network.batch_size or operators.training.batch_size, operators.training.processes
    if batch_size % processes:
        raise ValueError(
            f"{where}.batch_size: found {batch_size}; allowed are multiples of "
            f"operators.training.processes, {processes}"
        )


def _check_examples(operators, where, network):
    if network.data == THERMAL:
        t, temperatures = operators.thermal, len(operators.chains_coulomb.temperatures)
        available = int(temperatures * t.chains * t.snapshots * (1 - operators.test_fraction))
        source, sets = "operators.thermal has about", 1
    elif network.data in operators.data:
        data = operators.data[network.data]
        available, source, sets = data.train, f"operators.data.{network.data} has", data.sets
    else:
        known = shown([*operators.data, THERMAL], network.data)
        raise ValueError(f"{where}.data: found {network.data!r}; allowed are {known}")
    if max(network.examples) > available:
        raise ValueError(f"{where}.examples: found {max(network.examples)}; {source} {available}")
    if network.sets > sets:
        raise ValueError(f"{where}.sets: found {network.sets}; operators.data.{network.data} has {sets}")


def _check_architecture(operators, where, network):
    data = _data_of(operators, network)
    if network.learns == "class" and (data.interaction != "ising" or data.size not in LEVELS):
        raise ValueError(f"{where}.learns: found 'class'; only Ising energies of L = 4 and 8 have classes here")
    if network.architecture == "convolutional" and data.size * network.upscale % 8:
        raise ValueError(
            f"{where}.upscale: found {network.upscale}; L * upscale is {data.size * network.upscale}, "
            "allowed are multiples of 8, as three layers halve it"
        )
    if network.architecture == "demonstration" and (data.size != DEMONSTRATION or network.learns == "class"):
        raise ValueError(
            f"{where}.architecture: found 'demonstration' with L = {data.size} that learns {network.learns!r}; "
            f"it needs L = {DEMONSTRATION} and no classes"
        )
    if network.vectors and (data.interaction != "potts" or network.architecture == "demonstration"):
        raise ValueError(f"{where}.vectors: found true; only the angles of the interaction potts are vectors")


def _check_starts(operators):
    """A network starts from one of its own shape, and in no circle."""
    networks = operators.networks
    for name, network in networks.items():
        where, seen = f"operators.networks.{name}", [name]
        while network.start:
            if network.start not in networks:
                raise ValueError(
                    f"{where}.start: found {network.start!r}; allowed are the names of operators.networks, "
                    f"{shown(networks, network.start)}"
                )
            if network.start in seen:
                raise ValueError(f"{where}.start: found {networks[name].start!r}, which starts from {name!r} itself")
            seen.append(network.start)
            network = networks[network.start]
        if len(seen) > 1:
            _check_shape(operators, where, networks[name], networks[seen[1]])


def _check_shape(operators, where, network, start):
    sizes = [_data_of(operators, n).size for n in (network, start)]
    classes = [n.learns == "class" for n in (network, start)]
    other = [key for key in SHAPE if getattr(network, key) != getattr(start, key)]
    other += ["size"] * (sizes[0] != sizes[1]) + ["learns"] * (classes[0] != classes[1])
    if other:
        raise ValueError(
            f"{where}.start: found {network.start!r}, a network with another {other[0]}; needed is the same"
        )


def _check_roles(operators):
    """The networks of the figures learn what the figures say."""
    for name, role in NETWORKS.items():
        network = operators.networks[name]
        data = _data_of(operators, network)
        found = Role(network.learns, data.interaction, data.size)
        if found != role:
            raise ValueError(
                f"operators.networks.{name}: found a network that learns {found.learns} of {found.interaction}, L = "
                f"{found.size}; the figures need {role.learns} of {role.interaction}, L = {role.size}"
            )
        if (network.architecture == "demonstration") != (name == "demonstration"):
            raise ValueError(
                f"operators.networks.{name}.architecture: found {network.architecture!r}; the figures need "
                "'demonstration' of the network of this name, and of it alone"
            )
    if operators.networks["potts_vectors"].vectors is False:
        raise ValueError(
            "operators.networks.potts_vectors.vectors: found false; the figures compare angles with vectors"
        )


def _check_baselines(operators):
    """Baselines learn from targeted data of L = 8."""
    data, b = operators.data["targeted_L8"], operators.baselines
    for key, found, per_level in (("examples", max(b.examples), data.train), ("test", b.test, data.test)):
        if found > LEVELS[8] * per_level:
            raise ValueError(
                f"operators.baselines.{key}: found {found}; operators.data.targeted_L8 has at most "
                f"{LEVELS[8] * per_level}"
            )
