# Seconds each: on a cluster they run beside Snakemake.
localrules:
    fig3,
    fig4,
    rg_fig1,
    rg_fig2,
    rg_fig3,
    rg_fig4,
    rg_fig5,
    rg_fig6,
    rg_fig7,
    rg_theta_y,
    rg_claims,
    rg_table1,
    operators_fig1,
    operators_fig2,
    operators_fig3,
    operators_fig4,
    operators_fig5,
    operators_fig6,
    operators_fig7,
    operators_fig8,
    operators_fig9,
    operators_fig10,
    operators_fig11,
    operators_fig12,
    operators_fig13,
    operators_fig14,
    operators_fig15,
    operators_confusion,
    operators_speed,
    operators_baselines,
    operators_table,
    encoder_encoders,
    encoder_sizes,
    encoder_interactions,
    encoder_couplings,
    encoder_trust,
    encoder_sampling,
    encoder_blocks,
    encoder_ring,
    encoder_claims,
    encoder_own,


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
            category="Wang & Jiang",
            subcategory="Figures of the paper",
            labels=numbered(3, "spin per site of the learned Hamiltonian"),
        ),
    log:
        "results/logs/fig3.log",
    benchmark:
        "results/benchmarks/fig3.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Wang & Jiang",
            subcategory="Figures of the paper",
            labels=numbered(4, "spin per site of block sums"),
        ),
    log:
        "results/logs/fig4.log",
    benchmark:
        "results/benchmarks/fig4.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(1, "network and mapping"),
        ),
    log:
        "results/logs/rg_fig1.log",
    benchmark:
        "results/benchmarks/rg_fig1.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(0.5 * packed_spins(f"critical_L{RG.size}_0")),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(2, "predictive function against the field"),
        ),
    log:
        "results/logs/rg_fig2.log",
    benchmark:
        "results/benchmarks/rg_fig2.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(3, "its susceptibility"),
        ),
    log:
        "results/logs/rg_fig3.log",
    benchmark:
        "results/benchmarks/rg_fig3.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(4, "crossing of original and rescaled"),
        ),
    log:
        "results/logs/rg_fig4.log",
    benchmark:
        "results/benchmarks/rg_fig4.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(5, "mapping of the temperature"),
        ),
    log:
        "results/logs/rg_fig5.log",
    benchmark:
        "results/benchmarks/rg_fig5.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(6, "mapping of the field"),
        ),
    log:
        "results/logs/rg_fig6.log",
    benchmark:
        "results/benchmarks/rg_fig6.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Figures of the paper",
            labels=numbered(7, "majority rule"),
        ),
    log:
        "results/logs/rg_fig7.log",
    benchmark:
        "results/benchmarks/rg_fig7.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Claims and checks",
            labels={"Figure": "What theta_Y depends on"},
        ),
    log:
        "results/logs/rg_theta_y.log",
    benchmark:
        "results/benchmarks/rg_theta_y.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
            category="Bachtis, Aarts & Lucini",
            subcategory="Claims and checks",
            labels={"Figure": "Claims beyond the figures"},
        ),
    log:
        "results/logs/rg_claims.log",
    benchmark:
        "results/benchmarks/rg_claims.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
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
        csv=report(
            "results/rg/table1.csv",
            caption="../workflow/report/rg_table1.rst",
            category="Bachtis, Aarts & Lucini",
            subcategory="Tables",
            labels={"Table": "Table I: critical point and exponents"},
        ),
        markdown="results/rg/table1.md",
    log:
        "results/logs/rg_table1.log",
    benchmark:
        "results/benchmarks/rg_table1.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=settings("rg_table.py"),
    message:
        "drawing results/rg/table1"
    script:
        "../workflow/scripts/rg_table.py"


rule operators_fig1:
    input:
        weights=trained("classes_L8"),
        header=trained("classes_L8", suffix="json"),
        data="results/operators/data/targeted_L8_0.nc",
    output:
        figure=report(
            "results/operators/fig1.pdf",
            caption="../workflow/report/operators_fig1.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(1, "the network"),
        ),
    log:
        "results/logs/operators_fig1.log",
    benchmark:
        "results/benchmarks/operators_fig1.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig1.py"),
    message:
        "drawing results/operators/fig1"
    script:
        "../workflow/scripts/operators_fig1.py"


rule operators_fig2:
    input:
        data="results/operators/data/random_L4_0.nc",
        predictions=predicted("classes_L4_random"),
    output:
        figure=report(
            "results/operators/fig2.pdf",
            caption="../workflow/report/operators_fig2.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(2, "4x4, random training data"),
        ),
    log:
        "results/logs/operators_fig2.log",
    benchmark:
        "results/benchmarks/operators_fig2.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_energies.py"),
    message:
        "drawing results/operators/fig2"
    script:
        "../workflow/scripts/operators_energies.py"


rule operators_fig3:
    input:
        data="results/operators/data/targeted_L4_0.nc",
        predictions=predicted("classes_L4"),
    output:
        figure=report(
            "results/operators/fig3.pdf",
            caption="../workflow/report/operators_fig3.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(3, "4x4, targeted sampling"),
        ),
    log:
        "results/logs/operators_fig3.log",
    benchmark:
        "results/benchmarks/operators_fig3.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_energies.py"),
    message:
        "drawing results/operators/fig3"
    script:
        "../workflow/scripts/operators_energies.py"


rule operators_fig4:
    input:
        predictions=learning_curve("classes_L4"),
    output:
        figure=report(
            "results/operators/fig4.pdf",
            caption="../workflow/report/operators_fig4.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(4, "4x4, accuracy against examples"),
        ),
    log:
        "results/logs/operators_fig4.log",
    benchmark:
        "results/benchmarks/operators_fig4.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig4.py"),
    message:
        "drawing results/operators/fig4"
    script:
        "../workflow/scripts/operators_fig4.py"


rule operators_fig5:
    output:
        figure=report(
            "results/operators/fig5.pdf",
            caption="../workflow/report/operators_fig5.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(5, "configuration space of 4x4"),
        ),
    log:
        "results/logs/operators_fig5.log",
    benchmark:
        "results/benchmarks/operators_fig5.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig5.py"),
    message:
        "drawing results/operators/fig5"
    script:
        "../workflow/scripts/operators_fig5.py"


rule operators_fig6:
    input:
        predictions=learning_curve("classes_L8"),
    output:
        figure=report(
            "results/operators/fig6.pdf",
            caption="../workflow/report/operators_fig6.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(6, "8x8, accuracy against examples"),
        ),
    log:
        "results/logs/operators_fig6.log",
    benchmark:
        "results/benchmarks/operators_fig6.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig6.py"),
    message:
        "drawing results/operators/fig6"
    script:
        "../workflow/scripts/operators_fig6.py"


rule operators_fig7:
    input:
        chains="results/operators/chains/classes_L4.nc",
    output:
        figure=report(
            "results/operators/fig7.pdf",
            caption="../workflow/report/operators_fig7.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(7, "4x4, energy and specific heat"),
        ),
    log:
        "results/logs/operators_fig7.log",
    benchmark:
        "results/benchmarks/operators_fig7.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig7.py"),
    message:
        "drawing results/operators/fig7"
    script:
        "../workflow/scripts/operators_fig7.py"


rule operators_fig8:
    input:
        chains="results/operators/chains/classes_L4.nc",
    output:
        figure=report(
            "results/operators/fig8.pdf",
            caption="../workflow/report/operators_fig8.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(8, "4x4, magnetization"),
        ),
    log:
        "results/logs/operators_fig8.log",
    benchmark:
        "results/benchmarks/operators_fig8.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig8.py"),
    message:
        "drawing results/operators/fig8"
    script:
        "../workflow/scripts/operators_fig8.py"


rule operators_fig9:
    input:
        classes="results/operators/chains/classes_L8.nc",
        regression="results/operators/chains/energy_L8.nc",
    output:
        figure=report(
            "results/operators/fig9.pdf",
            caption="../workflow/report/operators_fig9.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(9, "8x8, energy and specific heat"),
        ),
    log:
        "results/logs/operators_fig9.log",
    benchmark:
        "results/benchmarks/operators_fig9.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig9.py"),
    message:
        "drawing results/operators/fig9"
    script:
        "../workflow/scripts/operators_fig9.py"


rule operators_fig10:
    input:
        chains="results/operators/chains/coulomb.nc",
    output:
        figure=report(
            "results/operators/fig10.pdf",
            caption="../workflow/report/operators_fig10.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(10, "magnetization, screened Coulomb"),
        ),
    log:
        "results/logs/operators_fig10.log",
    benchmark:
        "results/benchmarks/operators_fig10.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig10.py"),
    message:
        "drawing results/operators/fig10"
    script:
        "../workflow/scripts/operators_fig10.py"


rule operators_fig11:
    input:
        coulomb=predicted("coulomb"),
        sinusoidal=predicted("sinusoidal"),
        scan=scan_of_k(),
    output:
        figure=report(
            "results/operators/fig11.pdf",
            caption="../workflow/report/operators_fig11.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(11, "long-range energies"),
        ),
    log:
        "results/logs/operators_fig11.log",
    benchmark:
        "results/benchmarks/operators_fig11.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig11.py"),
    message:
        "drawing results/operators/fig11"
    script:
        "../workflow/scripts/operators_fig11.py"


rule operators_fig12:
    input:
        angles=predicted("potts_angles"),
        vectors=predicted("potts_vectors"),
    output:
        figure=report(
            "results/operators/fig12.pdf",
            caption="../workflow/report/operators_fig12.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(12, "planar Potts energies"),
        ),
    log:
        "results/logs/operators_fig12.log",
    benchmark:
        "results/benchmarks/operators_fig12.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig12.py"),
    message:
        "drawing results/operators/fig12"
    script:
        "../workflow/scripts/operators_fig12.py"


rule operators_fig13:
    input:
        activations="results/operators/activations.nc",
    output:
        figure=report(
            "results/operators/fig13.pdf",
            caption="../workflow/report/operators_fig13.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(13, "kernels"),
        ),
    log:
        "results/logs/operators_fig13.log",
    benchmark:
        "results/benchmarks/operators_fig13.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig13.py"),
    message:
        "drawing results/operators/fig13"
    script:
        "../workflow/scripts/operators_fig13.py"


rule operators_fig14:
    input:
        activations="results/operators/activations.nc",
    output:
        figure=report(
            "results/operators/fig14.pdf",
            caption="../workflow/report/operators_fig14.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(14, "what filters detect"),
        ),
    log:
        "results/logs/operators_fig14.log",
    benchmark:
        "results/benchmarks/operators_fig14.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig14.py"),
    message:
        "drawing results/operators/fig14"
    script:
        "../workflow/scripts/operators_fig14.py"


rule operators_fig15:
    input:
        split="results/operators/split.nc",
    output:
        figure=report(
            "results/operators/fig15.pdf",
            caption="../workflow/report/operators_fig15.rst",
            category="Mills & Tamblyn",
            subcategory="Figures of the paper",
            labels=numbered(15, "hash that splits the data"),
        ),
    log:
        "results/logs/operators_fig15.log",
    benchmark:
        "results/benchmarks/operators_fig15.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_fig15.py"),
    message:
        "drawing results/operators/fig15"
    script:
        "../workflow/scripts/operators_fig15.py"


rule operators_confusion:
    input:
        small=predicted("classes_L4"),
        large=predicted("classes_L8"),
    output:
        figure=report(
            "results/operators/confusion.pdf",
            caption="../workflow/report/operators_confusion.rst",
            category="Mills & Tamblyn",
            subcategory="Claims and checks",
            labels={"Figure": "Errors by energy level"},
        ),
    log:
        "results/logs/operators_confusion.log",
    benchmark:
        "results/benchmarks/operators_confusion.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_confusion.py"),
    message:
        "drawing results/operators/confusion"
    script:
        "../workflow/scripts/operators_confusion.py"


rule operators_speed:
    input:
        speed="results/operators/speed.nc",
    output:
        figure=report(
            "results/operators/speed.pdf",
            caption="../workflow/report/operators_speed.rst",
            category="Mills & Tamblyn",
            subcategory="Claims and checks",
            labels={"Figure": "Speed of long-range energies"},
        ),
    log:
        "results/logs/operators_draw_speed.log",
    benchmark:
        "results/benchmarks/operators_draw_speed.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_speed.py"),
    message:
        "drawing results/operators/speed"
    script:
        "../workflow/scripts/operators_speed.py"


rule operators_baselines:
    input:
        baselines="results/operators/baselines.nc",
        network=predicted("energy_L8"),
    output:
        figure=report(
            "results/operators/baselines.pdf",
            caption="../workflow/report/operators_baselines.rst",
            category="Mills & Tamblyn",
            subcategory="Claims and checks",
            labels={"Figure": "Standard regressors"},
        ),
    log:
        "results/logs/operators_draw_baselines.log",
    benchmark:
        "results/benchmarks/operators_draw_baselines.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("operators_baselines.py"),
    message:
        "drawing results/operators/baselines"
    script:
        "../workflow/scripts/operators_baselines.py"


rule operators_table:
    input:
        predictions=all_predictions(),
        weights=[trained("classes_L8_adadelta")],
        header=trained("classes_L8_adadelta", suffix="json"),
        chains=[f"results/operators/chains/{name}.nc" for name in OPERATOR_CHAINS],
        data=[
            f"results/operators/data/{name}_0.nc"
            for name in ("random_L4", "targeted_L4", "targeted_L8")
        ],
        speed="results/operators/speed.nc",
        baselines="results/operators/baselines.nc",
        split="results/operators/split.nc",
    output:
        csv=report(
            "results/operators/table.csv",
            caption="../workflow/report/operators_table.rst",
            category="Mills & Tamblyn",
            subcategory="Tables",
            labels={"Table": "Numbers of the text"},
        ),
        markdown="results/operators/table.md",
    log:
        "results/logs/operators_table.log",
    benchmark:
        "results/benchmarks/operators_table.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=lambda w: settings("operators_table.py"),
    message:
        "drawing results/operators/table"
    script:
        "../workflow/scripts/operators_table.py"


rule encoder_encoders:
    input:
        unpack(encoders_input),
    output:
        figure=report(
            "results/encoder/encoders.pdf",
            caption="../workflow/report/encoder_encoders.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Encoders side by side"},
        ),
        table=report(
            "results/encoder/encoders.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Encoders side by side"},
        ),
    log:
        "results/logs/encoder_encoders.log",
    benchmark:
        "results/benchmarks/encoder_encoders.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings(
            "encoder_encoders.py",
            names=ENCODER.encoders,
            labels=labels(ENCODER.encoders),
        ),
    message:
        "drawing results/encoder/encoders"
    script:
        "../workflow/scripts/encoder_encoders.py"


rule encoder_sizes:
    input:
        unpack(sizes_input),
    output:
        figure=report(
            "results/encoder/sizes.pdf",
            caption="../workflow/report/encoder_sizes.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Other lattice sizes"},
        ),
        table=report(
            "results/encoder/sizes.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Other lattice sizes"},
        ),
    log:
        "results/logs/encoder_sizes.log",
    benchmark:
        "results/benchmarks/encoder_sizes.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("encoder_sizes.py"),
    message:
        "drawing results/encoder/sizes"
    script:
        "../workflow/scripts/encoder_sizes.py"


rule encoder_interactions:
    input:
        unpack(interactions_input),
    output:
        figure=report(
            "results/encoder/interactions.pdf",
            caption="../workflow/report/encoder_interactions.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Other interactions"},
        ),
        table=report(
            "results/encoder/interactions.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Other interactions"},
        ),
    log:
        "results/logs/encoder_interactions.log",
    benchmark:
        "results/benchmarks/encoder_interactions.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("encoder_interactions.py", names=ENCODER.interactions),
    message:
        "drawing results/encoder/interactions"
    script:
        "../workflow/scripts/encoder_interactions.py"


rule encoder_couplings:
    input:
        couplings=expand("results/encoder/couplings/{model}.nc", model=COUPLINGS.models),
        coverage=expand("results/encoder/coverage/{job}.nc", job=COVERAGE_JOBS),
    output:
        figure=report(
            "results/encoder/couplings.pdf",
            caption="../workflow/report/encoder_couplings.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Couplings read off"},
        ),
        table=report(
            "results/encoder/couplings.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Couplings read off"},
        ),
    log:
        "results/logs/encoder_couplings.log",
    benchmark:
        "results/benchmarks/encoder_couplings.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("encoder_couplings.py", names=COUPLINGS.models),
    message:
        "drawing results/encoder/couplings"
    script:
        "../workflow/scripts/encoder_couplings.py"


rule encoder_trust:
    input:
        unpack(trust_input),
    output:
        figure=report(
            "results/encoder/trust.pdf",
            caption="../workflow/report/encoder_trust.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Where to trust the chains"},
        ),
        table=report(
            "results/encoder/trust.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Where to trust the chains"},
        ),
    log:
        "results/logs/encoder_trust.log",
    benchmark:
        "results/benchmarks/encoder_trust.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings(
            "encoder_trust.py", names=ENCODER.trust, labels=labels(ENCODER.trust)
        ),
    message:
        "drawing results/encoder/trust"
    script:
        "../workflow/scripts/encoder_trust.py"


rule encoder_sampling:
    input:
        unpack(sampling_input),
    output:
        figure=report(
            "results/encoder/sampling.pdf",
            caption="../workflow/report/encoder_sampling.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Any algorithm may sample"},
        ),
        table=report(
            "results/encoder/sampling.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Any algorithm may sample"},
        ),
    log:
        "results/logs/encoder_sampling.log",
    benchmark:
        "results/benchmarks/encoder_sampling.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings(
            "encoder_sampling.py", names=SAMPLING.models, labels=SAMPLING.models
        ),
    message:
        "drawing results/encoder/sampling"
    script:
        "../workflow/scripts/encoder_sampling.py"


rule encoder_blocks:
    input:
        unpack(blocks_input),
    output:
        figure=report(
            "results/encoder/blocks.pdf",
            caption="../workflow/report/encoder_blocks.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Block sums taken apart"},
        ),
        table=report(
            "results/encoder/blocks.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Block sums taken apart"},
        ),
    log:
        "results/logs/encoder_blocks.log",
    benchmark:
        "results/benchmarks/encoder_blocks.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("encoder_blocks.py"),
    message:
        "drawing results/encoder/blocks"
    script:
        "../workflow/scripts/encoder_blocks.py"


rule encoder_ring:
    input:
        ring="results/encoder/ring.nc",
        likelihood=[f"results/analysis/likelihood_{m}.nc" for m in LAYERED],
    output:
        figure=report(
            "results/encoder/ring.pdf",
            caption="../workflow/report/encoder_ring.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Appendix A: rings, and how many layers"},
        ),
        table=report(
            "results/encoder/ring.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Rings, and how many layers"},
        ),
    log:
        "results/logs/encoder_ring.log",
    benchmark:
        "results/benchmarks/encoder_ring.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("encoder_ring.py", labels=LAYERED),
    message:
        "drawing results/encoder/ring"
    script:
        "../workflow/scripts/encoder_ring.py"


rule encoder_claims:
    input:
        unpack(claims_input),
    output:
        figure=report(
            "results/encoder/claims.pdf",
            caption="../workflow/report/encoder_claims.rst",
            category="Wang & Jiang",
            subcategory="Claims and checks",
            labels={"Figure": "Order, noise, number of configurations"},
        ),
        table=report(
            "results/encoder/claims.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Tables",
            labels={"Table": "Order, noise, number of configurations"},
        ),
    log:
        "results/logs/encoder_claims.log",
    benchmark:
        "results/benchmarks/encoder_claims.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings(
            "encoder_claims.py",
            temperature=training_temperature(
                CONFIG.neural_sweeps[ENCODER.orders.sweep].model
            ),
        ),
    message:
        "drawing results/encoder/claims"
    script:
        "../workflow/scripts/encoder_claims.py"


rule encoder_own:
    input:
        unpack(own_input),
    output:
        figure=report(
            "results/encoder/own_{own}.pdf",
            caption="../workflow/report/encoder_own.rst",
            category="Wang & Jiang",
            subcategory="Your own configurations",
            labels={"Figure": "{own}"},
        ),
        table=report(
            "results/encoder/own_{own}.csv",
            caption="../workflow/report/encoder_table.rst",
            category="Wang & Jiang",
            subcategory="Your own configurations",
            labels={"Figure": "{own}, table"},
        ),
    log:
        "results/logs/encoder_own_{own}.log",
    benchmark:
        "results/benchmarks/encoder_own_{own}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=memory(),
        runtime=5,
    params:
        settings=figure_settings("encoder_own.py"),
    message:
        "drawing results/encoder/own_{wildcards.own}"
    script:
        "../workflow/scripts/encoder_own.py"
