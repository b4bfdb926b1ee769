# Are the errors right?  Replicas of small problems with known answers.
CALIBRATION = CONFIG.calibration
PROBLEMS = [*type(CALIBRATION.replicas).model_fields]
TRUTH = "results/calibration/truth.nc"


wildcard_constraints:
    problem="|".join(PROBLEMS),
    part=r"\d+",


# Seconds each: on a cluster it runs beside Snakemake.
localrules:
    calibration_figure,


rule exponents_truth:
    output:
        truth=TRUTH,
    log:
        "results/logs/calibration_truth.log",
    benchmark:
        "results/benchmarks/calibration_truth.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(2e6 * CALIBRATION.long_run),
        runtime=runtime(0.3 * CALIBRATION.long_run),
    params:
        settings=settings(
            "measure_truth.py", seed=CONFIG.seed, replicas=CALIBRATION.long_run
        ),
    message:
        "a very long run for the truth of the exponents"
    script:
        "../workflow/scripts/measure_truth.py"


rule calibration:
    input:
        truth=lambda w: TRUTH if w.problem == "exponents" else [],
    output:
        calibration="results/calibration/{problem}_{part}.nc",
    log:
        "results/logs/calibration_{problem}_{part}.log",
    benchmark:
        "results/benchmarks/calibration_{problem}_{part}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(3e5 * replicas_of(w), gpus=0),
        runtime=lambda w: runtime(REPLICA_SECONDS[w.problem] * replicas_of(w)),
    params:
        settings=lambda w: settings(
            f"calibrate_{w.problem}.py",
            seed=CONFIG.seed,
            replicas=replica_numbers(w),
        ),
    message:
        "replicas of {wildcards.problem}, part {wildcards.part}"
    script:
        "../workflow/scripts/calibrate_{wildcards.problem}.py"


rule calibration_figure:
    input:
        **{
            problem: expand(
                "results/calibration/{problem}_{part}.nc",
                problem=problem,
                part=range(CALIBRATION.jobs),
            )
            for problem in PROBLEMS
        },
    output:
        figure=report(
            "results/calibration.pdf",
            caption="../workflow/report/calibration.rst",
            category="Tests of the errors",
            subcategory="Figures",
            labels={"Figure": "Are the errors right?"},
        ),
        table=report(
            "results/calibration.csv",
            caption="../workflow/report/calibration_table.rst",
            category="Tests of the errors",
            subcategory="Tables",
            labels={"Table": "Are the errors right?"},
        ),
    log:
        "results/logs/calibration.log",
    benchmark:
        "results/benchmarks/calibration.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("calibration.py"),
    message:
        "drawing results/calibration"
    script:
        "../workflow/scripts/calibration.py"
