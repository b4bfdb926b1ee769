rule model:
    input:
        dataset=lambda w: f"results/datasets/{CONFIG.models[w.masked].dataset}.nc",
    output:
        weights="results/models/{masked}.safetensors",
        header="results/models/{masked}.json",
    log:
        "results/logs/model_{masked}.log",
    benchmark:
        "results/benchmarks/model_{masked}.tsv"
    cache: CACHE
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(12 * spins_behind(w.masked)),
        runtime=lambda w: runtime(training_seconds(w.masked)),
        gpu=GPUS,
    params:
        settings=model_settings,
    message:
        "training {wildcards.masked}"
    script:
        "../workflow/scripts/train_model.py"


rule local_model:
    input:
        dataset=lambda w: f"results/datasets/{CONFIG.models[w.local].dataset}.nc",
    output:
        weights="results/models/{local}.safetensors",
        header="results/models/{local}.json",
    log:
        "results/logs/model_{local}.log",
    benchmark:
        "results/benchmarks/model_{local}.tsv"
    cache: CACHE
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(12 * spins_behind(w.local)),
        runtime=lambda w: runtime(training_seconds(w.local)),
        gpu=GPUS,
    params:
        settings=local_settings,
    message:
        "training {wildcards.local}"
    script:
        "../workflow/scripts/train_local.py"


rule likelihood:
    input:
        ensemble=lambda w: f"results/ensembles/{dataset_of(w.model).ensemble}.nc",
        dataset=lambda w: f"results/datasets/{CONFIG.models[w.model].dataset}.nc",
        weights="results/models/{model}.safetensors",
        header="results/models/{model}.json",
    output:
        likelihood="results/analysis/likelihood_{model}.nc",
    log:
        "results/logs/likelihood_{model}.log",
    benchmark:
        "results/benchmarks/likelihood_{model}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(12 * spins_behind(w.model), gpus=0),
        runtime=lambda w: runtime(likelihood_seconds(w.model)),
    params:
        settings=lambda w: settings(
            "evaluate_model.py",
            seed=CONFIG.seed,
            name=w.model,
            temperature=training_temperature(w.model),
            ancestral_samples=CONFIG.ancestral_samples,
        ),
    message:
        "likelihood of {wildcards.model} on held-out configurations"
    script:
        "../workflow/scripts/evaluate_model.py"


rule classifiers:
    input:
        ensemble="results/rg/phases/L{rg_size}.nc",
    output:
        weights="results/rg/models/{classifier}_L{rg_size}.safetensors",
        header="results/rg/models/{classifier}_L{rg_size}.json",
    log:
        "results/logs/rg_classifiers_{classifier}_L{rg_size}.log",
    benchmark:
        "results/benchmarks/rg_classifiers_{classifier}_L{rg_size}.tsv"
    cache: CACHE
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(5 * phases_spins(int(w.rg_size))),
        runtime=lambda w: runtime(classifier_seconds(w)),
        gpu=GPUS,
    params:
        settings=classifier_settings,
    message:
        "training classifiers {wildcards.classifier}, L = {wildcards.rg_size}"
    script:
        "../workflow/scripts/train_classifiers.py"


rule operator_network:
    input:
        unpack(network_input),
    output:
        weights="results/operators/models/{operator}_{set}_{examples}.safetensors",
        header="results/operators/models/{operator}_{set}_{examples}.json",
        predictions="results/operators/predictions/{operator}_{set}_{examples}.nc",
    log:
        "results/logs/operators_network_{operator}_{set}_{examples}.log",
    benchmark:
        "results/benchmarks/operators_network_{operator}_{set}_{examples}.tsv"
    cache: CACHE
    conda:
        "../envs/training.yaml"
    threads: OPERATORS.training.processes
    resources:
        mem_mb=lambda w: torch_memory(
            50 * operator_spins(OPERATORS.networks[w.operator].data)
        ),
        runtime=lambda w: runtime(operator_training_seconds(w)),
        gpu=GPUS * OPERATORS.training.processes,
    params:
        settings=operator_network_settings,
    message:
        "training operator {wildcards.operator}, set {wildcards.set}, {wildcards.examples} examples"
    script:
        "../workflow/scripts/operator_network.py"
