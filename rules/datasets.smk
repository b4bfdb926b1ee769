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
