rule dataset:
    input:
        ensemble=lambda w: f"results/ensembles/{CONFIG.datasets[w.dataset].ensemble}.nc",
    output:
        dataset="results/datasets/{dataset}.nc",
    log:
        "results/logs/dataset_{dataset}.log",
    benchmark:
        "results/benchmarks/dataset_{dataset}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=5,
    params:
        settings=dataset_settings,
    message:
        "data set {wildcards.dataset}"
    script:
        "../workflow/scripts/make_dataset.py"


rule blocked_ensemble:
    input:
        ensemble="results/rg/ensembles/{packed}.nc",
    output:
        blocked="results/rg/blocked/{packed}.nc",
    log:
        "results/logs/rg_blocked_{packed}.log",
    benchmark:
        "results/benchmarks/rg_blocked_{packed}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: 1000 + packed_spins(w) // (4 * 10**6),
        runtime=10,
    params:
        settings=lambda w: settings(
            "block_packed.py",
            seed=CONFIG.seed,
            name=w.packed,
            blockings=PACKED[w.packed][2],
        ),
    message:
        "blocking {wildcards.packed}"
    script:
        "../workflow/scripts/block_packed.py"
