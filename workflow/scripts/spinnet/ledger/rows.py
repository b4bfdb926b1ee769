"""The ledger: each claim beside our number, with its verdict."""

import math

import pandas as pd

from spinnet.ledger.claims import CHECKS, PAPERS
from spinnet.ledger.select import NoRow, number, seeds, stamp
from spinnet.ledger.verdict import NOT_RUN, REFUTED, REPRODUCED, pull, verdict

COLUMNS = (
    "id", "paper", "item", "paper_text", "paper_value", "paper_error", "exact", "value", "error", "unit",
    "pull_exact", "pull_paper", "verdict", "rule", "seeds", "file", "found", "made_by", "figure", "command", "note",
)  # fmt: skip


def rows(claims, available, makers):
    """List of dicts with `COLUMNS`, one for each entry of `claims`; None where there is nothing.

    available: paths of the files of results that may be read; makers: {path: name of the rule that makes it}.
    """
    return [_row(name, entry, available, makers) for name, entries in claims.items() for entry in entries]


def _row(name, entry, available, makers):
    files = [f for f in entry.files() if f != entry.figure]
    row = dict.fromkeys(COLUMNS) | {
        "id": name, "paper": PAPERS[name[0]], "item": entry.item, "paper_text": entry.paper.text,
        "paper_value": entry.paper.value, "paper_error": entry.paper.error, "exact": entry.exact, "unit": entry.unit,
        "rule": rule_text(entry.rule), "file": files[0] if files else None, "note": entry.note,
        "figure": entry.figure, "made_by": makers.get(files[0] if files else entry.figure),
    }  # fmt: skip
    if not entry.rule:
        return row | {"verdict": NOT_RUN, "note": entry.reason}
    needed = files or [entry.figure] if entry.rule.kind == "picture" else files
    if missing := [f for f in dict.fromkeys(needed) if f not in available]:
        return row | {"verdict": NOT_RUN, "command": f"snakemake --cores 2 {' '.join(missing)}"}
    row["seeds"] = ", ".join(map(str, sorted(frozenset().union(*map(seeds, needed)))))
    try:
        return row | (_tested(entry.rule) if entry.rule.test else _judged(entry))
    except NoRow as reason:
        return row | {"verdict": NOT_RUN, "note": f"{reason}. {entry.note}"}


def _tested(rule):
    """Outcome of the test that a rule names."""
    stamp(CHECKS)
    table = pd.read_csv(CHECKS).set_index("test")
    cases, failed = (int(table[n].get(rule.test, 0)) for n in ("cases", "failed"))
    if cases == 0:
        raise NoRow(f"{CHECKS}: holds no outcome of {rule.test}")
    return {
        "value": cases - failed, "error": 0.0, "unit": f"of {cases} cases pass",
        "verdict": REPRODUCED if failed == 0 else REFUTED, "found": rule.test,
    }  # fmt: skip


def _judged(entry):
    """Our number, its pulls, and the verdict."""
    if entry.ours is None:
        return {"verdict": verdict(entry.rule, None, None)}
    value, error, found = number(entry.ours)
    paper, kind = entry.paper, entry.rule.kind
    result = {"value": value, "error": error, "found": found}
    result["verdict"] = verdict(entry.rule, value, error, entry.exact, paper.value, paper.error)
    if kind == "setting":
        return result
    pulls = {"pull_exact": (entry.exact, 0.0), "pull_paper": (paper.value, paper.error or 0.0)}
    tolerance = entry.rule.argument if kind in ("exact", "paper") else 0.0
    for name, (target, spread) in pulls.items():
        if None not in (error, target) and math.isfinite(off := pull(value, error, target, spread, tolerance)):
            result[name] = off
    return result


def rule_text(rule):
    """A rule in words."""
    if rule is None:
        return None
    texts = {
        "exact": "equals the exact value; our error at most {}",
        "paper": "equals the paper's value; our error at most {}",
        "at_most": "at most {}", "at_least": "at least {}", "setting": "as in the paper: {}", "test": "the test passes",
        "picture": "a picture: {}", "open": "no verdict: {}",
    }  # fmt: skip
    argument = rule.argument
    return texts[rule.kind].format(f"{argument:g}" if isinstance(argument, float) else argument)
