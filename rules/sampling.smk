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


rule own_ensemble:
    input:
        files=own_files,
    output:
        ensemble="results/ensembles/{own}.nc",
    log:
        "results/logs/ensemble_{own}.log",
    benchmark:
        "results/benchmarks/ensemble_{own}.tsv"
    conda:
        "../envs/images.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=20,
    params:
        settings=own_settings,
    message:
        "reading configurations {wildcards.own}"
    script:
        "../workflow/scripts/read_configurations.py"


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


rule rg_phases:
    output:
        ensemble="results/rg/phases/L{rg_size}.nc",
    log:
        "results/logs/rg_phases_L{rg_size}.log",
    benchmark:
        "results/benchmarks/rg_phases_L{rg_size}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        settings=phases_settings,
    message:
        "configurations of two phases, L = {wildcards.rg_size}"
    script:
        "../workflow/scripts/sample_ensemble.py"


rule packed_ensemble:
    output:
        ensemble="results/rg/ensembles/{packed}.nc",
    log:
        "results/logs/rg_ensemble_{packed}.log",
    benchmark:
        "results/benchmarks/rg_ensemble_{packed}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: 1000 + packed_spins(w) // (4 * 10**6),
        runtime=lambda w: runtime(packed_spins(w) * 3e-8),
    params:
        settings=packed_settings,
    message:
        "sampling {wildcards.packed}"
    script:
        "../workflow/scripts/sample_packed.py"
