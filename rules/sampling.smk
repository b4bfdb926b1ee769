rule ensemble:
    output:
        ensemble="results/ensembles/{ensemble}.nc",
    log:
        "results/logs/ensemble_{ensemble}.log",
    benchmark:
        "results/benchmarks/ensemble_{ensemble}.tsv"
    cache: CACHE
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(6 * spins_of(w.ensemble)),
        runtime=lambda w: runtime(5e-7 * spins_of(w.ensemble)),
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
    cache: CACHE
    conda:
        "../envs/images.yaml"
    threads: 1
    resources:
        mem_mb=lambda w, input: memory(40e6 * input.size_mb),
        runtime=lambda w, input: runtime(60 + 3 * input.size_mb),
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
        "results/logs/sweep_{exact_sweep}.{chunk}.log",
    benchmark:
        "results/benchmarks/sweep_{exact_sweep}.{chunk}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(48 * of_chunk(series_of, w)),
        runtime=lambda w: runtime(1e-8 * of_chunk(proposals_of, w)),
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
    cache: CACHE
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(4 * phases_spins(int(w.rg_size))),
        runtime=lambda w: runtime(5e-7 * phases_spins(int(w.rg_size))),
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
    cache: CACHE
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(0.5 * packed_spins(w.packed)),
        runtime=lambda w: runtime(1e-7 * packed_spins(w.packed)),
    params:
        settings=packed_settings,
    message:
        "sampling {wildcards.packed}"
    script:
        "../workflow/scripts/sample_packed.py"
