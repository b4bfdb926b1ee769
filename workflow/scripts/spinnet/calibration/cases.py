"""What a calibration measures: replicas of an estimate and its error beside the truth.

A case is one estimator of one quantity under one condition.  Its replicas are independent and
differ in their random numbers alone.
"""

import numpy as np
import xarray as xr

ROLES = ("used", "compared")  # by the workflow; beside those, to show why they are not used


def case(role, estimator, quantity, condition, value, error, exact, exact_error=0.0, freedom=np.inf, flagged=False):
    """Dataset of one case with dims (case, replica).

    role: of `ROLES`.  value, error: (replicas,) estimates and the standard errors that the estimator claims.
    exact: the truth, and its standard error.  freedom: degrees of freedom of the error, number or (replicas,);
    from n independent bins n - 1.  flagged: (replicas,) bool, those that the estimator itself calls unreliable.
    All in the units of the quantity, which no pull keeps.
    """
    if role not in ROLES:
        raise ValueError(f"role {role!r}; allowed are {', '.join(ROLES)}")
    shape = np.shape(value)
    columns = {
        "value": np.asarray(value, float),
        "error": np.asarray(error, float),
        "exact": np.broadcast_to(float(exact), shape),
        "exact_error": np.broadcast_to(float(exact_error), shape),
        "freedom": np.broadcast_to(np.asarray(freedom, float), shape),
        "flagged": np.broadcast_to(np.asarray(flagged), shape).astype(np.int8),
    }
    names = {"role": role, "estimator": estimator, "quantity": quantity, "condition": condition}
    return xr.Dataset(
        {name: (("case", "replica"), column[None], {"units": "1"}) for name, column in columns.items()},
        {name: ("case", [text]) for name, text in names.items()},
    )


def join(cases, replicas):
    """One dataset of kind "calibration" of cases with the same replicas, the numbers `replicas` of which are kept."""
    joined = xr.concat(list(cases), "case")
    return joined.assign_coords(replica=("replica", np.asarray(replicas, np.int32)))
