# The claims of the papers beside the numbers of this run.
from spinnet.ledger.claims import files, read_claims, tests

CLAIMS_FILE = os.path.relpath(Path(workflow.basedir, "config", "claims.yaml"))
try:
    CLAIMS = read_claims(CLAIMS_FILE)
except ConfigError as error:
    raise WorkflowError(str(error)) from None
CLAIMED_FILES = files(CLAIMS)
CLAIMED_TESTS = tests(CLAIMS)
TEST_FILES = sorted({test.partition("::")[0] for test in CLAIMED_TESTS})


localrules:
    ledger,


def claimed_results(wildcards):
    """Files behind the claims: those that are there, and in a run of everything all of them."""
    wanted = workflow.dag_settings
    everything = "all" in wanted.targets or not (wanted.targets or wanted.target_jobs)
    return [path for path in CLAIMED_FILES if everything or os.path.exists(path)]


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
        r.name: os.path.relpath(r.snakefile, workflow.basedir)
        for r in workflow.rules
        if r.name in names.values()
    }
    return settings("ledger.py", makers=names, sources=sources)


def checks_settings(wildcards):
    tested = [code_digest(path, SCRIPTS) for path in TEST_FILES]
    return settings("checks.py", tests=CLAIMED_TESTS, tested=tested)


rule checks:
    input:
        tests=TEST_FILES,
    output:
        table="results/checks.csv",
    log:
        "results/logs/checks.log",
    benchmark:
        "results/benchmarks/checks.tsv"
    conda:
        "../envs/ledger.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime=20,
    params:
        settings=checks_settings,
    message:
        "tests that claims name"
    script:
        "../workflow/scripts/checks.py"


rule ledger:
    input:
        claims=CLAIMS_FILE,
        results=claimed_results,
    output:
        csv="results/ledger.csv",
        html="results/ledger.html",
    log:
        "results/logs/ledger.log",
    benchmark:
        "results/benchmarks/ledger.tsv"
    conda:
        "../envs/ledger.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        settings=ledger_settings,
    message:
        "the ledger of claims"
    script:
        "../workflow/scripts/ledger.py"
