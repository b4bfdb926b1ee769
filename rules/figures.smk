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


rule rg_fig1:
    input:
        small=f"results/rg/ensembles/critical_L{RG.size // 2}_0.nc",
        large=f"results/rg/ensembles/critical_L{RG.size}_0.nc",
        blocked=f"results/rg/blocked/critical_L{RG.size}_0.nc",
    output:
        figure=report(
            "results/rg/fig1.pdf",
            caption="../workflow/report/rg_fig1.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig1.log",
    benchmark:
        "results/benchmarks/rg_fig1.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings(
            "rg_fig1.py", size=RG.size, width=RG.classifiers.main.width
        ),
    message:
        "drawing results/rg/fig1"
    script:
        "../workflow/scripts/rg_fig1.py"


rule rg_fig2:
    input:
        reweighted="results/rg/reweighted.nc",
        direct=direct_files(),
    output:
        figure=report(
            "results/rg/fig2.pdf",
            caption="../workflow/report/rg_fig2.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig2.log",
    benchmark:
        "results/benchmarks/rg_fig2.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_fig2.py"),
    message:
        "drawing results/rg/fig2"
    script:
        "../workflow/scripts/rg_fig2.py"


rule rg_fig3:
    input:
        reweighted="results/rg/reweighted.nc",
        direct=direct_files(),
    output:
        figure=report(
            "results/rg/fig3.pdf",
            caption="../workflow/report/rg_fig3.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig3.log",
    benchmark:
        "results/benchmarks/rg_fig3.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_fig3.py"),
    message:
        "drawing results/rg/fig3"
    script:
        "../workflow/scripts/rg_fig3.py"


rule rg_fig4:
    input:
        mapping="results/rg/mapping_critical.nc",
    output:
        figure=report(
            "results/rg/fig4.pdf",
            caption="../workflow/report/rg_fig4.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig4.log",
    benchmark:
        "results/benchmarks/rg_fig4.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_fig4.py"),
    message:
        "drawing results/rg/fig4"
    script:
        "../workflow/scripts/rg_fig4.py"


rule rg_fig5:
    input:
        mapping="results/rg/mapping_critical.nc",
    output:
        figure=report(
            "results/rg/fig5.pdf",
            caption="../workflow/report/rg_fig5.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig5.log",
    benchmark:
        "results/benchmarks/rg_fig5.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_fig5.py"),
    message:
        "drawing results/rg/fig5"
    script:
        "../workflow/scripts/rg_fig5.py"


rule rg_fig6:
    input:
        mapping="results/rg/mapping_critical.nc",
        field_mapping="results/rg/mapping_field.nc",
    output:
        figure=report(
            "results/rg/fig6.pdf",
            caption="../workflow/report/rg_fig6.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig6.log",
    benchmark:
        "results/benchmarks/rg_fig6.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_fig6.py"),
    message:
        "drawing results/rg/fig6"
    script:
        "../workflow/scripts/rg_fig6.py"


rule rg_fig7:
    output:
        figure=report(
            "results/rg/fig7.pdf",
            caption="../workflow/report/rg_fig7.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_fig7.log",
    benchmark:
        "results/benchmarks/rg_fig7.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_fig7.py"),
    message:
        "drawing results/rg/fig7"
    script:
        "../workflow/scripts/rg_fig7.py"


rule rg_theta_y:
    input:
        sensitivity="results/rg/sensitivity.nc",
    output:
        figure=report(
            "results/rg/theta_y.pdf",
            caption="../workflow/report/rg_theta_y.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_theta_y.log",
    benchmark:
        "results/benchmarks/rg_theta_y.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_theta.py"),
    message:
        "drawing results/rg/theta_y"
    script:
        "../workflow/scripts/rg_theta.py"


rule rg_claims:
    input:
        reweighted="results/rg/reweighted.nc",
        mapping="results/rg/mapping_critical.nc",
        mcrg="results/rg/mcrg.nc",
        search="results/rg/search.nc",
        transfer="results/rg/mapping_transfer.nc",
    output:
        figure=report(
            "results/rg/claims.pdf",
            caption="../workflow/report/rg_claims.rst",
            category="Adding machine learning within Hamiltonians",
        ),
    log:
        "results/logs/rg_claims.log",
    benchmark:
        "results/benchmarks/rg_claims.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=figure_settings("rg_claims.py"),
    message:
        "drawing results/rg/claims"
    script:
        "../workflow/scripts/rg_claims.py"


rule rg_table1:
    input:
        mapping="results/rg/mapping_critical.nc",
        replicas="results/rg/replicas.nc",
        mcrg="results/rg/mcrg.nc",
        search="results/rg/search.nc",
        transfer="results/rg/mapping_transfer.nc",
        reweighted="results/rg/reweighted.nc",
        direct=direct_files(),
    output:
        csv="results/rg/table1.csv",
        markdown="results/rg/table1.md",
    log:
        "results/logs/rg_table1.log",
    benchmark:
        "results/benchmarks/rg_table1.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        settings=settings("rg_table.py"),
    message:
        "drawing results/rg/table1"
    script:
        "../workflow/scripts/rg_table.py"
