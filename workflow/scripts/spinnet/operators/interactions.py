"""Energies beyond the nearest-neighbour Ising model (Mills & Tamblyn, sections IV A 4-6).

Long range: E = +J sum over pairs of s_i s_j v(r) over all periodic images up to a cutoff, J = 1,
without the images of a spin itself (they add a constant).  Lengths are in lattice units.
"""

import numba as nb
import numpy as np
import scipy.fft

from spinnet.compiled import kernel
from spinnet.errors import UserError
from spinnet.rng import generator

SINUSOIDAL = {"coulomb": False, "sinusoidal": True}  # the interactions, and whether v has a factor sin(r)
LARGEST_CUTOFF = 1000.0  # lattice units; 9 million images
LARGEST_K = 100.0  # per lattice unit; beyond it couplings underflow
CONVERGED = 2e-3  # of the largest coupling; at a cutoff of 64, as in the paper, 0.1 per lattice unit still passes


@nb.njit
def potential(r, k, sinusoidal):
    """v(r) [J]: exp(-k r)/r, or with `sinusoidal` exp(-k r) sin(r)/r (eq. 1)."""
    screened = np.exp(-k * r) / r
    return screened * np.sin(r) if sinusoidal else screened


def _fold(size, kind, k, cutoff):
    """Sum of v over the periodic images of each offset: (L, L) [J]."""
    images = int(np.ceil((cutoff + 1) / size))
    x = np.arange(-images * size, images * size)
    r = np.sqrt(x[:, None] ** 2 + x**2)
    v = np.zeros_like(r)
    inside = (r > 0) & (r <= cutoff)
    v[inside] = potential.py_func(r[inside], k, SINUSOIDAL[kind])
    folded = v.reshape(2 * images, size, 2 * images, size).sum((0, 2))
    folded[0, 0] = 0.0
    return folded


def couplings(size, kind, k, cutoff):
    """Coupling of two sites of an L x L torus, by offset (row, column): (L, L) [J], offset (0, 0) is 0.

    kind: "coulomb" or "sinusoidal".  k: screening per lattice unit.  Raises UserError if k or the
    cutoff is out of range, or if a cutoff 1.5 times as large changes a coupling by more than
    `CONVERGED` of the largest one.
    """
    if not 0 < k <= LARGEST_K:
        raise UserError(f"{kind} interaction: k = {k:g} per lattice unit; allowed is 0 < k <= {LARGEST_K:g}")
    if not 1 <= cutoff <= LARGEST_CUTOFF:
        raise UserError(f"{kind} interaction: cutoff = {cutoff:g} lattice units; allowed is 1 to {LARGEST_CUTOFF:g}")
    folded = _fold(size, kind, k, cutoff)
    change = np.abs(_fold(size, kind, k, 1.5 * cutoff) - folded).max() / np.abs(folded).max()
    if change > CONVERGED:
        raise UserError(
            f"{kind} interaction: the image sum for k = {k:g} has not converged at cutoff = {cutoff:g}, a coupling "
            f"changes by {change:.2g} of the largest one up to 1.5 cutoff, allowed is {CONVERGED:g}"
        )
    return folded


def coupling_matrix(coupling):
    """Couplings of all pairs of sites in raster order, (N, N) [J], from couplings by offset (L, L) [J]."""
    size = len(coupling)
    row, column = np.divmod(np.arange(size * size), size)
    return coupling[(row - row[:, None]) % size, (column - column[:, None]) % size]


def energy(states, matrix):
    """Energies (samples,) [J] of spins (samples, L, L) under a coupling matrix (N, N) [J]: s J s / 2."""
    flat = states.reshape(len(states), -1).astype(float)
    return np.einsum("ni,ni->n", flat @ matrix, flat) / 2


def fourier_energy(states, coupling):
    """The same from couplings by offset (L, L) [J]: sum over q of J_q |s_q|^2 / (2 N)."""
    size = len(coupling)
    half = scipy.fft.rfft2(coupling).real / (2 * size**2)
    half[:, 1 : (size + 1) // 2] *= 2  # q and -q; rfft2 holds one of them
    amplitudes = scipy.fft.rfft2(states.astype(float))
    power = amplitudes.real**2 + amplitudes.imag**2
    return power.reshape(len(states), -1) @ half.ravel()


@kernel
def _image_sum(states, size, k, sinusoidal, cutoff):
    energies = np.zeros(len(states))
    reach = int(cutoff) // size + 1
    for n in range(len(states)):
        spins = states[n]
        for i in range(size * size):
            for j in range(i):
                down, right = j // size - i // size, j % size - i % size
                product = spins[i] * spins[j]
                for a in range(-reach, reach + 1):
                    for b in range(-reach, reach + 1):
                        x, y = down + a * size, right + b * size
                        r = np.sqrt(x * x + y * y)
                        if r <= cutoff:
                            energies[n] += product * potential(r, k, sinusoidal)
    return energies


def image_sum(states, kind, k, cutoff):
    """Energies (samples,) [J] by the explicit sum over all pairs and images of each configuration.

    The sum that the paper did in CUDA (section IV A 4): v is evaluated anew for each term.
    """
    flat = states.reshape(len(states), -1)
    return _image_sum(flat, states.shape[-1], float(k), SINUSOIDAL[kind], float(cutoff))


@nb.njit
def local_fields(spins, matrix, fields):
    """Set fields (N,) [J] to the sum over j of J_ij s_j, for spins (N,) and a matrix (N, N) [J]."""
    for i in range(len(spins)):
        row = matrix[i]
        total = 0.0
        for j in range(len(spins)):
            total += row[j] * spins[j]
        fields[i] = total


@nb.njit
def energy_change(site, spins, fields):
    """Energy [J] that a flip of `site` costs, from the fields of `local_fields`."""
    return -2.0 * spins[site] * fields[site]


@nb.njit
def flip(site, spins, matrix, fields):
    """Flip the spin of `site` and update the fields (N,), in place and in N operations."""
    row = matrix[site]
    step = -2.0 * spins[site]
    spins[site] = -spins[site]
    for j in range(len(spins)):
        fields[j] += step * row[j]


@kernel
def walk(spins, matrix, sites):
    """Energy changes (len(sites),) [J] of flips made one after another; spins (N,) int8 in place.

    Every flip is made, which is the costly case: a refused one leaves the fields as they are.
    """
    fields, changes = np.empty(len(spins)), np.empty(len(sites))
    local_fields(spins, matrix, fields)
    for n in range(len(sites)):
        changes[n] = energy_change(sites[n], spins, fields)
        flip(sites[n], spins, matrix, fields)
    return changes


def potts_energy(angles):
    """Energies (samples,) [J] of angles (samples, L, L) [rad]: + sum over neighbours of cos(a_i - a_j) (eq. 2)."""
    angles = np.asarray(angles, float)
    bonds = sum(np.cos(angles - np.roll(angles, 1, axis)) for axis in (-2, -1))
    return bonds.sum((-2, -1))


def random_bonds(size, seed):
    """Disorder fixed once: bonds (2, L, L) int8, +-1, of each site to the one below and to the right [J]."""
    return 1 - 2 * generator(seed, "operators", "disorder", size).integers(0, 2, (2, size, size), np.int8)


def disordered_energy(states, bonds):
    """Energies (samples,) [J] of spins (samples, L, L): - sum over neighbours of J_ij s_i s_j (section IV A 6)."""
    down, right = (bond * states * np.roll(states, -1, axis) for bond, axis in zip(bonds, (-2, -1), strict=True))
    return -(down + right).sum((-2, -1), dtype=np.int64).astype(float)
