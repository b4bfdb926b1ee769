"""The table of changes: what each change makes Snakemake rerun, and nothing more.

Each row changes one thing in a finished run of the smoke preset and compares the jobs that a dry
run lists with the exact expected set.
"""

import os
from pathlib import Path

import pytest
import yaml

from spinnet.config import check

ROOT = Path(__file__).parents[2]


def merged(base, overlay):
    return base | {
        k: merged(base[k], v) if isinstance(v, dict) and isinstance(base.get(k), dict) else v
        for k, v in overlay.items()
    }


# The names of all entries, variants included; what depends on what is written out below.
CONFIG = check(merged(*(yaml.safe_load((ROOT / f"config/{p}.yaml").read_text()) for p in ("config", "presets/smoke"))))
CHUNKS = ("0", "1")
GRID = len(CONFIG.temperatures)  # sweeps with temperatures of their own have one chunk here
EXACT = [*CONFIG.exact_sweeps]
NEURAL = {name: sweep.model for name, sweep in CONFIG.neural_sweeps.items()}
MODELS = {name: model.dataset for name, model in CONFIG.models.items()}
DATASETS = {name: dataset.ensemble for name, dataset in CONFIG.datasets.items()}
SWEEPS = [*EXACT, *NEURAL]
KAUFMAN = {f"Kaufman's exact solution for L = {size}" for size in (8, 16)}  # of this preset, and of a claim


RG_NETWORKS = {"main": (32, 16, 8), **dict.fromkeys(("narrow", "short", "long"), (32, 16))}
RG_BLOCKED = [
    f"{study}_L{size}_{i}"
    for study, jobs in (("critical", 2), ("transfer", 1))
    for size in (32, 16)
    for i in range(jobs)
]
RG_FIELD = ["field_0.4", "field_0.43"]
RG_MOMENTS = {"operators of critical_L32_0", "operators of critical_L32_1"}

# They read nearly everything, or show all settings; see test_ledger.py and test_gallery.py.
LAST = {"the ledger of claims", "tests that claims name", "the gallery of figures"}


def rg_draw(*names):
    return {f"drawing results/rg/{n}" for n in names}


RG_FIGURES = rg_draw("fig1", "fig2", "fig3", "fig4", "fig5", "fig6", "fig7", "theta_y", "claims")
FIGURES = {"drawing results/fig3.pdf", "drawing results/fig4.pdf"}
RG_DIRECT = {
    "chains of E - V f Y at beta = 0.4, wolff moves",
    "chains of E - V f Y at beta = 0.43, wolff moves",
    "chains of E - V f Y at beta = 0.43, metropolis moves",
}
RG_MAPPINGS = {
    "mapping of beta, critical", "mapping of beta, transfer", "replicas with the paper's statistics", "mapping of Y",
}  # fmt: skip


def rg_variant(name):
    """Jobs behind changed networks of a variant."""
    jobs = {f"training classifiers {name}, L = {size}" for size in RG_NETWORKS[name]}
    jobs |= {f"networks {name} on critical_L{size}_0" for size in (32, 16)}
    return jobs | {"what theta_Y depends on"} | rg_draw("theta_y")


def rg_main():
    """Jobs behind the changed main networks."""
    jobs = {f"training classifiers main, L = {size}" for size in RG_NETWORKS["main"]} | RG_DIRECT | RG_MAPPINGS
    jobs |= {f"networks main on {e}" for e in (*RG_BLOCKED, *RG_FIELD)}
    jobs |= {"reweighting in Y", "search for the critical point", "what theta_Y depends on"}
    return jobs | rg_draw("fig2", "fig3", "fig4", "fig5", "fig6", "theta_y", "claims", "table1")


RG_TRAINING = rg_main().union(*(rg_variant(n) for n in RG_NETWORKS if n != "main"))
RG_SAMPLING = {f"sampling {e}" for e in (*RG_BLOCKED, *RG_FIELD)} | {f"blocking {e}" for e in RG_BLOCKED}
RG_MCRG = RG_MOMENTS | {"Monte Carlo renormalization group"} | rg_draw("claims", "table1")
RG_PHASES = {f"configurations of two phases, L = {size}" for size in (32, 16, 8)}
RG_ALL = RG_PHASES | RG_TRAINING | RG_SAMPLING | RG_MCRG | rg_draw("fig1")
RG_TRANSFER = {
    f"{what} transfer_L{size}_0" for what in ("sampling", "blocking", "networks main on") for size in (32, 16)
}


OP_DATA = dict.fromkeys(
    ("targeted_L8", "random_L4", "coulomb", "sinusoidal", "coulomb_k03", "coulomb_k01", "sinusoidal_k01", "potts",
     "disordered", "odd"), 1,
) | {"targeted_L4": 2}  # fmt: skip
OP_NETWORKS = {  # name: (data, examples)
    "classes_L4": ("targeted_L4", (20, 40)), "classes_L4_zero": ("targeted_L4", (40,)),
    "classes_L4_random": ("random_L4", (400,)), "magnetization_L4": ("targeted_L4", (40,)),
    "demonstration": ("odd", (800,)), "coulomb_thermal": ("thermal", (200,)),
    **dict.fromkeys(
        ("classes_L8", "classes_L8_zero", "classes_L8_small", "classes_L8_adadelta", "energy_L8", "magnetization_L8"),
        ("targeted_L8", (20,)),
    ),
    **dict.fromkeys(("potts_angles", "potts_vectors"), ("potts", (400,))),
    **{n: (n, (400,)) for n in ("coulomb", "sinusoidal", "coulomb_k03", "coulomb_k01", "sinusoidal_k01", "disordered")},
}  # fmt: skip
OP_CHAINS = {"classes_L4": "classes_L4", "magnetization_L4": "classes_L4", "classes_L8": "classes_L8",
             "energy_L8": "energy_L8", "coulomb_thermal": "coulomb"}  # fmt: skip
OP_PICTURES = {
    "classes_L8": ("fig1", "fig6", "confusion"), "classes_L4_random": ("fig2",),
    "classes_L4": ("fig3", "fig4", "confusion"), "energy_L8": ("baselines",), "demonstration": ("fig13", "fig14"),
    "coulomb": ("fig11", "speed"), **dict.fromkeys(("potts_angles", "potts_vectors"), ("fig12",)),
    **dict.fromkeys(("sinusoidal", "coulomb_k03", "coulomb_k01", "sinusoidal_k01"), ("fig11",)),
}  # fmt: skip
OP_CHAIN_PICTURES = {
    "classes_L4": ("fig7", "fig8"),
    "classes_L8": ("fig9",),
    "energy_L8": ("fig9",),
    "coulomb": ("fig10",),
}


def op_draw(*names):
    return {f"drawing results/operators/{n}" for n in names}


OP_FIGURES = op_draw(*(f"fig{i}" for i in range(1, 16)), "confusion", "speed", "baselines")


def op_networks(names):
    """Jobs of changed networks and behind them."""
    names = set(names)
    names |= {"coulomb_thermal"} if "coulomb" in names else set()
    jobs = op_draw("table")
    for name in names:
        sets = 2 if name == "classes_L4" else 1
        examples = OP_NETWORKS[name][1]
        jobs |= {f"training operator {name}, set {s}, {e} examples" for s in range(sets) for e in examples}
        jobs |= op_draw(*OP_PICTURES.get(name, ()))
    jobs |= op_chains({OP_CHAINS[name] for name in names & set(OP_CHAINS)})
    jobs |= {"speed of long-range energies"} if "coulomb" in names else set()
    return jobs | ({"images that maximise the output of filters"} if "demonstration" in names else set())


def op_chains(names):
    jobs = {f"chains that a network drives, {n}" for n in names}
    return jobs.union(op_draw("table"), *(op_draw(*OP_CHAIN_PICTURES[n]) for n in names))


def op_data(names):
    """Jobs of changed data sets and behind them."""
    jobs = {f"states and energies {n}, set {s}" for n in names for s in range(OP_DATA[n])}
    jobs |= op_networks(n for n, (data, _) in OP_NETWORKS.items() if data in names)
    if "targeted_L8" in names:
        jobs |= {"hash that splits the data", "standard regressors"} | op_draw("fig1", "fig15", "baselines")
    return jobs


OP_THERMAL = {"thermal configurations of the Coulomb model"} | op_networks(["coulomb_thermal"])
OP_ALL = op_data(OP_DATA) | OP_THERMAL
OP_TARGETED = op_data(["targeted_L4", "targeted_L8"])
OP_LONG_RANGE = op_data([n for n in OP_DATA if n.startswith(("coulomb", "sinusoidal"))]) | OP_THERMAL


ENCODER = CONFIG.encoder
BLOCKS = [ENCODER.blocks.stride1, ENCODER.blocks.stride2]
SCANNED = {name for name in SWEEPS if name.startswith((*BLOCKS, "ising"))} - {"ising32", "ising64"}
CLAIMED = {name for name in NEURAL if name.startswith("quick")}


def en_draw(*names):
    return {f"drawing results/encoder/{n}" for n in names}


EN_FIGURES = en_draw(
    "encoders", "sizes", "interactions", "couplings", "trust", "sampling", "blocks", "ring", "claims"
)  # fmt: skip
EN_COVERAGE = {f"blind trials of couplings, part {i}" for i in range(2)}
EN_EXACT = {"exact distributions of block sums"}
EN_RING = {"rings, and how many layers they need"}


def chunks(names, numbers=CHUNKS):
    """Jobs of sweeps; one with temperatures of its own has one chunk."""
    jobs = set()
    for name in names:
        kind, sweep = ("exact", CONFIG.exact_sweeps[name]) if name in EXACT else ("learned", CONFIG.neural_sweeps[name])
        jobs |= {f"{kind} Hamiltonian {name}, temperatures {i}" for i in (("0",) if sweep.temperatures else numbers)}
    return jobs


def with_exact(names):
    """Sweeps, and those that they are compared with."""
    return {*names, *(CONFIG.neural_sweeps[n].exact for n in names)}


def after_sweeps(names):
    """Jobs behind changed sweeps: joining, deviations of all that are compared with one, figures."""
    names = set(names)
    measured = names | {n for n in NEURAL if CONFIG.neural_sweeps[n].exact in names}
    jobs = {f"joining sweep {n}" for n in names}
    jobs |= {f"deviation of {n} from the exact Hamiltonian" for n in measured}
    jobs |= {f"where to trust {n}" for n in names & set(ENCODER.trust)}
    users = {
        "fig3": measured & {"spins"}, "fig4": measured & {"spins", "stride1", "stride1_spin_moves", "stride2"},
        "encoders": measured & set(ENCODER.encoders), "trust": measured & set(ENCODER.trust),
        "sizes": names & with_exact(ENCODER.sizes), "interactions": names & with_exact(ENCODER.interactions),
        "blocks": names & SCANNED | measured & set(dict(ENCODER.blocks.parts).values()), "claims": measured & CLAIMED,
    }  # fmt: skip
    for figure, used in users.items():
        jobs |= ({f"drawing results/{figure}.pdf"} if figure.startswith("fig") else en_draw(figure)) if used else set()
    return jobs


def after_models(models):
    """Jobs behind changed networks."""
    models = set(models)
    sweeps = [s for s, m in NEURAL.items() if m in models]
    jobs = likelihoods(models) | chunks(sweeps) | after_sweeps(sweeps)
    jobs |= {f"couplings read off {m}" for m in models & set(ENCODER.couplings.models)}
    sampled = models & set(ENCODER.sampling.models)
    jobs |= {f"{what} {m}" for m in sampled for what in ("importance sampling by", "algorithms that sample")}
    jobs |= en_draw("couplings") if models & set(ENCODER.couplings.models) else set()
    return jobs | (en_draw("sampling") if sampled else set())


def likelihoods(models):
    """Likelihoods of networks, and the figures that show them."""
    models = set(models)
    shown = {
        "encoders": {NEURAL[n] for n in ENCODER.encoders}, "ring": set(ENCODER.layered),
        "blocks": {NEURAL[n] for n in dict(ENCODER.blocks.parts).values()},
        "claims": {m for m in MODELS if m.startswith("quick")},
    }  # fmt: skip
    jobs = {f"likelihood of {m} on held-out configurations" for m in models}
    jobs |= {"drawing results/fig3.pdf"} if "spins" in models else set()
    return jobs.union(*(en_draw(figure) for figure, used in shown.items() if used & models))


def trainings(models):
    models = set(models)
    return {f"training {m}" for m in models} | after_models(models)


def after_ensembles(ensembles):
    datasets = {d for d, e in DATASETS.items() if e in ensembles}
    return {f"data set {d}" for d in datasets} | trainings(m for m, d in MODELS.items() if d in datasets)


def ensembles(names):
    return {f"sampling ensemble {n}" for n in names} | after_ensembles(names)


ALL_ENSEMBLES = ensembles(CONFIG.ensembles)
MAIN = ALL_ENSEMBLES | chunks(EXACT) | after_sweeps(SWEEPS)
# In the grid of temperatures and of an Ising sweep; variants on other lattices copy the sweep.
ON_GRID = [n for n in SWEEPS if not (CONFIG.exact_sweeps.get(n) or CONFIG.neural_sweeps[n]).temperatures]
ISING = [n for n in EXACT if n == "ising" or n.startswith("ising_L")]
NEW_NOISE = {
    "learned Hamiltonian quick_noise_1000, temperatures 0", "joining sweep quick_noise_1000",
    "deviation of quick_noise_1000 from the exact Hamiltonian",
    "likelihood of quick_noise_1000 on held-out configurations",
} | en_draw("claims")  # fmt: skip
ALGORITHMS = {f"algorithms that sample {m}" for m in ENCODER.sampling.models} | en_draw("sampling")
READ_OFF = {f"couplings read off {m}" for m in ENCODER.couplings.models}
EN_OTHERS = en_draw("ring")
EN_SEEDED = EN_COVERAGE | EN_EXACT | EN_RING


def calibrated(*problems):
    """Jobs behind changed replicas of problems, or of all."""
    names = problems or type(CONFIG.calibration.replicas).model_fields
    return {f"replicas of {n}, part 0" for n in names} | CALIBRATION


CALIBRATION = {"drawing results/calibration"}
TRUTH = {"a very long run for the truth of the exponents"}
SAMPLED = ("samplers", "reweighting", "exponents", "gaps", "free_energies", "couplings")
LEARNED = ("samplers", "gaps", "free_energies", "couplings")
LIBRARY = "workflow/scripts/spinnet"

CONFIG_ROWS = {
    "nothing": ("{}", set()),
    "interval of checkpoints, memory": ("{checkpoint_seconds: 7, memory_gb: 1000}", set()),
    "figure dpi": ("figures: {dpi: 100}", FIGURES | EN_FIGURES | RG_FIGURES | OP_FIGURES | CALIBRATION),
    "figure style": ("figures: {font_size: 9}", FIGURES | EN_FIGURES | RG_FIGURES | OP_FIGURES | CALIBRATION),
    "epochs": (
        "training: {max_epochs: 11}",
        trainings(m for m in MODELS if CONFIG.models[m].training.max_epochs is None),
    ),
    "epochs of one network": ("models: {symmetric: {training: {max_epochs: 3}}}", trainings(["symmetric"])),
    "layer sizes permuted": (
        "models: {stride2: {hidden: [16, 24]}}",
        trainings(["stride2"]),
    ),
    "order of sites": ("models: {spins: {order: column}}", trainings(["spins"])),
    "symmetries": (
        "models: {stride2_direct: {symmetries: [flip]}}",
        trainings(m for m in MODELS if m.startswith("stride2_direct")),
    ),
    "temperature added": (
        "temperatures: [1.5, 2.0, 2.25, 2.5, 3.0, 3.5]",
        chunks(ON_GRID, ["1"]) | after_sweeps(ON_GRID) | KAUFMAN | EN_EXACT,
    ),
    "temperature inside the grid": (
        "temperatures: [1.5, 2.1, 2.25, 2.5, 3.0]",
        chunks(ON_GRID, ["0"]) | after_sweeps(ON_GRID) | EN_EXACT,
    ),
    "seed": ("seed: 7", MAIN | EN_SEEDED | EN_FIGURES | RG_ALL | OP_ALL | TRUTH | calibrated()),
    "thinning": ("ensembles: {plaquette: {thinning: 3.0}}", ensembles(["plaquette"])),
    "strength of an interaction": (
        "ensembles: {three: {interactions: {three: 0.02}}}\nexact_sweeps: {three_exact: {interactions: {three: 0.02}}}",
        ensembles(["three"]) | chunks(["three_exact"]) | after_sweeps(["three_exact"]),
    ),
    "two equal settings swapped": (
        "neural_sweeps: {stride2: {burn_in: 40, sweeps: 20}}",
        chunks(["stride2"]) | after_sweeps(["stride2"]),
    ),
    "error at which chains end": (
        "neural_sweeps: {stride2: {error: 0.02}}",
        chunks(["stride2"]) | after_sweeps(["stride2"]),
    ),
    "length of the exact chains": (
        "exact_sweeps: {ising: {sweeps: 201}}",
        chunks(ISING) | after_sweeps(ISING),
    ),
    "ancestral samples": (
        "ancestral_samples: 201",
        likelihoods(MODELS),
    ),
    "a noise rate more": (
        "encoder: {noise: {rates: [0.05, 0.1]}}",
        {"data set quick_noise_1000", "training quick_noise_1000"} | NEW_NOISE,
    ),
    "blind trials more": (
        "encoder: {couplings: {trials: 3}}",
        {"blind trials of couplings, part 2"} | en_draw("couplings"),
    ),
    "samples drawn site by site": (
        "encoder: {sampling: {samples: 201}}",
        {f"importance sampling by {m}" for m in ENCODER.sampling.models} | en_draw("sampling"),
    ),
    "classifiers' epochs": ("rg: {classifiers: {main: {max_epochs: 9}}}", rg_main()),
    "a variant's width": ("rg: {classifiers: {variants: {narrow: {width: 5}}}}", rg_variant("narrow")),
    "jackknife bins": ("rg: {mapping: {bins: 10}}", RG_MAPPINGS | rg_draw("fig4", "fig5", "fig6", "claims", "table1")),
    "field of direct sampling": (
        "rg: {direct: {metropolis_fields: [0.024]}}",
        {"chains of E - V f Y at beta = 0.43, metropolis moves"} | rg_draw("fig2", "fig3", "table1"),
    ),
    "triangular lattice": (
        "rg: {transfer: {samples: 501}}",
        RG_TRANSFER | {"mapping of beta, transfer"} | rg_draw("claims", "table1"),
    ),
    "a network's epochs": ("operators: {networks: {potts_angles: {epochs: [2]}}}", op_networks(["potts_angles"])),
    "a network that others start from": (
        "operators: {networks: {coulomb: {learning_rate: 1.0e-3}}}",
        op_networks(["coulomb"]),
    ),
    "targeted sampling": ("operators: {targeted: {width: 5.0}}", OP_TARGETED),
    "cutoff of the image sum": (
        "operators: {cutoff: 65}",
        OP_LONG_RANGE | {"couplings of the Coulomb model"},
    ),
    "chains of two networks": (
        "operators: {chains_L8: {sweeps: 5}}",
        op_chains(["classes_L8", "energy_L8"]),
    ),
    "replicas more": ("calibration: {replicas: {gaps: 51}}", calibrated("gaps")),
    "a longer run": ("calibration: {long_run: 21}", TRUTH | calibrated("exponents")),
    "another figure's sweep": ("encoder: {fig4: {stride2: stride1}}", {"drawing results/fig4.pdf"}),
}

EDIT = "\nEDITED = 1\n"
CODE_ROWS = {
    "comment": (f"{LIBRARY}/lattice.py", "\n# a remark\n", set()),
    "one figure's code": (f"{LIBRARY}/plotting/fig3.py", EDIT, {"drawing results/fig3.pdf"}),
    "shared plotting code": (
        f"{LIBRARY}/plotting/style.py",
        EDIT,
        FIGURES | EN_FIGURES | RG_FIGURES | OP_FIGURES | CALIBRATION,
    ),
    "a script": ("workflow/scripts/make_dataset.py", EDIT, after_ensembles(CONFIG.ensembles)),
    "exact sampler": (
        f"{LIBRARY}/samplers/wolff.py",
        EDIT,
        MAIN | EN_COVERAGE | EN_EXACT | EN_FIGURES - EN_OTHERS | RG_ALL | TRUTH | calibrated(*SAMPLED),
    ),
    "neural sampler": (
        f"{LIBRARY}/samplers/neural.py",
        EDIT,
        chunks(NEURAL) | after_sweeps(NEURAL) | ALGORITHMS | calibrated("samplers"),
    ),
    "training": (
        f"{LIBRARY}/training.py",
        EDIT,
        trainings(MODELS)
        | EN_COVERAGE
        | EN_RING
        | en_draw("couplings")
        | RG_TRAINING
        | op_networks(OP_NETWORKS)
        | calibrated(*LEARNED),
    ),
    "couplings": (
        f"{LIBRARY}/encoder/couplings.py",
        EDIT,
        READ_OFF | EN_COVERAGE | en_draw("couplings") | calibrated("couplings"),
    ),
    "convolutions": (f"{LIBRARY}/models/convolutional.py", EDIT, op_networks(OP_NETWORKS)),
    "targeted sampler": (f"{LIBRARY}/samplers/targeted.py", EDIT, op_data(OP_DATA)),
    "Monte Carlo renormalization group": (f"{LIBRARY}/mcrg.py", EDIT, RG_MCRG),
    "table": (f"{LIBRARY}/rg/table.py", EDIT, rg_draw("table1")),
    "evaluation": (f"{LIBRARY}/evaluation.py", EDIT, likelihoods(MODELS) | calibrated("gaps")),
    "a module nobody imports": (f"{LIBRARY}/unused.py", EDIT, set()),
}


@pytest.mark.parametrize("row", CONFIG_ROWS)
def test_configuration_changes(finished, row):
    overlay, expected = CONFIG_ROWS[row]
    path = finished.folder / "overlay.yaml"
    path.write_text(overlay + "\n")
    assert finished.planned("all", overlays=["overlay.yaml"]) - LAST == expected


@pytest.mark.parametrize("row", CODE_ROWS)
def test_code_changes(finished, row):
    name, text, expected = CODE_ROWS[row]
    path = finished.folder / name
    before = path.read_text() if path.exists() else None
    try:
        path.write_text((before or "") + text)
        assert finished.planned("all") - LAST == expected
    finally:
        path.unlink() if before is None else path.write_text(before)


def test_touching_changes_nothing(finished):
    for name in ("workflow/scripts/sweep_neural.py", f"{LIBRARY}/rng.py", "Snakefile", "config/config.yaml"):
        os.utime(finished.folder / name)
    os.utime(finished.folder / "results/ensembles/ising.nc")
    assert finished.planned("all") == set()


def test_changed_content_of_an_intermediate_is_noticed(finished):
    path = finished.folder / "results/sweeps/stride2.nc"
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"\0")
        expected = after_sweeps(["stride2"]) - {"joining sweep stride2"}
        assert finished.planned("all") - LAST == expected
    finally:
        path.write_bytes(before)


def test_a_deleted_intermediate_is_rebuilt_alone_when_its_users_are_current(finished):
    path = finished.folder / "results/sweeps/stride2/0.nc"
    before = path.read_bytes()
    path.unlink()
    try:
        assert finished.planned("results/sweeps/stride2/0.nc") == chunks(["stride2"], ["0"])
    finally:
        path.write_bytes(before)
