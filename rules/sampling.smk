rule ensemble:
    output:
        ensemble="results/ensembles/{ensemble}.nc",
    log:
        "results/logs/ensemble_{ensemble}.log",
    benchmark:
        "results/benchmarks/ensemble_{ensemble}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: 600 + configurations(w) * 4 // 10**6,
        runtime=lambda w: runtime(configurations(w) * 5e-7),
    params:
        settings=ensemble_settings,
    message:
        "sampling ensemble {wildcards.ensemble}"
    script:
        "../workflow/scripts/sample_ensemble.py"


rule exact_sweep_chunk:
    output:
        sweep="results/sweeps/{exact_sweep}/{chunk}.nc",
    log:
        "results/logs/sweep_{exact_sweep}_{chunk}.log",
    benchmark:
        "results/benchmarks/sweep_{exact_sweep}_{chunk}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        settings=exact_sweep_settings,
    message:
        "exact Hamiltonian {wildcards.exact_sweep}, temperatures {wildcards.chunk}"
    script:
        "../workflow/scripts/sweep_exact.py"
