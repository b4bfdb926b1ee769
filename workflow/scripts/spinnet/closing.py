"""The last lines of a run that succeeded: where the picture is, how far it is from the exact one, what to try next."""

import os
from pathlib import Path

from spinnet import rebuild
from spinnet.progress import targets
from spinnet.tables import parenthesis

LEDGER = "results/ledger.html"


def lines(workflow):
    """Three lines (str) about a run of Snakemake that has ended."""
    dag, studies = workflow.dag, [rule for rule in workflow.rules if rule.docstring and not rule.output]
    made = dag.derived_targetfiles
    read = {str(path) for job in dag.targetjobs if job.output for path in job.input}
    compared = sorted(path for path in read if Path(path).name.startswith("deviation_") and Path(path).is_file())
    return [f"made: {targets(made)}", distance(compared, made), following(studies, workflow.cores)]


def distance(paths, made):
    """How far curves are from the exact one, by the files of their deviations (paths); of no curve, who knows it."""
    if not paths:
        return f"each number beside the exact one and the paper's: {LEDGER if LEDGER in made else 'make ledger'}"
    return f"largest deviation of |m| from the exact curve: {', '.join(map(largest, paths))}"


def largest(path):
    """The largest deviation of a curve in |m| with its standard error, and where it is."""
    import netCDF4  # takes time to load, and most runs make no such curve

    with netCDF4.Dataset(path) as file:
        both = list(file["start"][:]).index("all")
        value, error = (file[f"magnetization_deviation{end}"][:, both] for end in ("", "_error"))
        at = abs(value).argmax()
        name = Path(path).stem.removeprefix("deviation_")
        return f"{name} {parenthesis(float(value[at]), float(error[at]))} at T = {file['temperature'][at]:g}"


def following(studies, cores):
    """What to try next: the first of the target rules of Snakemake of which a file is missing, or another setting."""
    change = "change config/config.yaml: snakemake -n says what would run again"
    for rule in studies:
        if not all(Path(path).exists() for path in rule.input):
            return f"next: {_command(rule.name, cores)} ({rule.docstring}); or {change}"
    return f"next: {change}"


def _command(target, cores):
    options = os.environ.get(rebuild.CONFIGURATION)
    return f"snakemake --cores {cores} {target} {options}" if options else f"make {target}"
