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


# What the sentence of a rule without output says, a run proposes to try next.
rule encoder:
    """better encoders, other lattices and Hamiltonians, couplings, trust"""
    input:
        encoder_targets(),


rule rg:
    """the renormalization-group study"""
    input:
        rg_targets(),


rule operators:
    """the learning of operators"""
    input:
        operator_targets(),


rule calibrate:
    """whether the errors are right"""
    input:
        calibration_targets(),


rule all:
    """all of these, the ledger of claims and the gallery of figures"""
    default_target: True
    input:
        all_targets(),
        "results/ledger.html",
        "results/index.html",


# For a report of what is there.
rule finished:
    input:
        finished_targets,
