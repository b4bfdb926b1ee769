# What the rules of the encoder study share; no rules.
from spinnet.encoder import variants
from spinnet.errors import UserError
from spinnet.own.names import matching

COUPLINGS, SAMPLING = ENCODER.couplings, ENCODER.sampling
LAYERED = ENCODER.layered
COVERAGE_JOBS = range(-(-COUPLINGS.trials // COUPLINGS.trials_per_job))


wildcard_constraints:
    job=r"\d+",


def own_files(wildcards):
    """The files behind a user's ensemble."""
    try:
        return matching(CONFIG.ensembles[wildcards.own].file)
    except UserError as error:
        raise WorkflowError(
            f"configuration: ensembles.{wildcards.own}.file: {error}"
        ) from None


def own_settings(wildcards):
    e = CONFIG.ensembles[wildcards.own]
    return settings(
        "read_configurations.py",
        name=wildcards.own,
        temperature=e.temperature,
        variable=e.variable,
        tile=e.tile,
        pixels_per_site=e.pixels_per_site,
        **OWN_PARTS,
    )


def model_files(model):
    """Named inputs: the two files of a model."""
    path = f"results/models/{model}"
    return {"weights": f"{path}.safetensors", "header": f"{path}.json"}


def model_of(sweep):
    """Entry of the model behind a sweep of a learned Hamiltonian."""
    return CONFIG.models[CONFIG.neural_sweeps[sweep].model]


def likelihood(model):
    return f"results/analysis/likelihood_{model}.nc"


def deviation(sweep):
    return f"results/analysis/deviation_{sweep}.nc"


def labels(sweeps):
    """Names of sweeps as in legends: the model, and the moves if they are not of single sites."""
    texts = []
    for name in sweeps:
        sweep = CONFIG.neural_sweeps[name]
        texts.append(sweep.model + (", spin moves" if sweep.moves == "spin" else ""))
    return texts


def coverage_trials(job):
    """Numbers of the blind trials of a job."""
    step = COUPLINGS.trials_per_job
    return list(range(job * step, min((job + 1) * step, COUPLINGS.trials)))


def encoders_input(wildcards):
    files = {}
    for name in ENCODER.encoders:
        model = CONFIG.neural_sweeps[name].model
        files[f"likelihood_{name}"] = likelihood(model)
        files[f"deviation_{name}"] = deviation(name)
        if not CACHE:  # nothing was trained that could have been timed
            files[f"seconds_{name}"] = f"results/benchmarks/model_{model}.tsv"
    return files


def sizes_input(wildcards):
    files = {}
    for name in ENCODER.sizes:
        files[f"neural_{size_of(name)}"] = f"results/sweeps/{name}.nc"
        exact = CONFIG.neural_sweeps[name].exact
        files[f"exact_{size_of(name)}"] = f"results/sweeps/{exact}.nc"
    return files


def interactions_input(wildcards):
    files = {}
    for name in ENCODER.interactions:
        sweep = CONFIG.neural_sweeps[name]
        files[f"neural_{name}"] = f"results/sweeps/{name}.nc"
        files[f"exact_{name}"] = f"results/sweeps/{sweep.exact}.nc"
        for part, path in model_files(sweep.model).items():
            files[f"{part}_{name}"] = path
    return files


def trust_input(wildcards):
    files = {}
    for name in ENCODER.trust:
        files[f"trust_{name}"] = f"results/encoder/trust/{name}.nc"
        files[f"sweep_{name}"] = f"results/sweeps/{name}.nc"
        files[f"deviation_{name}"] = deviation(name)
    return files


def sampling_input(wildcards):
    return {
        f"{kind}_{name}": f"results/encoder/{kind}/{name}.nc"
        for name in SAMPLING.models
        for kind in ("importance", "algorithms")
    }


def block_sizes():
    """Sizes of the lattices of block sums, the base entries' among them."""
    return sorted({size_of(ENCODER.blocks.stride1), *ENCODER.blocks.sizes})


def blocks_input(wildcards):
    """Sweeps by size and stride, and those at full size that split the gap into its parts."""
    b = ENCODER.blocks
    files = {"blocks": "results/encoder/blocks.nc"}
    for key, base in (("stride1", b.stride1), ("stride2", b.stride2)):
        for size in block_sizes():
            name = base if size == size_of(base) else variants.size_variant(base, size)
            exact = CONFIG.neural_sweeps[name].exact
            files[f"scan_{size}_{key}"] = f"results/sweeps/{name}.nc"
            files[f"exact_{size}"] = f"results/sweeps/{exact}.nc"
    for key, name in b.parts:
        files[f"deviation_{key}"] = deviation(name)
        if not key.endswith("corrected"):
            files[f"likelihood_{key}"] = likelihood(CONFIG.neural_sweeps[name].model)
    return files


def claims_input(wildcards):
    """Likelihood and deviation of each variant, and of the entries that they vary."""
    orders, noise, numbers = ENCODER.orders, ENCODER.noise, ENCODER.configurations
    names = {f"order_{model_of(orders.sweep).order}": orders.sweep}
    names |= {
        f"order_{o}": variants.order_variant(orders.sweep, o) for o in orders.orders
    }
    names["noise_0"] = noise.sweep
    names |= {f"noise_{r}": variants.noise_variant(noise.sweep, r) for r in noise.rates}
    files = {f"deviation_{key}": deviation(name) for key, name in names.items()}
    files |= {
        f"likelihood_{key}": likelihood(CONFIG.neural_sweeps[name].model)
        for key, name in names.items()
    }
    for model in numbers.models:
        key = f"likelihood_number_{CONFIG.models[model].architecture}"
        ensemble = ensemble_of(model)
        files[f"{key}_{ensemble.chains.train * ensemble.samples}"] = likelihood(model)
        for number in numbers.numbers:
            files[f"{key}_{number}"] = likelihood(
                variants.number_variant(model, number)
            )
    return files


def own_input(wildcards):
    """All that the page on a user's ensemble shows."""
    name = wildcards.own
    model = CONFIG.neural_sweeps[name].model
    return {
        "ensemble": f"results/ensembles/{name}.nc",
        "dataset": f"results/datasets/{CONFIG.models[model].dataset}.nc",
        "weights": f"results/models/{model}.safetensors",
        "header": f"results/models/{model}.json",
        "likelihood": likelihood(model),
        "sweep": f"results/sweeps/{name}.nc",
        "trust": f"results/encoder/trust/{name}.nc",
        "diagnostics": f"results/encoder/diagnostics/{name}.nc",
        "couplings": f"results/encoder/couplings/{model}.nc",
    }


def encoder_figures():
    """Figures of the study; each has a table of the same name."""
    names = ["encoders", "sizes", "interactions", "couplings", "trust", "sampling"]
    return [*names, "blocks", "ring", "claims", *(f"own_{name}" for name in OWN)]


def encoder_targets():
    return expand(
        "results/encoder/{figure}.{kind}", figure=encoder_figures(), kind=["pdf", "csv"]
    )
