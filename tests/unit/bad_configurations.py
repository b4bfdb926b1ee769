"""Bad configurations: written by hand, and generated from the defaults by changing one thing at a time.

`python tests/unit/bad_configurations.py` tries all of them and prints how many were refused.
"""

import copy
import functools
import re
import tempfile
from pathlib import Path

import yaml

from spinnet.config import ConfigError, check, check_file
from spinnet.memory import check_memory

DEFAULT = yaml.safe_load((Path(__file__).parents[2] / "config/config.yaml").read_text())
MEMORY = 16e9  # bytes of the machine that configurations are tried for
HUGE = 10**30
NAN, INFINITY = float("nan"), float("inf")
MINE = {"file": "mine.npy", "temperature": 2.5}
TABLES = {  # sections whose keys are names of the user's choice
    "ensembles", "datasets", "models", "exact_sweeps", "neural_sweeps",
    "operators.data", "operators.networks", "rg.classifiers.variants",
}  # fmt: skip

# Changes of the defaults, {key: value}, and the key or sentence that the refusal names.
BY_HAND = [
    # numbers
    ({"seed": 2**63}, "seed: found 9223372036854775808; input should be less than"),
    ({"seed": 1 << 40_000}, "seed: found a number of 40001 bits"),
    ({"seed": "9" * 5000}, "seed: found inf; must be an integer"),
    ({"seed": "１２"}, "seed: found '１２'; must be an integer"),
    ({"seed": 1.0}, "seed: found 1.0; must be an integer"),
    ({"temperatures": [2.0, 2.0]}, "temperatures: found [2.0, 2.0]; must be in strictly increasing order"),
    ({"temperatures": [0.001, 2.0]}, "temperatures.0: found 0.001; must be from 0.01 to 1000"),
    ({"temperatures": [2.0, 1e25]}, "temperatures.1: found 1e+25"),
    ({"temperatures": [1 + i / 1e6 for i in range(100_000)]}, "temperatures: found [1.0, "),
    ({"temperatures": ["x"] * 100_000}, "temperatures: found ['x', 'x'"),
    ({"temperatures": "1, 2"}, "temperatures: found '1, 2'; must be a list"),
    ({"temperatures": {"from": 1, "to": 4}}, "temperatures: found {'from': 1, 'to': 4}; must be a list"),
    ({"figures.dpi": 1_000_000}, "figures.dpi: found 1000000"),
    ({"figures.font_size": 1e9}, "figures.font_size: found 1000000000.0; must be from 1 to 72"),
    ({"memory_gb": 0}, "memory_gb: found 0"),
    ({"memory_gb": "much"}, "memory_gb: found 'much'"),
    # structure
    ({"ensembles": {}}, "ensembles: found {}; needed is at least 1 entry"),
    ({"ensembles": ["ising"]}, "ensembles: found ['ising']; must be a section with keys"),
    ({"models.bad name": DEFAULT["models"]["spins"]}, "models.bad name: found 'bad name'; a name starts with a letter"),
    ({"models.x\ny": DEFAULT["models"]["spins"]}, "a name starts with a letter"),
    ({"models.$(rm -r x)": DEFAULT["models"]["spins"]}, "models.$(rm -r x)"),
    ({"models.../x": DEFAULT["models"]["spins"]}, "models.../x"),
    ({"models." + "x" * 300: DEFAULT["models"]["spins"]}, "allowed are at most 60 characters"),
    ({"models.Spins": DEFAULT["models"]["spins"]},
     "models: found 'spins' and 'Spins', which differ in capital letters"),
    ({"neural_sweeps.ISING": DEFAULT["neural_sweeps"]["spins"]}, "sweeps: found 'ising' and 'ISING'"),
    ({"neural_sweeps.ising": DEFAULT["neural_sweeps"]["spins"]},
     "neural_sweeps.ising: the name stands in exact_sweeps"),
    ({"rg.classifiers.variants.Narrow": {"width": 4, "networks": 1, "max_epochs": 1}}, "'narrow' and 'Narrow'"),
    ({"rg.classifiers.variants.main": {"width": 4, "networks": 1, "max_epochs": 1}}, "'main' is taken"),
    ({f"models.x{i}": DEFAULT["models"]["spins"] for i in range(1001)}, "models: found {"),
    ({f"x{i}": i for i in range(500)}, "configuration: and 480 more"),
    # ensembles and data sets
    ({"ensembles.ising.size": 1}, "ensembles.ising.size: found 1"),
    ({"ensembles.ising.size": 15}, "ensembles.ising.size: found 15, but datasets.stride2.transform"),
    ({"ensembles.ising.size": 10**6}, "ensembles.ising.size: found 1000000"),
    ({"ensembles.ising.samples": 3}, "ensembles.ising.samples: found 3"),
    ({"ensembles.ising.thinning": 1e30}, "ensembles.ising.thinning: found 1e+30"),
    ({"ensembles.ising.interactions": {}}, "ensembles.ising.interactions: found no strength but 0"),
    ({"ensembles.ising.interactions": {"nearest": 0.0}}, "ensembles.ising.interactions: found no strength but 0"),
    ({"ensembles.plaquette.interactions.nearest": 1e9}, "ensembles.plaquette.interactions.nearest: found 1000000000.0"),
    ({"ensembles.plaquette.sampler": "wolff"},
     "ensembles.plaquette.sampler: found 'wolff', which samples nearest: 1.0"),
    ({"ensembles.ising.temperatures": [2.0, 2.5]}, "models.spins.dataset: 'spins' has 2 temperatures"),
    ({"datasets.spins.configurations": 10**6},
     "datasets.spins.configurations: found 1000000; ensembles.ising has 60000"),
    ({"datasets.spins.ensemble": "Ising"}, "datasets.spins.ensemble: found 'Ising'; allowed are ising"),
    ({"datasets.spins.noise": 0.5}, "datasets.spins.noise: found 0.5"),
    ({"ensembles.small": DEFAULT["ensembles"]["ising"] | {"size": 2}, "datasets.stride1.ensemble": "small"},
     "ensembles.small.size: found 2, but datasets.stride1.transform 'block_sum_stride1' needs at least 3"),
    # one's own files
    ({"ensembles.mine": MINE | {"file": "results/ensembles/ising.nc"}}, "must not lie in results/"),
    ({"ensembles.mine": MINE | {"file": "./x/../results/mine.npy"}}, "must not lie in results/"),
    ({"ensembles.mine": MINE | {"file": "a\x00b.npy"}}, "must hold printable characters alone"),
    ({"ensembles.mine": MINE | {"file": "a\nb.npy"}}, "must hold printable characters alone"),
    ({"ensembles.mine": MINE | {"file": ""}}, "ensembles.mine.file: found ''"),
    ({"ensembles.mine": MINE, "ensembles.more": MINE | {"temperature": 3.0}},
     "ensembles.more.file: found 'mine.npy', the file of ensembles.mine"),
    ({"ensembles.mine": MINE, "datasets.mine": {"ensemble": "mine", "transform": "raw", "configurations": 1000}},
     "datasets.mine.configurations: found 1000; of one's own configurations all are used"),
    ({"ensembles.mine": MINE, "datasets.mine": {"ensemble": "mine", "transform": "majority"}},
     "datasets.mine.transform: found 'majority'"),
    ({"ensembles.mine": MINE, "neural_sweeps.mine": DEFAULT["neural_sweeps"]["local"] | {"model": "mine"}},
     "neural_sweeps.mine.exact: found 'ising'; one's own configurations have none"),
    ({"ensembles.mine": MINE, "neural_sweeps.mine": {
        "model": "mine", "moves": "site", "chains_per_start": 4, "burn_in": 10, "sweeps": 20, "temperatures": [3.0]}},
     "neural_sweeps.mine.temperatures: 2.5, the temperature of ensembles.mine, is missing"),
    ({"ensembles.mine": MINE, "models.mine": DEFAULT["models"]["spins"] | {"dataset": "mine"},
      "encoder.sampling.models": ["mine"]}, "encoder.sampling.models: 'mine' has learned one's own configurations"),
    ({"encoder.own.relative_temperatures": [0.8, 1.2]}, "encoder.own.relative_temperatures: found [0.8, 1.2]; 1.0 is"),
    ({"ensembles.mine": MINE | {"file": "a{b}.npy"}}, "ensembles.mine.file: found 'a{b}.npy'; must hold printable"),
    # models and training
    ({"training.batches_per_epoch": 100_000},
     "training.batches_per_epoch: found 100000, but models.spins has only 60000"),
    ({"models.local.training.batches_per_epoch": 10**6}, "models.local.training.batches_per_epoch: found 1000000"),
    ({"datasets.spins.configurations": 50}, "batches_per_epoch: found 128, but models.spins has only 50"),
    ({"training.patience": 0}, "training.patience: found 0"),
    ({"models.spins.hidden": [10] * 17}, "models.spins.hidden: found [10, "),
    ({"models.spins.dataset": None}, "models.spins.dataset: found None; must be text"),
    ({"models.local.dataset": "majority"}, "models.local.architecture: found 'local', which needs spins"),
    ({"models.symmetric.symmetries": ["flip", "flip"]},
     "models.symmetric.symmetries: found ['flip', 'flip']; 'flip' stan"),
    ({"ensembles.small": DEFAULT["ensembles"]["ising"] | {"size": 4},
      "datasets.small": {"ensemble": "small", "transform": "raw"},
      "models.small": DEFAULT["models"]["local"] | {"dataset": "small"}},
     "models.small.window: found 2, which needs L >= 5; ensembles.small has L = 4"),
    # sweeps
    ({"exact_sweeps.ising.sweeps": 1}, "exact_sweeps.ising.sweeps: found 1"),
    ({"exact_sweeps.ising.burn_in": 0}, "exact_sweeps.ising.burn_in: found 0"),
    ({"exact_sweeps.ising.size": 8}, "exact_sweeps.ising.size: found 8, but the lattice of neural_sweeps.spins"),
    ({"exact_sweeps.ising.temperatures": [1.0, 2.0]}, "is not among those of exact_sweeps.ising"),
    ({"neural_sweeps.local.size": 3, "neural_sweeps.local.exact": None},
     "neural_sweeps.local.size: found 3; the window"),
    ({"neural_sweeps.spins.temperatures": [1e-5]},
     "neural_sweeps.spins.temperatures: found 1e-05; allowed is from 0.01"),
    ({"neural_sweeps.spins.exact": "few"},
     "neural_sweeps.spins.temperatures: 1.0 is not among those of exact_sweeps.few"),
    ({"neural_sweeps.spins.model": "stride2"},
     "encoder.fig3.neural: found 'spins'; needed is a sweep of a model of spins"),
    ({"neural_sweeps.spins.multiplicity": True}, "neural_sweeps.spins.multiplicity: found true"),
    # figures of the main study
    ({"encoder.fig3.exact": "plaquette_exact"}, "encoder.fig3.exact: found 'plaquette_exact', a sweep of {'nearest'"),
    ({"encoder.fig3.exact": "ising32"}, "encoder.fig3.neural: found 'spins' with L = 16, but encoder.fig3.exact"),
    ({"encoder.fig4.stride1": "spinz"}, "encoder.fig4.stride1: found 'spinz'; allowed are spins"),
    ({"neural_sweeps.stride1.exact": None}, "neural_sweeps.stride1.exact: is missing; encoder.fig4.stride1 compares"),
    ({"encoder.encoders": ["spins", "spins"]},
     "encoder.encoders: found ['spins', 'spins']; 'spins' stands in it twice"),
    ({"encoder.encoders": ["plaquette"]}, "neural_sweeps.plaquette.exact: found 'plaquette_exact', a sweep of"),
    ({"encoder.sizes": ["local", "spins"]}, "encoder.sizes: found 'local' and 'spins', both with L = 16; keep one"),
    ({"encoder.interactions": ["stride2"]}, "encoder.interactions: 'stride2' is not a sweep of a model of spins"),
    ({"encoder.trust": ["nothing"]}, "encoder.trust: found 'nothing'; allowed are"),
    ({"encoder.trust": ["plaquette"], "ensembles.plaquette.samples": 10},
     "encoder.trust: the ensemble behind 'plaquette' has 120 configurations for validation and test; needed are 160"),
    ({"ensembles.plaquette.samples": 10},
     "encoder.couplings.models: the ensemble behind 'plaquette' has L = 16 and 80 te"),
    ({"ensembles.ising.samples": 10}, "encoder.configurations.numbers: found 1000; allowed are fewer than the 600 of"),
    ({"encoder.layered": ["nothing"]}, "encoder.layered: found 'nothing'; allowed are"),
    ({"encoder.layered": ["plaquette"]}, "encoder.layered: found 'plaquette', of whose data no exact probability"),
    ({"encoder.couplings.models": ["quick", "quick"]}, "encoder.couplings.models: found ['quick', 'quick']"),
    ({"encoder.couplings.trials": 10**9}, "encoder.couplings.trials: found 1000000000; allowed are at most 1000 jobs"),
    ({"encoder.sampling.temperatures": [3.0, 2.0]}, "encoder.sampling.temperatures: found [3.0, 2.0]; must be in"),
    ({"encoder.blocks.stride1": "stride2_direct"}, "encoder.blocks.stride1: found 'stride2_direct', a sweep of"),
    ({"encoder.blocks.parts.stride2_corrected": "stride2"}, "encoder.blocks.parts.stride2_corrected: found 'stride2'"),
    ({"encoder.blocks.sizes": [8, 8]}, "encoder.blocks.sizes: found [8, 8]; 8 stands in it twice"),
    ({"encoder.blocks.sizes": [4, 9]}, "found 9, but datasets.stride2_direct_L9.transform"),
    ({"encoder.blocks.sizes": [2]}, "encoder.blocks.sizes.0: found 2"),
    ({"encoder.orders.orders": ["raster"]}, "encoder.orders.orders: found 'raster', the order of 'quick' itself"),
    ({"encoder.orders.sweep": "local", "encoder.orders.orders": ["column"]}, "the architecture local has no order"),
    ({"encoder.orders.sweep": "stride2"},
     "encoder.orders.sweep: found 'stride2'; needed is a sweep of a model of spins"),
    ({"encoder.noise.rates": [0.01, 0.01001]}, "encoder.noise.rates: found 0.01001; rates have to differ by 0.0001"),
    ({"encoder.noise.rates": [1e-6]}, "encoder.noise.rates.0: found 1e-06"),
    ({"encoder.noise.rates": [0.49]}, "encoder.noise.rates.0: found 0.49"),
    ({"encoder.noise.sweep": "plaquette"}, "neural_sweeps.plaquette.exact: found 'plaquette_exact', a sweep of"),
    ({"datasets.spins.noise": 0.1}, "encoder.noise.sweep: found 'quick', whose data have noise"),
    ({"encoder.configurations.numbers": [60_000]},
     "encoder.configurations.numbers: found 60000; allowed are fewer than"),
    ({"encoder.configurations.numbers": [50]}, "has only 50 configurations to learn from"),
    ({"encoder.configurations.models": ["quick", "spins"]}, "'quick' and 'spins' are both 'made'; keep one"),
    # renormalization group
    ({"rg.size": 10}, "rg.size: found 10; it is blocked twice"),
    ({"rg.phases.symmetric": [0.3, 0.45]}, "rg.phases.symmetric: found 0.45; the phases lie on the two sides"),
    ({"rg.phases.broken": [0.42, 0.6]}, "rg.phases.broken: found 0.42; the phases lie on the two sides"),
    ({"rg.phases.symmetric": [1e-5, 0.3]}, "rg.phases.symmetric.0: found 1e-05"),
    ({"rg.mapping.beta_range": 1.0}, "rg.mapping.beta_range: found 1.0"),
    ({"rg.mapping.bins": 1000}, "rg.mapping.bins: found 1000; allowed is at most the number of chains"),
    ({"rg.critical.jobs": 10**9}, "rg.critical.jobs: found 1000000000"),
    ({"rg.critical.samples": 10}, "rg.replicas: 20 replicas of 10000 configurations; rg.critical has 1600"),
    ({"rg.direct.metropolis_beta": 0.44}, "rg.direct.metropolis_beta: found 0.44; allowed are those of"),
    ({"rg.direct.fields": []}, "rg.direct.fields: found []"),
    ({"rg.reweighted.points": 80}, "rg.direct.fields: found -0.002, which is not on the grid"),
    ({"rg.iteration.starts": [0.9]}, "rg.iteration.starts: found 0.9, outside the range 0.27 to 0.61"),
    # operators
    ({"operators.data.thermal": DEFAULT["operators"]["data"]["coulomb"]}, "operators.data: 'thermal' is the name of"),
    ({"operators.data.coulomb.size": 16}, "operators.data.coulomb: found random, coulomb, L = 16; the figures need"),
    ({"operators.data.targeted_L8.size": 4},
     "operators.data.targeted_L8: found targeted, ising, L = 4; the figures need"),
    ({"operators.data.coulomb.k": 0.02},
     "operators.data.coulomb.k: found 0.02, whose sum over images has not converged"),
    ({"operators.cutoff": 2.0}, "whose sum over images has not converged at operators.cutoff, 2.0"),
    ({"operators.data.odd.size": 3},
     "operators.data.odd.size: found 3, a lattice with 512 states, too few for two parts"),
    ({"operators.test_fraction": 1e-6}, "operators.test_fraction: found 1e-06"),
    ({"operators.networks.classes_L4.examples": [1800, 40, 100, 300]}, "must be in strictly increasing order"),
    ({"operators.networks.classes_L4.examples": [1, 40, 100, 300]},
     "operators.networks.classes_L4.examples.0: found 1"),
    ({"operators.networks.magnetization_L4": DEFAULT["operators"]["networks"]["magnetization_L8"]},
     "magnetization_L4: found a network that learns magnetization of ising, L = 8; the figures need"),
    ({"operators.networks.classes_L8.learns": "energy"},
     "classes_L8: found a network that learns energy of ising, L = 8"),
    ({"operators.networks.coulomb.start": "coulomb"},
     "operators.networks.coulomb.start: found 'coulomb', which starts"),
    ({"operators.networks.coulomb.start": "coulomb_thermal"}, "which starts from 'coulomb' itself"),
    ({"operators.networks.coulomb_thermal.start": "classes_L8"},
     "coulomb_thermal.start: found 'classes_L8', a network with"),
    ({"operators.networks.coulomb_thermal.start": "demonstration"},
     "found 'demonstration', a network with another arch"),
    ({"operators.networks.coulomb.vectors": True}, "operators.networks.coulomb.vectors: found true; only the angles"),
    ({"operators.networks.potts_vectors.vectors": False}, "operators.networks.potts_vectors.vectors: found false"),
    ({"operators.networks.coulomb_thermal.examples": [38_000]}, "found 38000; operators.thermal has about 25601"),
    ({"operators.networks.coulomb_thermal.sets": 2}, "operators.networks.coulomb_thermal.sets: found 2"),
    ({"operators.baselines.examples": [10**6]},
     "operators.baselines.examples: found 1000000; operators.data.targeted_L8"),
    ({"operators.baselines.test": 10**6}, "operators.baselines.test: found 1000000"),
    ({"operators.training.processes": 3}, "allowed are multiples of operators.training.processes, 3"),
    # calibration
    ({"calibration.jobs": 601}, "calibration.jobs: found 601; allowed are at most the 500 replicas of exponents"),
    ({"calibration.replicas.gaps": 49}, "calibration.replicas.gaps: found 49"),
    # more memory than there is
    ({"ensembles.ising.samples": 10**9},
     "ensembles.ising.samples: found 1000000000; the ensemble 'ising' would need at"),
    ({"ensembles.ising.chains.train": 10**8},
     "ensembles.ising.chains.train: found 100000000; the ensemble 'ising' would"),
    ({"ensembles.big": DEFAULT["ensembles"]["ising"] | {"size": 4096}},
     "ensembles.big.size: found 4096; the ensemble 'big"),
    ({"models.spins.hidden": [10**6]},
     "models.spins.hidden: found [1000000]; drawing from the model 'spins' would need"),
    ({"models.spins.hidden": [100_000, 100_000]},
     "models.spins.hidden: found [100000, 100000]; the model 'spins' would"),
    ({"models.local.hidden": [10**5]}, "models.local.hidden: found [100000]; the model 'local' would need"),
    ({"ancestral_samples": 10**9}, "ancestral_samples: found 1000000000; drawing from the model"),
    ({"exact_sweeps.ising.sweeps": 10**9}, "exact_sweeps.ising.sweeps: found 1000000000; the sweep 'ising' would need"),
    ({"exact_sweeps.ising.burn_in": 10**9},
     "exact_sweeps.ising.burn_in: found 1000000000; the sweep 'ising' would need"),
    ({"exact_sweeps.few.chains_per_start": 10**8},
     "exact_sweeps.few.chains_per_start: found 100000000; the sweep 'few'"),
    ({"exact_sweeps.alone": DEFAULT["exact_sweeps"]["few"] | {"size": 100_000}},
     "exact_sweeps.alone.size: found 100000"),
    ({"neural_sweeps.spins.sweeps": 10**8},
     "neural_sweeps.spins.sweeps: found 100000000; the sweep 'spins' would need"),
    ({"neural_sweeps.spins.chains_per_start": 10**7}, "neural_sweeps.spins.chains_per_start: found 10000000"),
    ({"neural_sweeps.local.size": 50_000, "neural_sweeps.local.exact": None, "encoder.encoders": ["spins"],
      "encoder.sizes": ["local32"], "encoder.trust": ["spins"]}, "neural_sweeps.local.size: found 50000; the sweep"),
    ({"encoder.sampling.samples": 10**9}, "encoder.sampling.samples: found 1000000000; drawing from the model"),
    ({"encoder.sampling.sweeps": 10**8}, "encoder.sampling.sweeps: found 100000000; the comparison of algorithms"),
    ({"rg.critical.samples": 10**9}, "rg.critical.samples: found 1000000000; an ensemble of rg.critical would need"),
    ({"rg.reweighted.chains": 10**8}, "rg.reweighted.chains: found 100000000; an ensemble of rg.reweighted would need"),
    ({"rg.size": 40_000}, "rg.size: found 40000; an ensemble of rg.critical would need"),
    ({"rg.phases.samples": 10**8}, "rg.phases.samples: found 100000000; the configurations of rg.phases would need"),
    ({"rg.classifiers.main.width": 10**7},
     "rg.classifiers.main.width: found 10000000; the classifiers 'main' would need"),
    ({"rg.direct.samples": 10**9}, "rg.direct.samples: found 1000000000; the chains of rg.direct would need"),
    ({"operators.data.coulomb.train": 10**9},
     "operators.data.coulomb.train: found 1000000000; the data 'coulomb' would"),
    ({"operators.data.targeted_L8.train": 10**8},
     "operators.data.targeted_L8.train: found 100000000; the data 'targeted"),
    ({"operators.data.big": DEFAULT["operators"]["data"]["coulomb"] | {"size": 1000}},
     "operators.data.big.size: found 1"),
    ({"operators.networks.disordered.batch_size": 10**7, "operators.networks.disordered.upscale": 8},
     "operators.networks.disordered.batch_size: found 10000000; the network 'disordered' would need"),
    ({"operators.networks.disordered.upscale": 1000}, "operators.networks.disordered.upscale: found 1000; the network"),
    ({"operators.thermal.snapshots": 10**9}, "operators.thermal.snapshots: found 1000000000; the thermal data would"),
    ({"operators.chains_L8.chains": 10**9}, "operators.chains_L8.chains: found 1000000000; operators.chains_L8 would"),
    ({"operators.baselines.examples": [100_000], "operators.baselines.largest_kernel": 100_000},
     "operators.baselines.examples: found 100000; kernel ridge regression would need at least"),
    ({"operators.baselines.trees": 100_000}, "operators.baselines.trees: found 100000; the random forest would need"),
    ({"calibration.replicas.series": 10**9},
     "calibration.replicas.series: found 1000000000; the calibration of series"),
    ({"calibration.long_run": 10**9}, "calibration.long_run: found 1000000000; the truth of the exponents would need"),
    ({"memory_gb": 0.001}, "of memory, allowed are 0.001 GB, as memory_gb says"),
]  # fmt: skip

# Files, and the sentence that names them; {path} stands for the file.
FILES = {
    "twice.yaml": (b"training:\n  patience: 3\n  patience: 4\n", "line 3: key 'patience' is given twice; keep one"),
    "twice.json": (b'{"seed": 1,\n"seed": 2}', "line 2: key 'seed' is given twice; keep one"),
    "tab.yaml": (b"training:\n\tpatience: 3\n", "line 2 is not valid YAML: found character '\\t'"),
    "latin.yaml": (b"# f\xfcr\nseed: 1\n", "holds a byte at 3 that is no UTF-8 text"),
    "nul.yaml": (b"seed: 1\x00\n", "is not valid YAML"),
    "empty.yaml": (b"", "holds no keys"),
    "comment.yaml": (b"# nothing\n", "holds no keys"),
    "list.yaml": (b"- 1\n- 2\n", "holds no keys"),
    "text.yaml": (b"seed\n", "holds no keys"),
    "two.yaml": (b"seed: 1\n---\nseed: 2\n", "is not valid YAML"),
    "open.yaml": (b"seed: [1, 2\n", "is not valid YAML"),
    "open.json": (b'{"seed": ', "is not valid YAML"),
    "deep.yaml": (b"a: " + b"[" * 3000 + b"]" * 3000, "found more than 40 levels of lists and sections"),
    "sections.yaml": (b"".join(b" " * i + b"a:\n" for i in range(100)), "found more than 40 levels"),
    "digits.yaml": (b"seed: " + b"9" * 5000, "is not valid YAML: 'Exceeds the limit"),
    "object.yaml": (b"seed: !!python/object/apply:os.system ['touch hacked']\n", "could not determine a constructor"),
    "module.yaml": (b"seed: !!python/name:os.system\n", "could not determine a constructor"),
    "tag.yaml": (b"seed: !mine 3\n", "could not determine a constructor"),
    "merge.yaml": (b"a: &a {b: 1}\nc: {<<: *a}\n", "line 2: found the merge key <<; write the keys out"),
    "base60.yaml": (b"seed: 12:30:45\n", "line 1: found '12:30:45', which YAML takes for a number to base 60"),
    "hours.yaml": (b"training:\n  patience: 1:30\n", "line 2: found '1:30', which YAML takes for a number to base 60"),
    "octal.yaml": (b"seed: 010\n", "line 1: found '010', which YAML takes for a number to base 60 or 8"),
    "anchor.yaml": (b"seed: *nothing\n", "found undefined alias"),
    "keys.yaml": (b"? [1, 2]\n: 3\n", "found [1, 2] as a key; allowed is text"),
    "mapping.yaml": (b"? {a: 1}\n: 3\n", "found {'a': 1} as a key; allowed is text"),
    "large.yaml": (b"# " + b"x" * 2**20, "bytes; allowed are 1048576"),
    "control.yaml": (b"seed: \x07\n", "is not valid YAML"),
    "utf16.yaml": ("seed: 1\n".encode("utf-16"), "holds a byte at 0 that is no UTF-8 text"),
    "colon.yaml": (b"seed: 1: 2\n", "is not valid YAML: mapping values are not allowed here"),
    "indent.yaml": (b"training:\n    patience: 1\n  max_epochs: 2\n", "is not valid YAML"),
}


def changed(changes):
    """The defaults with other values at keys such as rg.critical.beta; the last part of a key may hold dots."""
    settings = dict(DEFAULT)
    for key, value in changes.items():
        section, rest = settings, key
        while "." in rest and rest.split(".", 1)[0] in section:
            first, rest = rest.split(".", 1)
            section[first] = section = dict(section[first])
        section[rest] = copy.deepcopy(value)
    return settings


def refusal(settings):
    """What is said of a merged configuration on a machine of `MEMORY`; "" if it is accepted."""
    try:
        check_memory(check(settings), MEMORY)
    except ConfigError as error:
        return str(error)
    return ""


def refusal_of_file(name, folder):
    """What is said of an entry of `FILES`, written into a folder."""
    path = Path(folder) / name
    path.write_bytes(FILES[name][0])
    try:
        check_file(path)
    except ConfigError as error:
        return str(error)
    return ""


def _leaves(section, key=""):
    """(key, value) of all settings and sections of the defaults."""
    for name, value in section.items():
        own = f"{key}{name}"
        yield own, value
        if isinstance(value, dict):
            yield from _leaves(value, own + ".")


def _wrong(value):
    """{mutation: value} of what a setting of this kind must not be."""
    if isinstance(value, dict):
        return {"null": None, "a list": [1], "a number": 3, "text": "text"}
    if isinstance(value, list):
        wrong = {"null": None, "a section": {"a": 1}, "a number": 3, "text": "text", "a list of null": [None]}
        return wrong | {"twice": [value[0], value[0]], "a list of lists": [[1]]} if value else wrong
    wrong = {"null": None, "a list": [value], "a section": {"a": 1}, "empty text": ""}
    if isinstance(value, bool):
        return wrong | {"a number": 3, "text": "text"}
    if isinstance(value, str):
        return wrong | {"a number": 3, "true": True, "unknown": "no_such_entry"}
    numbers = {"text": "text", "true": True, "NaN": NAN, "infinite": INFINITY, "a date": "2020-01-01"}
    return wrong | numbers | {"negative": -1, "zero": 0, "huge": HUGE}


def generated():
    """(key, mutation, settings) of every configuration with one thing wrong."""
    for key, value in _leaves(DEFAULT):
        for mutation, wrong in _wrong(value).items():
            yield key, mutation, changed({key: wrong})
        if isinstance(value, dict) and key not in TABLES:
            yield f"{key}.unknown_key", "unknown", changed({f"{key}.unknown_key": 1})
        if (key.rpartition(".")[0] or "") not in TABLES:
            settings = changed({key: value})
            *path, last = key.split(".")
            section = functools.reduce(dict.__getitem__, path, settings)
            section[last + "x"] = section.pop(last)
            yield key + "x", "misspelt", settings


# What is right after all: mutations, and the keys that allow them.
ACCEPTED = {
    "zero": r"seed|operators\.data\.(targeted|random)_L4\.test",
    "null": r"memory_gb|models\.\w+\.training\.\w+|exact_sweeps\.\w+\.temperatures|neural_sweeps\.\w+\.error"
    r"|operators\.networks\.\w+\.(learning_rate|batch_size|start)",
    "twice": r"models\.\w+\.hidden",
}
# What is right in itself, but contradicts the entry with this part in its key.
ELSEWHERE = {
    ("negative", r"\w+\.\w+\.interactions\.\w+"): ".interactions: found",
    ("zero", r"\w+\.\w+\.interactions\.\w+"): ".interactions: found",
    ("null", r"neural_sweeps\.\w+\.size"): ".size: found",
}


def allowed(key, mutation):
    """Whether a generated configuration is right after all."""
    return re.fullmatch(ACCEPTED.get(mutation, "(?!)"), key) is not None


def named(key, mutation):
    """What a refusal of a generated configuration names: the key, or one that it contradicts."""
    return next((part for (m, keys), part in ELSEWHERE.items() if m == mutation and re.fullmatch(keys, key)), key)


def count():
    """{kind: (tried, refused)} of all bad configurations; those that are allowed are not counted."""
    by_hand = [bool(refusal(changed(changes))) for changes, _ in BY_HAND]
    made = [bool(refusal(settings)) for key, mutation, settings in generated() if not allowed(key, mutation)]
    with tempfile.TemporaryDirectory() as folder:
        files = [bool(refusal_of_file(name, folder)) for name in FILES]
    kinds = {"written by hand": by_hand, "generated": made, "files": files}
    return {kind: (len(found), sum(found)) for kind, found in kinds.items()}


if __name__ == "__main__":
    numbers = count()
    for kind, (tried, refused) in numbers.items():
        print(f"bad configurations, {kind}: {tried} tried, {refused} refused")
    tried, refused = map(sum, zip(*numbers.values(), strict=True))
    print(f"bad configurations: {tried} tried, {refused} refused")
