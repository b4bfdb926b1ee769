rule fig3:
    input:
        exact=f"results/sweeps/{FIG3.exact}.nc",
        neural=f"results/sweeps/{FIG3.neural}.nc",
        kaufman=f"results/analysis/exact_L{size_of(FIG3.exact)}.nc",
        likelihood=f"results/analysis/likelihood_{CONFIG.neural_sweeps[FIG3.neural].model}.nc",
        deviation=f"results/analysis/deviation_{FIG3.neural}.nc",
    output:
        figure=report(
            "results/fig3.pdf",
            caption="../workflow/report/fig3.rst",
            category="Neural Network Statistical Mechanics",
        ),
    log:
        "results/logs/fig3.log",
    benchmark:
        "results/benchmarks/fig3.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("fig3.py"),
    message:
        "drawing {output.figure}"
    script:
        "../workflow/scripts/fig3.py"


rule fig4:
    input:
        exact=f"results/sweeps/{FIG4.exact}.nc",
        neural=f"results/sweeps/{FIG4.neural}.nc",
        stride1=f"results/sweeps/{FIG4.stride1}.nc",
        stride1_control=f"results/sweeps/{FIG4.stride1_control}.nc",
        stride2=f"results/sweeps/{FIG4.stride2}.nc",
        deviation_neural=f"results/analysis/deviation_{FIG4.neural}.nc",
        deviation_stride1=f"results/analysis/deviation_{FIG4.stride1}.nc",
        deviation_stride1_control=f"results/analysis/deviation_{FIG4.stride1_control}.nc",
        deviation_stride2=f"results/analysis/deviation_{FIG4.stride2}.nc",
        kaufman=f"results/analysis/exact_L{size_of(FIG4.exact)}.nc",
    output:
        figure=report(
            "results/fig4.pdf",
            caption="../workflow/report/fig4.rst",
            category="Neural Network Statistical Mechanics",
        ),
    log:
        "results/logs/fig4.log",
    benchmark:
        "results/benchmarks/fig4.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("fig4.py"),
    message:
        "drawing {output.figure}"
    script:
        "../workflow/scripts/fig4.py"
