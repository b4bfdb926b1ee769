# What the ledger and the gallery share; no rules.
from hashlib import sha256
from importlib.metadata import version
from snakemake.io import (
    apply_wildcards,
    contains_wildcard,
    get_flag_value,
    is_flagged,
)
from spinnet.ledger.claims import files, read_claims, tests

CLAIMS_FILE = os.path.relpath(ROOT / "config" / "claims.yaml")
try:
    CLAIMS = read_claims(CLAIMS_FILE)
except ConfigError as error:
    raise WorkflowError(str(error)) from None
CLAIMED_FILES = files(CLAIMS)
CLAIMED_TESTS = tests(CLAIMS)
TEST_FILES = sorted({test.partition("::")[0] for test in CLAIMED_TESTS})


def wanted(paths):
    """Those of these files that are there, and in a run of everything all of them."""
    if MODULE:
        raise WorkflowError(
            "a module makes no ledger and no gallery; they are made in the folder of their workflow"
        )
    asked = workflow.dag_settings
    everything = "all" in asked.targets or not (asked.targets or asked.target_jobs)
    return [path for path in paths if everything or os.path.exists(path)]


def makers():
    """{file behind the claims: name of the rule that makes it}."""
    return {
        path: r.name
        for path in CLAIMED_FILES
        for r in workflow.rules
        if r.is_producer(path)
    }


def ledger_settings(wildcards):
    names = makers()
    sources = {
        r.name: os.path.relpath(r.snakefile, ROOT)
        for r in workflow.rules
        if r.name in names.values()
    }
    return settings("ledger.py", makers=names, sources=sources)


def checks_settings(wildcards):
    tested = [code_digest(path, SCRIPTS) for path in TEST_FILES]
    return settings("checks.py", tests=CLAIMED_TESTS, tested=tested)


def our_rules():
    """Without those of a workflow that uses this one as a module."""
    return [
        r
        for r in workflow.rules
        if Path(r.snakefile).resolve().is_relative_to(ROOT.resolve())
    ]


def reported():
    """Files marked for the report, in the order of their rules: {path: (entry in the report, title)}."""
    found = {}
    for output in (o for r in our_rules() for o in r.output if is_flagged(o, "report")):
        entry = get_flag_value(output, "report")
        title = " ".join(next(iter(entry.labels.values())).split())
        for name in OWN if contains_wildcard(output) else [None]:
            path = apply_wildcards(output, {"own": name})
            found[path] = entry, title.replace("{own}", str(name))
    return found


def pictured():
    """What the gallery shows, in its order: a dict for each figure, with the path of its caption."""
    figures = {
        path: found for path, found in reported().items() if path.endswith(".pdf")
    }
    return [
        {
            "path": path,
            "part": entry.category,
            "title": title,
            "caption": os.path.relpath(entry.caption.get_path_or_uri(secret_free=True)),
        }
        for path, (entry, title) in figures.items()
    ]


def finished_targets(wildcards):
    """What is there of the report, which does without the rest."""
    if found := [path for path in reported() if os.path.exists(path)]:
        return found
    raise WorkflowError(
        "results/ holds no figure or table yet: make some first, e.g. with make fig4"
    )


def gallery_settings(wildcards):
    """The configuration as a whole, as the page shows it; the times are no settings, and make no new page."""
    scripts = "".join(code_digest(path) for path in sorted(SCRIPTS.glob("*.py")))
    return settings(
        "gallery.py",
        figures=pictured(),
        benchmarks={
            r.name: r.benchmark.regex().pattern
            for r in our_rules()
            if r.benchmark and r.name != "gallery"
        },
        configuration=config,
        all_code=sha256(scripts.encode()).hexdigest()[:16],
        snakemake=version("snakemake"),
    )
