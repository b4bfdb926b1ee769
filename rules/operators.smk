# What the rules of the operator study share; no rules.

OPERATORS = CONFIG.operators
LARGEST = {name: f"{name}_0_{n.examples[-1]}" for name, n in OPERATORS.networks.items()}
OPERATOR_CHAINS = {
    # name: (size, section, network, network of the magnetization)
    "classes_L4": (4, OPERATORS.chains_L4, "classes_L4", "magnetization_L4"),
    "classes_L8": (8, OPERATORS.chains_L8, "classes_L8", None),
    "energy_L8": (8, OPERATORS.chains_L8, "energy_L8", None),
    "coulomb": (8, OPERATORS.chains_coulomb, "coulomb_thermal", None),
}


wildcard_constraints:
    operator="|".join(OPERATORS.networks),
    data="|".join([*OPERATORS.data, "thermal"]),
    chains="|".join(OPERATOR_CHAINS),
    set=r"\d+",
    examples=r"\d+",


def operator_data_settings(wildcards):
    d = OPERATORS.data[wildcards.data]
    targeted = OPERATORS.targeted
    values = dict(
        seed=CONFIG.seed,
        name=f"{wildcards.data}_{wildcards.set}",
        sampling=d.sampling,
        interaction=d.interaction,
        size=d.size,
        train=d.train,
        test=d.test,
        test_fraction=OPERATORS.test_fraction,
    )
    if d.k is not None:
        values |= dict(k=d.k, cutoff=OPERATORS.cutoff)
    if d.sampling == "targeted":
        values |= dict(
            width=targeted.width, interval=targeted.interval, most=targeted.most
        )
    return settings("operator_data.py", **values)


def operator_network_settings(wildcards):
    n = OPERATORS.networks[wildcards.operator]
    examples = int(wildcards.examples)
    data = OPERATORS.data["coulomb" if n.data == "thermal" else n.data]
    return settings(
        "operator_network.py",
        seed=CONFIG.seed,
        name=f"{wildcards.operator}_{wildcards.set}_{examples}",
        data=n.data,
        set=int(wildcards.set),
        interaction=data.interaction,
        k=data.k,
        size=data.size,
        architecture=n.architecture,
        learns=n.learns,
        examples=examples,
        upscale=n.upscale,
        padding=n.padding,
        vectors=n.vectors,
        optimizer=n.optimizer,
        learning_rate=n.learning_rate or OPERATORS.training.learning_rate,
        batch_size=n.batch_size or OPERATORS.training.batch_size,
        epochs=n.epochs[n.examples.index(examples)],
        precision=n.precision,
        processes=OPERATORS.training.processes,
        device=CONFIG.device,
    )


def trained(name, kind="models", suffix="safetensors"):
    """File of the network `name` that has learned from the most examples of set 0."""
    return f"results/operators/{kind}/{LARGEST[name]}.{suffix}"


def predicted(name):
    return trained(name, "predictions", "nc")


def learning_curve(name):
    """Predictions of the networks `name` of every set and number of examples."""
    n = OPERATORS.networks[name]
    return [
        f"results/operators/predictions/{name}_{s}_{examples}.nc"
        for s in range(n.sets)
        for examples in n.examples
    ]


def all_predictions():
    """Predictions of every network."""
    return [path for name in OPERATORS.networks for path in learning_curve(name)]


def scan_of_k():
    """Predictions of all networks of long-range interactions with random states."""
    return [
        predicted(name)
        for name, n in OPERATORS.networks.items()
        if n.data != "thermal"
        and OPERATORS.data[n.data].interaction in ("coulomb", "sinusoidal")
    ]


def network_input(wildcards):
    """Data of a network, and the weights that it starts from."""
    n = OPERATORS.networks[wildcards.operator]
    files = {"data": f"results/operators/data/{n.data}_{wildcards.set}.nc"}
    if n.start:
        files |= {
            "start": trained(n.start),
            "start_header": trained(n.start, suffix="json"),
        }
    return files


def chains_input(wildcards):
    size, _, network, magnetization = OPERATOR_CHAINS[wildcards.chains]
    files = {"weights": trained(network), "header": trained(network, suffix="json")}
    if magnetization:
        files["magnetization"] = trained(magnetization)
        files["magnetization_header"] = trained(magnetization, suffix="json")
    if wildcards.chains == "coulomb":
        return files | {"couplings": "results/operators/couplings/coulomb.nc"}
    return files | {"density": f"results/operators/density_of_states_L{size}.nc"}


def operator_chains_settings(wildcards):
    size, c, _, _ = OPERATOR_CHAINS[wildcards.chains]
    return settings(
        "operator_chains.py",
        seed=CONFIG.seed,
        name=wildcards.chains,
        size=size,
        temperatures=c.temperatures,
        chains=c.chains,
        burn_in=c.burn_in,
        sweeps=c.sweeps,
    )


def thermal_settings(wildcards):
    t, coulomb = OPERATORS.thermal, OPERATORS.data["coulomb"]
    return settings(
        "operator_thermal.py",
        seed=CONFIG.seed,
        size=coulomb.size,
        k=coulomb.k,
        cutoff=OPERATORS.cutoff,
        temperatures=OPERATORS.chains_coulomb.temperatures,
        test_fraction=OPERATORS.test_fraction,
        chains=t.chains,
        burn_in=t.burn_in,
        snapshots=t.snapshots,
        every=t.every,
    )


def operator_targets():
    figures = [*(f"fig{i}" for i in range(1, 16)), "confusion", "speed", "baselines"]
    return [
        *(f"results/operators/{name}.pdf" for name in figures),
        "results/operators/table.csv",
        "results/operators/table.md",
    ]
