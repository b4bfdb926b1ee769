"""Numbers as text."""

import math


def parenthesis(value, error):
    """Value with the error of its last two digits in parentheses, e.g. 0.440692(22)."""
    if error == "" or not math.isfinite(error) or error <= 0:
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    digits = max(0, 1 - math.floor(math.log10(error)))
    shown = round(error * 10**digits) if error < 1 else f"{error:.{digits}f}"
    return f"{value:.{digits}f}({shown})"
