# The figures beside the papers' numbers, and what a report is made of.
localrules:
    gallery,


rule gallery:
    input:
        ledger="results/ledger.csv",
        figures=lambda w: wanted(f["path"] for f in pictured()),
        captions=lambda w: [f["caption"] for f in pictured()],
    output:
        html="results/index.html",
    log:
        "results/logs/gallery.log",
    benchmark:
        "results/benchmarks/gallery.tsv"
    conda:
        "../envs/gallery.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        settings=gallery_settings,
    message:
        "the gallery of figures"
    script:
        "../workflow/scripts/gallery.py"
