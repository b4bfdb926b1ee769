"""Critical exponents from the Monte Carlo renormalization group.

Source: R. H. Swendsen, Phys. Rev. Lett. 42, 859 (1979).  With S_b the operators of configurations
and S'_a those of the same configurations after one more blocking, the linearised transformation
T_ab = dK'_a / dK_b solves <S'_a S_b>_c = sum over c of <S'_a S'_c>_c T_cb.

    fine, coarse = operators(spins), operators(majority(spins, random))
    y, error = exponent(moments(fine, coarse, chain), EVEN)
"""

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.errors import UserError
from spinnet.statistics import jackknife

SCALE = 2  # linear size of a block
EVEN = ("nearest", "diagonal", "third", "plaquette", "knight")
ODD = ("magnetization", "corner", "row")
NAMES = EVEN + ODD
WORST_CONDITION = 1e10  # beyond it the digits left of a float64 solution are those of rounding


def operators(spins):
    """Sums of the operators EVEN + ODD over periodic lattices: spins (samples, L, L) -> int32 (samples, 8).

    nearest, diagonal, third, knight: products of pairs at distances (0,1), (1,1), (0,2), (1,2);
    plaquette: of the four spins of a unit square; corner: of three of these; row: of three spins
    next to each other along an axis.  Every site adds 2, 2, 2, 1, 4, 1, 4 and 2 products, in the order
    of EVEN + ODD, also on lattices so small that periodicity makes some of them equal.  L >= 2.
    """
    sums = np.empty((len(spins), len(NAMES)), np.int32)
    _operators(np.ascontiguousarray(spins, np.int8), sums)
    return sums


@kernel
def _operators(spins, sums):
    samples, size, _ = spins.shape
    padded = np.empty((size + 2, size + 2), np.float32)
    for n in range(samples):
        padded[:size, :size] = spins[n]
        padded[size:, :size] = padded[:2, :size]
        padded[:, size:] = padded[:, :2]
        sums[n] = 0
        for r in range(size):
            products = _products(padded[r], padded[r + 1], padded[r + 2])
            for k in range(len(products)):
                sums[n, k] += np.int32(products[k])


# float32, because Numba widens integers to 64 bits; it is exact, as the sums of one row are below
# 2^24, and fastmath only lets the compiler reorder them into vector instructions.
@nb.njit(fastmath=True)
def _products(a, b, c):
    """Sums of the products that start in row a, of three successive rows with two periodic columns more."""
    nearest = diagonal = third = plaquette = knight = magnetization = corner = row = np.float32(0)
    for x in range(len(a) - 2):
        a0, a1, a2, b0, b1, c0 = a[x], a[x + 1], a[x + 2], b[x], b[x + 1], c[x]
        nearest += a0 * (a1 + b0)
        diagonal += a0 * b1 + a1 * b0
        third += a0 * (a2 + c0)
        plaquette += a0 * a1 * (b0 * b1)
        knight += a0 * (b[x + 2] + c[x + 1]) + a2 * b0 + a1 * c0
        magnetization += a0
        corner += a0 * a1 * (b0 + b1) + b0 * b1 * (a0 + a1)
        row += a0 * (a1 * a2 + b0 * c0)
    return nearest, diagonal, third, plaquette, knight, magnetization, corner, row


def moments(fine, coarse, chain):
    """Per-chain sums of x x^T, where x = (1, S', S) of one sample: float64 (chains, 17, 17).

    fine, coarse: operators S and S' (samples, 8) of the same samples before and after one more
    blocking; chain (samples,): label of the independent chain of each sample.  The sums of any
    chains may be added or concatenated.
    """
    x = np.concatenate([np.ones((len(fine), 1)), coarse, fine], axis=1)
    groups = (x[np.asarray(chain) == label] for label in np.unique(chain))
    return np.stack([group.T @ group for group in groups])


def matrix(sums, names):
    """Linearised transformation T (n, n) among the n operators `names`, from sums (17, 17) of x x^T.

    Even operators are connected by subtracting their sampled means.  Odd ones have mean zero by
    symmetry, so their means, which are noise, are not subtracted.  UserError if T is not determined.
    """
    place = np.array([NAMES.index(name) for name in names])
    even = np.array([name in EVEN for name in names])
    new, old = 1 + place, 1 + len(NAMES) + place
    mean = sums / sums[0, 0]
    new_mean, old_mean = mean[0, new] * even, mean[0, old] * even
    coarse = mean[np.ix_(new, new)] - np.outer(new_mean, new_mean)
    mixed = mean[np.ix_(new, old)] - np.outer(new_mean, old_mean)
    if not np.linalg.cond(coarse) < WORST_CONDITION:
        raise UserError(
            f"the covariance of the operators {', '.join(names)} of the blocked configurations is singular; "
            "use more samples, fewer operators or fewer blockings"
        )
    return np.linalg.solve(coarse, mixed)


def exponent(sums, names):
    """Renormalization-group eigenvalue y = ln(largest eigenvalue of T) / ln 2, and its jackknife error.

    sums: moments (chains, 17, 17) of at least two independent chains; names: operators to keep,
    EVEN for y_T (2-D Ising: 1), ODD for y_h (15/8), or some of these.  The value is corrected for bias.
    UserError if T is not determined or its leading eigenvalue is not a positive number.
    """
    if len(sums) < 2:
        raise UserError("the error of an exponent needs at least two independent chains")
    return jackknife(lambda mean: _leading(matrix(mean, names), names), np.moveaxis(sums, 0, -1))


def _leading(transformation, names):
    eigenvalues = np.linalg.eigvals(transformation)
    largest = eigenvalues[np.abs(eigenvalues).argmax()]
    if largest.imag != 0 or not largest.real > 0:
        raise UserError(
            f"the leading eigenvalue {largest:.4g} of the renormalization-group matrix of {', '.join(names)} "
            "is not a positive number; use more samples or fewer operators"
        )
    return np.log(largest.real) / np.log(SCALE)
