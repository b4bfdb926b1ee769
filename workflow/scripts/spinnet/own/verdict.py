"""What a user is told about a model of their configurations, in sentences."""

import json

import numpy as np

from spinnet.encoder.trust import REASONS
from spinnet.tables import parenthesis

LARGE = 3.0  # standard errors


def verdict(data):
    """Sentences on the data, the fit and the range of temperatures that is trusted.

    data: ensemble, header, diagnostics, trust and couplings (may lack), as in `plotting.encoder_own`.
    """
    sites = data["header"]["sites"]
    return [
        *json.loads(data["ensemble"].attrs["warnings"]),
        _overfitting(data["diagnostics"], sites),
        _neighbours(data["diagnostics"]),
        _at_t0(data["diagnostics"]),
        _range(data),
        *_couplings(data),
    ]


def trusted(data):
    """(temperature,) bool: where the sweep is trusted; nowhere if the model misses its data at T0."""
    return data["trust"]["trusted"].values.astype(bool) & (np.abs(data["diagnostics"]["pull"].values).max() <= LARGE)


def _number(dataset, name):
    """(value, error, text) of a number with an error."""
    value, error = float(dataset[name]), float(dataset[name + "_error"])
    return value, error, parenthesis(value, error)


def _overfitting(diagnostics, sites):
    gap, error, text = _number(diagnostics, "gap")
    if gap > LARGE * error:
        return (
            f"Overfitting: test configurations are described worse than training ones by {text} nats per site, "
            f"{gap * sites:.1f} in all; more configurations or a smaller network help."
        )
    return f"No overfitting is seen: the test part differs from the training part by {text} nats per site."


def _neighbours(diagnostics):
    gain, error, text = _number(diagnostics, "gain")
    if gain > LARGE * error:
        return f"The model knows more of a site than the sum of its neighbours tells, by {text} nats per site."
    if gain < -LARGE * error:
        return (
            f"Underfitting: the sum of the four neighbours alone describes a site better than the model, by "
            f"{parenthesis(-gain, error)} nats per site."
        )
    return f"The model describes a site as well as the sum of its four neighbours does ({text} nats per site)."


def _at_t0(diagnostics):
    pulls = diagnostics["pull"].values
    worst = int(np.abs(pulls).argmax())
    text = f"{str(diagnostics['comparison'].values[worst]).replace('_', ' ')}, {pulls[worst]:+.1f} standard errors"
    if abs(pulls[worst]) > LARGE:
        return f"At T0 the model does not reproduce its data: {text}."
    return f"At T0 the model reproduces its data (largest difference: {text})."


def _range(data):
    temperatures, reasons, chosen = data["trust"]["temperature"].values, data["trust"]["reasons"].values, trusted(data)
    if chosen.any():
        listed = ", ".join(f"{t:g}" for t in temperatures[chosen])
        return f"Predictions are trusted at {chosen.sum()} of {len(chosen)} temperatures: T = {listed}."
    at_t0 = int(reasons[np.abs(temperatures - data["header"]["temperature"]).argmin()])
    found = [reason for reason, number in REASONS.items() if at_t0 & number] or ["misses its data"]
    return f"Predictions are trusted at no temperature; reasons at T0: {', '.join(found)}."


def _couplings(data):
    """Why there are no couplings, if there are none: attrs["reason"] of a dataset without terms."""
    if "couplings" in data and data["couplings"].sizes["term"] == 0:
        return [f"No couplings were read off: {data['couplings'].attrs['reason']}."]
    return []
