from snakemake.utils import min_version

min_version("9.0")


include: "rules/configuration.smk"


configfile: CONFIG_FILE


report: "workflow/report/workflow.rst"


include: "rules/common.smk"
include: "rules/encoder.smk"
include: "rules/operators.smk"
include: "rules/resources.smk"
include: "rules/pages.smk"
include: "rules/sampling.smk"
include: "rules/datasets.smk"
include: "rules/training.smk"
include: "rules/neural_mcmc.smk"
include: "rules/analysis.smk"
include: "rules/figures.smk"
include: "rules/calibration.smk"
include: "rules/ledger.smk"
include: "rules/gallery.smk"
include: "rules/cache.smk"


rule all:
    default_target: True
    input:
        all_targets(),
        "results/ledger.html",
        "results/index.html",


rule encoder:
    input:
        encoder_targets(),


rule rg:
    input:
        rg_targets(),


rule operators:
    input:
        operator_targets(),


rule calibrate:
    input:
        calibration_targets(),


# For a report of what is there.
rule finished:
    input:
        finished_targets,
