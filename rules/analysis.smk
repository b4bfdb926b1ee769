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
        mem_mb=500,
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
        sweep="results/sweeps/{sweep}.nc",
        reference=f"results/sweeps/{CONFIG.encoder.fig3.exact}.nc",
    output:
        deviation="results/analysis/deviation_{sweep}.nc",
    log:
        "results/logs/deviation_{sweep}.log",
    benchmark:
        "results/benchmarks/deviation_{sweep}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        settings=lambda w: settings(
            "measure_deviation.py", name=w.sweep, size=size_of(w.sweep)
        ),
    message:
        "deviation of {wildcards.sweep} from the exact Hamiltonian"
    script:
        "../workflow/scripts/measure_deviation.py"
