"""The verdict on a claim, from a number and the rule that the claim declares."""

import math

REPRODUCED, REFUTED, UNDERDETERMINED, NOT_RUN, SHOWN = "reproduced", "refuted", "underdetermined", "not run", "shown"
AGREES, DISAGREES = 3.0, 5.0  # standard errors


def verdict(rule, value, error, exact=None, paper=None, paper_error=None):
    """Verdict of a `claims.Rule` on a value with its standard error (None: unknown; 0: counted).

    exact, paper   reproduced if the difference is at most 3 standard errors of both numbers; refuted if more than 5.
                   Between, or if our error exceeds the rule's number, or is unknown: underdetermined.
    at_most        bounds the absolute value, at_least the value.  Reproduced if it holds, refuted if it fails by more
    at_least       than 3 errors; else, or if the error is larger than the bound or unknown: underdetermined.  A bound
                   of zero asks for a sign, and is reproduced only if it holds by 3 errors.
    setting        reproduced if the setting is the paper's, else underdetermined.
    picture        shown: nothing is judged.
    open           underdetermined.
    """
    kind, argument = rule.kind, rule.argument
    if kind == "picture":
        return SHOWN
    if kind == "setting":
        return REPRODUCED if _same(value, argument) else UNDERDETERMINED
    if kind == "open" or error is None:
        return UNDERDETERMINED
    if kind in ("exact", "paper"):
        target, spread = (exact, 0.0) if kind == "exact" else (paper, paper_error or 0.0)
        off = abs(pull(value, error, target, spread, argument))
        if off > DISAGREES:
            return REFUTED
        return REPRODUCED if off <= AGREES and error <= argument else UNDERDETERMINED
    excess = abs(value) - argument if kind == "at_most" else argument - value
    return _bound(excess, error, argument)


def _bound(excess, error, limit):
    if excess > AGREES * error:
        return REFUTED
    holds = excess <= 0 and error <= abs(limit) if limit else excess <= -AGREES * error
    return REPRODUCED if holds else UNDERDETERMINED


def pull(value, error, target, target_error=0.0, tolerance=0.0):
    """Difference in standard errors of both; of numbers without errors 0 within the tolerance, else infinite."""
    spread = math.hypot(error, target_error)
    if spread > 0:
        return (value - target) / spread
    return 0.0 if abs(value - target) <= tolerance else math.copysign(math.inf, value - target)


def _same(value, wanted):
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(_same, value, wanted))
    numbers = isinstance(value, (int, float)) and isinstance(wanted, (int, float))
    return math.isclose(value, wanted, rel_tol=1e-9) if numbers else value == wanted
