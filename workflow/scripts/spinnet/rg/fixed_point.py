"""Fixed point and exponents from the mapping beta' = f^-1(f'(beta)) (Bachtis, Aarts & Lucini, Sec. V).

f(beta) and f'(beta) are reweighted from one beta, with exact slopes, on a grid over which the
effective sample size is large; between the grid points they are cubic Hermite splines.
"""

from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from spinnet.errors import UserError
from spinnet.reweighting import averages, effective_sample_size, reweighting_sums, slopes

SCALE = 2  # b, the factor by which a blocking rescales lengths


class NoFixedPoint(UserError):
    """The curves f and f' do not cross within the grid."""


class Curve(NamedTuple):
    """An average and its slope over a grid, arrays (grid,)."""

    grid: np.ndarray
    value: np.ndarray
    slope: np.ndarray


def curve(grid, weight, conjugate, observable, product):
    """`Curve` from sums (or means) over all chains."""
    return Curve(grid, averages(weight, observable), slopes(weight, conjugate, observable, product))


def trusted(observed, span, points, least):
    """Grid of `points` beta around the sampled one, to the fraction `span` of it on both sides.

    Raises UserError if the effective sample size falls below the fraction `least` within it.
    """
    beta, energy = float(observed.beta), observed["energy"].values
    grid = beta * np.linspace(1 - span, 1 + span, points)
    effective = effective_sample_size(reweighting_sums(grid - beta, -energy.astype(float), []))
    if effective.min() < least * energy.size:
        raise UserError(
            f"{observed.attrs['source']}: sampled at beta = {beta}; reweighted by the fraction {span} the effective "
            f"sample size is {effective.min() / energy.size:.2g} of the configurations, allowed is {least} or more: "
            "lower rg.mapping.beta_range"
        )
    return grid


def inverse(original, values):
    """f^-1: the points at which the rising curve `original` takes `values`, clipped to its grid.

    Raises UserError if the curve does not rise all over its grid.
    """
    grid, value, slope = original
    if (np.diff(value) <= 0).any() or (slope <= 0).any():
        raise UserError(
            f"f does not rise monotonically from {grid[0]:.6g} to {grid[-1]:.6g}: it has no inverse there; "
            "sample more configurations (rg.critical.samples) or narrow the range (rg.mapping)"
        )
    return np.clip(CubicHermiteSpline(value, grid, 1 / slope)(np.clip(values, value[0], value[-1])), grid[0], grid[-1])


def fixed_point(original, rescaled):
    """(beta_c, dbeta'/dbeta at beta_c): where f = f' (eq. 9), and f''s slope over f's there.

    Of several crossings the one nearest to the middle of the grid counts.  Raises NoFixedPoint if
    there is none.
    """
    grid = original.grid
    difference = CubicHermiteSpline(grid, rescaled.value - original.value, rescaled.slope - original.slope)
    roots = difference.roots(extrapolate=False)
    roots = roots[np.isfinite(roots)]  # NaN marks pieces that are zero all over
    if not len(roots):
        raise NoFixedPoint(
            f"f and f' do not cross between beta = {grid[0]:.6g} and {grid[-1]:.6g}; sample nearer to the "
            "critical point (rg.critical.beta) or widen rg.mapping.beta_range"
        )
    root = roots[np.abs(roots - grid.mean()).argmin()]
    old, new = (CubicHermiteSpline(*c).derivative()(root) for c in (original, rescaled))
    return float(root), float(new / old)


def exponent(slope):
    """ln b / ln slope (eqs. 14 and 16): nu from dbeta'/dbeta, theta from dY'/dY."""
    return np.log(SCALE) / np.log(slope)


def scaling_relations(nu, theta, dimension=2):
    """Exponents alpha, beta, gamma, delta from nu and theta (eqs. A8-A11)."""
    return {
        "alpha": 2 - nu * dimension,
        "beta": nu * (dimension - 1 / theta),
        "gamma": nu * (2 / theta - dimension),
        "delta": 1 / (dimension * theta - 1),
    }


def field_slope(volumes, joint, observable, conjugate, original_joint, original_observable, original_conjugate):
    """dY'/dY at Y = 0: (V / V') cov(f', g) / cov(f, g'), from means over both ensembles.

    The original system of V' sites has -V' g' Y' in its Hamiltonian, the one that is rescaled
    -V g Y; d<O>/dY = beta V cov(O, g) (eq. 5).  volumes: (V, V').
    """
    ratio = volumes[0] / volumes[1]
    return ratio * (joint - observable * conjugate) / (original_joint - original_observable * original_conjugate)
