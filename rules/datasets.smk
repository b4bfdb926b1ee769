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
        mem_mb=lambda w: memory(16 * spins_of(CONFIG.datasets[w.dataset].ensemble)),
        runtime=lambda w: runtime(1e-7 * spins_of(CONFIG.datasets[w.dataset].ensemble)),
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
        mem_mb=lambda w: memory(0.5 * packed_spins(w.packed)),
        runtime=lambda w: runtime(3e-8 * packed_spins(w.packed)),
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


rule operator_data:
    output:
        data="results/operators/data/{data}_{set}.nc",
    log:
        "results/logs/operators_data_{data}_{set}.log",
    benchmark:
        "results/benchmarks/operators_data_{data}_{set}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(60 * operator_spins(w.data)),
        runtime=lambda w: runtime(30 + 1e-5 * operator_spins(w.data)),
    params:
        settings=operator_data_settings,
    message:
        "states and energies {wildcards.data}, set {wildcards.set}"
    script:
        "../workflow/scripts/operator_data.py"


rule thermal_data:
    output:
        data="results/operators/data/thermal_0.nc",
    log:
        "results/logs/operators_data_thermal.log",
    benchmark:
        "results/benchmarks/operators_data_thermal.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=runtime(20 + 2e-6 * thermal_updates()),
    params:
        settings=thermal_settings,
    message:
        "thermal configurations of the Coulomb model"
    script:
        "../workflow/scripts/operator_thermal.py"


rule hash_split:
    input:
        data="results/operators/data/targeted_L8_0.nc",
    output:
        split="results/operators/split.nc",
    log:
        "results/logs/operators_split.log",
    benchmark:
        "results/benchmarks/operators_split.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=lambda w: settings("hash_split.py"),
    message:
        "hash that splits the data"
    script:
        "../workflow/scripts/hash_split.py"
