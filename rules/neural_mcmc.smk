# Seconds each: on a cluster it runs beside Snakemake.
localrules:
    sweep,


rule neural_sweep_chunk:
    input:
        weights=lambda w: f"results/models/{CONFIG.neural_sweeps[w.neural_sweep].model}.safetensors",
        header=lambda w: f"results/models/{CONFIG.neural_sweeps[w.neural_sweep].model}.json",
    output:
        sweep="results/sweeps/{neural_sweep}/{chunk}.nc",
    log:
        "results/logs/sweep_{neural_sweep}.{chunk}.log",
    benchmark:
        "results/benchmarks/sweep_{neural_sweep}.{chunk}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(48 * of_chunk(series_of, w)),
        runtime=lambda w: runtime(neural_seconds(w)),
        gpu=GPUS,
    params:
        settings=neural_sweep_settings,
    message:
        "learned Hamiltonian {wildcards.neural_sweep}, temperatures {wildcards.chunk}"
    script:
        "../workflow/scripts/sweep_neural.py"


rule sweep:
    input:
        chunks=lambda w: [
            f"results/sweeps/{w.sweep}/{i}.nc" for i in range(len(chunks(w.sweep)))
        ],
    output:
        sweep="results/sweeps/{sweep}.nc",
    log:
        "results/logs/sweep_{sweep}.log",
    benchmark:
        "results/benchmarks/sweep_{sweep}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=lambda w: settings("gather_sweep.py", name=w.sweep),
    message:
        "joining sweep {wildcards.sweep}"
    script:
        "../workflow/scripts/gather_sweep.py"


rule direct:
    input:
        weights=f"results/rg/models/main_L{RG.size}.safetensors",
        header=f"results/rg/models/main_L{RG.size}.json",
    output:
        direct="results/rg/direct/{beta}_{moves}.nc",
    log:
        "results/logs/rg_direct_{beta}_{moves}.log",
    benchmark:
        "results/benchmarks/rg_direct_{beta}_{moves}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=lambda w: runtime(20 + 4e-8 * direct_updates(w)),
    params:
        settings=direct_settings,
    message:
        "chains of E - V f Y at beta = {wildcards.beta}, {wildcards.moves} moves"
    script:
        "../workflow/scripts/sample_direct.py"


rule operator_chains:
    input:
        unpack(chains_input),
    output:
        chains="results/operators/chains/{chains}.nc",
    log:
        "results/logs/operators_chains_{chains}.log",
    benchmark:
        "results/benchmarks/operators_chains_{chains}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(),
        runtime=lambda w: runtime(operator_chain_seconds(w)),
    params:
        settings=operator_chains_settings,
    message:
        "chains that a network drives, {wildcards.chains}"
    script:
        "../workflow/scripts/operator_chains.py"
