# Seconds each: on a cluster they run beside Snakemake.
localrules:
    exact_reference,
    deviation,
    mcrg,


rule exact_reference:
    output:
        exact="results/analysis/exact_L{size}.nc",
    log:
        "results/logs/exact_L{size}.log",
    benchmark:
        "results/benchmarks/exact_L{size}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=10,
    params:
        settings=lambda w: settings(
            "exact_reference.py",
            size=int(w.size),
            lowest=CONFIG.temperatures[0],
            highest=CONFIG.temperatures[-1],
        ),
    message:
        "Kaufman's exact solution for L = {wildcards.size}"
    script:
        "../workflow/scripts/exact_reference.py"


rule deviation:
    input:
        sweep="results/sweeps/{compared}.nc",
        reference=lambda w: f"results/sweeps/{reference_of(w.compared)}.nc",
    output:
        deviation="results/analysis/deviation_{compared}.nc",
    log:
        "results/logs/deviation_{compared}.log",
    benchmark:
        "results/benchmarks/deviation_{compared}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=lambda w: settings(
            "measure_deviation.py",
            name=w.compared,
            size=size_of(w.compared),
            ising=sweep_of(reference_of(w.compared)).interactions == ISING,
        ),
    message:
        "deviation of {wildcards.compared} from the exact Hamiltonian"
    script:
        "../workflow/scripts/measure_deviation.py"


rule observables:
    input:
        ensemble="results/rg/ensembles/{packed}.nc",
        blocked=lambda w: (
            f"results/rg/blocked/{w.packed}.nc" if PACKED[w.packed][2] else []
        ),
        weights=lambda w: [
            f"results/rg/models/{w.classifier}_L{size}.safetensors"
            for size in observed_sizes(w)
        ],
        headers=lambda w: [
            f"results/rg/models/{w.classifier}_L{size}.json"
            for size in observed_sizes(w)
        ],
    output:
        observables="results/rg/observables/{classifier}/{packed}.nc",
    log:
        "results/logs/rg_observables_{classifier}_{packed}.log",
    benchmark:
        "results/benchmarks/rg_observables_{classifier}_{packed}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(0.6 * packed_spins(w.packed), gpus=0),
        runtime=lambda w: runtime(observation_seconds(w)),
    params:
        settings=lambda w: settings(
            "observe_networks.py", name=w.packed, sizes=observed_sizes(w)
        ),
    message:
        "networks {wildcards.classifier} on {wildcards.packed}"
    script:
        "../workflow/scripts/observe_networks.py"


rule mapping:
    input:
        small=lambda w: observables(w.study, RG.size // 2),
        large=lambda w: observables(w.study, RG.size),
    output:
        mapping="results/rg/mapping_{study}.nc",
    log:
        "results/logs/rg_mapping_{study}.log",
    benchmark:
        "results/benchmarks/rg_mapping_{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(
            mapping_numbers(RG.critical if w.study == "critical" else RG.transfer)
        ),
        runtime=20,
    params:
        settings=mapping_settings("map_beta.py"),
    message:
        "mapping of beta, {wildcards.study}"
    script:
        "../workflow/scripts/map_beta.py"


rule replicas:
    input:
        small=observables("critical", RG.size // 2),
        large=observables("critical", RG.size),
    output:
        replicas="results/rg/replicas.nc",
    log:
        "results/logs/rg_replicas.log",
    benchmark:
        "results/benchmarks/rg_replicas.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(mapping_numbers()),
        runtime=20,
    params:
        settings=mapping_settings(
            "estimate_replicas.py",
            number=RG.replicas.number,
            configurations=RG.replicas.configurations,
            replica_bins=RG.replicas.bins,
        ),
    message:
        "replicas with the paper's statistics"
    script:
        "../workflow/scripts/estimate_replicas.py"


rule field_mapping:
    input:
        small=observables("critical", RG.size // 2),
        large=observables("critical", RG.size),
    output:
        mapping="results/rg/mapping_field.nc",
    log:
        "results/logs/rg_mapping_field.log",
    benchmark:
        "results/benchmarks/rg_mapping_field.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(mapping_numbers()),
        runtime=20,
    params:
        settings=settings(
            "map_field.py",
            field_range=RG.mapping.field_range,
            points=RG.mapping.points,
            bins=RG.mapping.bins,
        ),
    message:
        "mapping of Y"
    script:
        "../workflow/scripts/map_field.py"


rule reweighted:
    input:
        observables=[
            f"results/rg/observables/main/field_{beta}.nc"
            for beta in RG.reweighted.betas
        ],
    output:
        reweighted="results/rg/reweighted.nc",
    log:
        "results/logs/rg_reweighted.log",
    benchmark:
        "results/benchmarks/rg_reweighted.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(
            48 * RG.reweighted.chains * RG.reweighted.samples * RG.reweighted.points
        ),
        runtime=10,
    params:
        settings=settings(
            "reweight_field.py",
            field_range=RG.reweighted.field_range,
            points=RG.reweighted.points,
        ),
    message:
        "reweighting in Y"
    script:
        "../workflow/scripts/reweight_field.py"


rule search:
    input:
        weights=f"results/rg/models/main_L{RG.size // 2}.safetensors",
        header=f"results/rg/models/main_L{RG.size // 2}.json",
    output:
        search="results/rg/search.nc",
    log:
        "results/logs/rg_search.log",
    benchmark:
        "results/benchmarks/rg_search.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(6 * search_spins(), gpus=0),
        runtime=runtime(
            20 + 4e-7 * search_spins() * len(RG.iteration.starts) * RG.iteration.steps
        ),
    params:
        settings=settings(
            "search_critical.py",
            seed=CONFIG.seed,
            size=RG.size,
            starts=RG.iteration.starts,
            steps=RG.iteration.steps,
            chains=RG.iteration.chains,
            samples=RG.iteration.samples,
            thinning=RG.critical.thinning,
            beta_range=RG.mapping.beta_range,
            points=RG.mapping.points,
        ),
    message:
        "search for the critical point"
    script:
        "../workflow/scripts/search_critical.py"


rule sensitivity:
    input:
        small=[
            f"results/rg/observables/{c}/critical_L{RG.size // 2}_0.nc"
            for c in CLASSIFIERS
        ],
        large=[
            f"results/rg/observables/{c}/critical_L{RG.size}_0.nc" for c in CLASSIFIERS
        ],
    output:
        sensitivity="results/rg/sensitivity.nc",
    log:
        "results/logs/rg_sensitivity.log",
    benchmark:
        "results/benchmarks/rg_sensitivity.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(mapping_numbers(jobs=1)),
        runtime=10,
    params:
        settings=settings(
            "scan_theta.py",
            classifiers={n: [c.width, c.max_epochs] for n, c in CLASSIFIERS.items()},
        ),
    message:
        "what theta_Y depends on"
    script:
        "../workflow/scripts/scan_theta.py"


rule moments:
    input:
        ensemble="results/rg/ensembles/{packed}.nc",
        blocked="results/rg/blocked/{packed}.nc",
    output:
        moments="results/rg/moments/{packed}.nc",
    log:
        "results/logs/rg_moments_{packed}.log",
    benchmark:
        "results/benchmarks/rg_moments_{packed}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: memory(0.5 * packed_spins(w.packed)),
        runtime=lambda w: runtime(5e-8 * packed_spins(w.packed)),
    params:
        settings=lambda w: settings("measure_moments.py", name=w.packed),
    message:
        "operators of {wildcards.packed}"
    script:
        "../workflow/scripts/measure_moments.py"


rule mcrg:
    input:
        moments=[
            f"results/rg/moments/critical_L{RG.size}_{i}.nc"
            for i in range(RG.critical.jobs)
        ],
    output:
        exponents="results/rg/mcrg.nc",
    log:
        "results/logs/rg_mcrg.log",
    benchmark:
        "results/benchmarks/rg_mcrg.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=settings("mcrg_exponents.py"),
    message:
        "Monte Carlo renormalization group"
    script:
        "../workflow/scripts/mcrg_exponents.py"


rule density_of_states:
    output:
        density="results/operators/density_of_states_L{size}.nc",
    log:
        "results/logs/operators_density_of_states_L{size}.log",
    benchmark:
        "results/benchmarks/operators_density_of_states_L{size}.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=10,
    params:
        settings=lambda w: settings("density_of_states.py", size=int(w.size)),
    message:
        "exact density of states, L = {wildcards.size}"
    script:
        "../workflow/scripts/density_of_states.py"


rule couplings:
    output:
        couplings="results/operators/couplings/coulomb.nc",
    log:
        "results/logs/operators_couplings.log",
    benchmark:
        "results/benchmarks/operators_couplings.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=lambda w: settings(
            "fold_couplings.py",
            kind="coulomb",
            size=OPERATORS.data["coulomb"].size,
            k=OPERATORS.data["coulomb"].k,
            cutoff=OPERATORS.cutoff,
        ),
    message:
        "couplings of the Coulomb model"
    script:
        "../workflow/scripts/fold_couplings.py"


rule operator_baselines:
    input:
        data="results/operators/data/targeted_L8_0.nc",
    output:
        baselines="results/operators/baselines.nc",
    log:
        "results/logs/operators_baselines.log",
    benchmark:
        "results/benchmarks/operators_baselines.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(40 * OPERATORS.baselines.largest_kernel**2, gpus=0),
        runtime=runtime(
            60
            + 5e-10 * OPERATORS.baselines.largest_kernel**3
            + 0.02 * OPERATORS.baselines.examples[-1]
        ),
    params:
        settings=lambda w: settings(
            "operator_baselines.py",
            seed=CONFIG.seed,
            examples=OPERATORS.baselines.examples,
            largest_kernel=OPERATORS.baselines.largest_kernel,
            trees=OPERATORS.baselines.trees,
            test=OPERATORS.baselines.test,
        ),
    message:
        "standard regressors"
    script:
        "../workflow/scripts/operator_baselines.py"


rule operator_speed:
    input:
        couplings="results/operators/couplings/coulomb.nc",
        weights=trained("coulomb"),
        header=trained("coulomb", suffix="json"),
    output:
        speed="results/operators/speed.nc",
    log:
        "results/logs/operators_speed.log",
    benchmark:
        "results/benchmarks/operators_speed.tsv"
    conda:
        "../envs/training.yaml"
    threads: ALL_CORES
    resources:
        mem_mb=torch_memory(),
        runtime=10,
        gpu=GPUS,
    params:
        settings=lambda w: settings("operator_speed.py", seed=CONFIG.seed),
    message:
        "speed of long-range energies"
    script:
        "../workflow/scripts/operator_speed.py"


rule operator_activations:
    input:
        weights=trained("demonstration"),
        header=trained("demonstration", suffix="json"),
    output:
        activations="results/operators/activations.nc",
    log:
        "results/logs/operators_activations.log",
    benchmark:
        "results/benchmarks/operators_activations.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(gpus=0),
        runtime=5,
    params:
        settings=lambda w: settings("operator_activations.py", seed=CONFIG.seed),
    message:
        "images that maximise the output of filters"
    script:
        "../workflow/scripts/operator_activations.py"


rule read_couplings:
    input:
        unpack(lambda w: model_files(w.model)),
        dataset=lambda w: f"results/datasets/{CONFIG.models[w.model].dataset}.nc",
    output:
        couplings="results/encoder/couplings/{model}.nc",
    log:
        "results/logs/couplings_{model}.log",
    benchmark:
        "results/benchmarks/couplings_{model}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(12 * spins_behind(w.model), gpus=0),
        runtime=10,
    params:
        settings=lambda w: settings(
            "read_couplings.py",
            seed=CONFIG.seed,
            name=w.model,
            configurations=COUPLINGS.configurations,
            flips=COUPLINGS.flips,
        ),
    message:
        "couplings read off {wildcards.model}"
    script:
        "../workflow/scripts/read_couplings.py"


rule coupling_coverage:
    output:
        coverage="results/encoder/coverage/{job}.nc",
    log:
        "results/logs/coverage_{job}.log",
    benchmark:
        "results/benchmarks/coverage_{job}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(gpus=0),
        runtime=runtime(3 * COUPLINGS.trials_per_job),
    params:
        settings=lambda w: settings(
            "coupling_coverage.py",
            seed=CONFIG.seed,
            trials=coverage_trials(int(w.job)),
        ),
    message:
        "blind trials of couplings, part {wildcards.job}"
    script:
        "../workflow/scripts/coupling_coverage.py"


rule trust:
    input:
        unpack(lambda w: model_files(CONFIG.neural_sweeps[w.neural_sweep].model)),
        sweep="results/sweeps/{neural_sweep}.nc",
        dataset=lambda w: f"results/datasets/{model_of(w.neural_sweep).dataset}.nc",
    output:
        trust="results/encoder/trust/{neural_sweep}.nc",
    log:
        "results/logs/trust_{neural_sweep}.log",
    benchmark:
        "results/benchmarks/trust_{neural_sweep}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(
            12 * spins_behind(CONFIG.neural_sweeps[w.neural_sweep].model), gpus=0
        ),
        runtime=10,
    params:
        settings=lambda w: settings("measure_trust.py", name=w.neural_sweep),
    message:
        "where to trust {wildcards.neural_sweep}"
    script:
        "../workflow/scripts/measure_trust.py"


rule importance:
    input:
        unpack(lambda w: model_files(w.model)),
    output:
        importance="results/encoder/importance/{model}.nc",
    log:
        "results/logs/importance_{model}.log",
    benchmark:
        "results/benchmarks/importance_{model}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(40 * SAMPLING.samples * units_of(w.model), gpus=0),
        runtime=lambda w: runtime(20 + drawing_seconds(w.model, SAMPLING.samples)),
    params:
        settings=lambda w: settings(
            "importance_sampling.py",
            seed=CONFIG.seed,
            name=w.model,
            samples=SAMPLING.samples,
            temperatures=SAMPLING.temperatures,
        ),
    message:
        "importance sampling by {wildcards.model}"
    script:
        "../workflow/scripts/importance_sampling.py"


rule algorithms:
    input:
        unpack(lambda w: model_files(w.model)),
    output:
        algorithms="results/encoder/algorithms/{model}.nc",
    log:
        "results/logs/algorithms_{model}.log",
    benchmark:
        "results/benchmarks/algorithms_{model}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(gpus=0),
        runtime=lambda w: runtime(
            20 + 1e-10 * algorithm_proposals(w.model) * weights_of(w.model)
        ),
    params:
        settings=lambda w: settings(
            "compare_algorithms.py",
            seed=CONFIG.seed,
            name=w.model,
            temperatures=SAMPLING.algorithm_temperatures,
            chains=SAMPLING.chains,
            sweeps=SAMPLING.sweeps,
        ),
    message:
        "algorithms that sample {wildcards.model}"
    script:
        "../workflow/scripts/compare_algorithms.py"


rule blocks:
    output:
        blocks="results/encoder/blocks.nc",
    log:
        "results/logs/blocks.log",
    benchmark:
        "results/benchmarks/blocks.tsv"
    conda:
        "../envs/sampling.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=20,
    params:
        settings=lambda w: settings(
            "enumerate_blocks.py",
            temperature=training_temperature(
                CONFIG.neural_sweeps[ENCODER.blocks.stride2].model
            ),
            temperatures=CONFIG.temperatures,
            sizes=block_sizes(),
            seed=CONFIG.seed,
        ),
    message:
        "exact distributions of block sums"
    script:
        "../workflow/scripts/enumerate_blocks.py"


rule ring:
    output:
        ring="results/encoder/ring.nc",
    log:
        "results/logs/ring.log",
    benchmark:
        "results/benchmarks/ring.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=torch_memory(1e9, gpus=0),
        runtime=runtime(20 + 0.05 * ENCODER.ring_iterations),
    params:
        settings=lambda w: settings(
            "solve_ring.py",
            seed=CONFIG.seed,
            iterations=ENCODER.ring_iterations,
            temperature=training_temperature(
                CONFIG.neural_sweeps[ENCODER.orders.sweep].model
            ),
        ),
    message:
        "rings, and how many layers they need"
    script:
        "../workflow/scripts/solve_ring.py"


rule diagnostics:
    input:
        unpack(lambda w: model_files(CONFIG.neural_sweeps[w.own].model)),
        dataset=lambda w: f"results/datasets/{model_of(w.own).dataset}.nc",
        sweep="results/sweeps/{own}.nc",
    output:
        diagnostics="results/encoder/diagnostics/{own}.nc",
    log:
        "results/logs/diagnostics_{own}.log",
    benchmark:
        "results/benchmarks/diagnostics_{own}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda w: torch_memory(12 * spins_of(w.own), gpus=0),
        runtime=20,
    params:
        settings=lambda w: settings("diagnose_model.py", seed=CONFIG.seed, name=w.own),
    message:
        "diagnostics of {wildcards.own}"
    script:
        "../workflow/scripts/diagnose_model.py"
