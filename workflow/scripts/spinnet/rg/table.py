"""Table I of Bachtis, Aarts & Lucini, the exponents of their Appendix A, and numbers behind the claims."""

import math

import numpy as np

from spinnet.lattice import BETA_CRITICAL
from spinnet.rg.estimates import LARGEST_ERROR, MAGNETIC
from spinnet.rg.field import ENOUGH, disagree, pulls
from spinnet.rg.fixed_point import scaling_relations
from spinnet.tables import parenthesis

EXACT = {"beta_c": BETA_CRITICAL["square"], "nu": 1.0, "theta": 8 / 15, **scaling_relations(1.0, 8 / 15)}
PAPER = {"beta_c": (0.44063, 0.00021), "nu": (1.01, 0.02), "theta": (0.534, 0.003)}
COLUMNS = ("quantity", "method", "value", "error", "exact", "pull")
NAMES = {"separate": "own network", "blocked": "blocked f", "|m|": "control |m|", "m^2": "control m^2"}


def rows(data):
    """List of (quantity, method, value, error, exact, pull); pull is "" where there is no error or no exact value.

    data: "mapping", "replicas", "mcrg", "search", "transfer", "reweighted" and "direct" (a list).
    """
    found = [(q, "paper", *v, EXACT[q]) for q, v in PAPER.items()]
    found += _estimates("one replica, binning", *_replica(data["replicas"], ""))
    found += _estimates("one replica, jackknife", *_replica(data["replicas"], "jackknife_"))
    for kind in data["mapping"].blocking.values:
        one = data["mapping"].sel(blocking=kind)
        found += _estimates(f"{kind} blocking, all configurations", one["value"], one["error"])
    found += [*_monte_carlo_rg(data["mcrg"]), *_claims(data)]
    return [(q, m, v, e, x, (v - x) / e if e and x != "" else "") for q, m, v, e, x in found]


def _replica(replicas, prefix):
    first = replicas.isel(replica=0).sel(blocking="single")
    return first[f"{prefix}value"], first[f"{prefix}error"]


def _estimates(method, value, error):
    """Rows of one set of estimates; exponents that need theta come once for each reading of its coupling."""
    result = []
    for quantity in value["quantity"].values:
        name, _, reading = str(quantity).partition(" ")
        v, e = (a.sel(quantity=quantity).item() for a in (value, error))
        # m^2 has a dimension of its own, so its theta is no magnetic exponent; delta diverges at theta = 1/2.
        if name in MAGNETIC and (reading == "m^2" or (name == "delta" and not e < LARGEST_ERROR * abs(v))):
            continue
        label = f"{method}, {NAMES[reading]}" if reading else method
        result.append((name, label, v, e, 4 / 7 if reading == "m^2" else EXACT[name]))
    return result


def _monte_carlo_rg(mcrg):
    """nu = 1/y_T and theta = 1/y_h of each step."""
    result = []
    for name, parity in (("nu", "even"), ("theta", "odd")):
        for step in mcrg.step.values:
            y, error = (mcrg[n].sel(parity=parity, step=step).item() for n in ("exponent", "exponent_error"))
            result.append((name, f"Monte Carlo RG, blocking {step}", 1 / y, error / y**2, EXACT[name]))
    return result


def _claims(data):
    result = []
    for start in data["search"].start.values:
        path = data["search"].sel(start=start).isel(step=-1)
        value, error = path["crossing"].item(), path["crossing_error"].item()
        if math.isfinite(value):
            result.append(("beta_c", f"search from {start:g}", value, error, EXACT["beta_c"]))
        else:
            result.append(
                ("beta_c", f"search from {start:g}, no crossing yet", path["beta"].item(), "", EXACT["beta_c"])
            )
    for kind in data["transfer"].blocking.values:
        numbers = (data["transfer"][n].sel(blocking=kind, quantity="beta_c").item() for n in ("value", "error"))
        result.append(("beta_c triangular", f"{kind} blocking", *numbers, BETA_CRITICAL["triangular"]))
    for quantity in PAPER:
        of = data["replicas"].sel(blocking="single", quantity="theta separate" if quantity == "theta" else quantity)
        result.append((f"scatter of {quantity}", "over replicas", of["value"].std(ddof=1).item(), "", ""))
        result.append((f"scatter of {quantity}", "expected from binning", of["error"].mean().item(), "", ""))
    for kind in data["mapping"].blocking.values:
        one = data["mapping"].sel(blocking=kind)
        middle = one.sizes["beta"] // 2  # the sampled beta
        tau = one["tau_rescaled"].item(), one["tau_rescaled_error"].item()
        result.append(("tau_int of f' [samples]", f"{kind} blocking", *tau, ""))
        result.append(("error of f'", f"{kind} blocking, jackknife", one["rescaled_error"][middle].item(), "", ""))
        result.append(("error of f'", f"{kind} blocking, Gamma method", one["gamma_error"].item(), "", ""))
    checked, worst = agreement(data["reweighted"], data["direct"])
    result.append(
        ("points with direct sampling", f"more than {ENOUGH} configurations on the target side", checked, "", "")
    )
    result.append(("largest pull against direct sampling", "at these points", worst, "", ""))
    return result


def agreement(reweighted, direct):
    """(number of points with enough configurations on the target side, largest |pull| of <f> among them)."""
    found = []
    for sampled in direct:
        nearest = int(np.abs(reweighted.beta.values - float(sampled.beta)).argmin())
        pull, target = pulls(reweighted.isel(ensemble=nearest, network=0), sampled)
        found.append(pull[(target > ENOUGH) & ~disagree(sampled)])
    found = np.concatenate(found)
    return len(found), float(np.abs(found).max()) if len(found) else ""


def markdown(table):
    """Table I and the numbers behind the claims as two Markdown tables; the CSV file has all rows."""
    derived = ("alpha", *MAGNETIC)
    whole = [r for r in table if r[0] in EXACT and r[0] not in derived]
    exponents = [r for r in table if r[0] in derived and "all configurations" in r[1]]
    claims = [r for r in table if r[0] not in EXACT]
    parts = {"Table I": whole, "Exponents by scaling relations A8-A11": exponents, "Claims": claims}
    return "\n".join(f"## {title}\n\n{_markdown(part)}" for title, part in parts.items())


def _markdown(table):
    lines = ["| quantity | method | value | exact | pull |", "|---|---|---|---|---|"]
    for quantity, method, value, error, exact, pull in table:
        known = f"{exact:.6g}" if exact != "" else ""
        sigma = f"{pull:+.1f}" if pull != "" else ""
        cells = (quantity, method, parenthesis(value, error), known, sigma)
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines) + "\n"
