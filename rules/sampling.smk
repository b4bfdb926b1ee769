def ensemble_settings(wildcards):
    e = CONFIG.ensembles[wildcards.ensemble]
    return settings(
        "sample_ensemble.py",
        seed=CONFIG.seed,
        name=wildcards.ensemble,
        size=e.size,
        temperatures=e.temperatures,
        sampler=e.sampler,
        chains=e.chains.train + e.chains.validation + e.chains.test,
        samples=e.samples,
        thinning=e.thinning,
    )


def configurations(wildcards):
    """Number of spins in an ensemble."""
    s = ensemble_settings(wildcards)
    return s["chains"] * s["samples"] * len(s["temperatures"]) * s["size"] ** 2


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


def exact_sweep_settings(wildcards):
    s = CONFIG.exact_sweeps[wildcards.exact_sweep]
    return settings(
        "sweep_exact.py",
        seed=CONFIG.seed,
        name=wildcards.exact_sweep,
        temperatures=chunks()[int(wildcards.chunk)],
        size=s.size,
        sampler=s.sampler,
        chains_per_start=s.chains_per_start,
        burn_in=s.burn_in,
        sweeps=s.sweeps,
    )


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
