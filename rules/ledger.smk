# The claims of the papers beside the numbers of this run.
localrules:
    ledger,


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
        results=lambda w: wanted(CLAIMED_FILES),
    output:
        csv="results/ledger.csv",
        html=report(
            "results/ledger.html",
            caption="../workflow/report/ledger.rst",
            category="Ledger",
            labels={"Page": "Claims and verdicts"},
        ),
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
