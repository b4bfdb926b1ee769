"""From a data set to a learned Hamiltonian."""

import torch

from spinnet.ensembles import PARTS
from spinnet.io import categories
from spinnet.models.made import MADE
from spinnet.orders import site_order
from spinnet.training import choose_device, losses, make_deterministic, train


def learn(dataset, settings, progress):
    """Train a MADE; returns its arrays and the header of its model file.

    settings: seed, name, hidden, order, device, learning_rate, and those of `training.train`; the
    optimiser is Adam, its learning rate falls to zero over max_epochs along a cosine.  The header's
    energy_offset [J per spin] makes the mean of the learned Hamiltonian H = -T0 log p over the
    validation part equal the mean energy of the data; H itself is known up to a constant.
    """
    make_deterministic(settings["seed"], "model", settings["name"])
    device = choose_device(settings["device"])
    values = dataset["values"]
    rows, alphabet = values.sizes["row"], values.attrs["alphabet"]
    order = site_order(settings["order"], rows, settings["seed"])
    data, validation, _ = (categories(dataset, p, order) for p in range(len(PARTS)))
    model = MADE(rows * rows, len(alphabet), settings["hidden"]).to(device)
    print(f"{len(data)} configurations of {rows} x {rows} sites on {device}")
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["learning_rate"])
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings["max_epochs"])
    history = train(model, optimizer, (data,), (validation,), settings, progress, scheduler)
    t0, size = float(dataset["temperature"].values[0]), int(dataset.attrs["size"])
    energy = dataset["energy"].values[0, dataset["part"].values == PARTS.index("validation")]
    learned = t0 * losses(model, (validation,))
    header = {
        "temperature": t0, "size": size, "sites": rows * rows, "values": len(alphabet),
        "alphabet": [int(a) for a in alphabet], "transform": values.attrs["long_name"],
        "hidden": settings["hidden"], "order": [int(site) for site in order],
        "energy_offset": float((energy - learned).mean() / size**2),
        "training_loss": [float(h[0]) for h in history], "validation_loss": [float(h[1]) for h in history],
        "settings": settings,
    }  # fmt: skip
    return model.arrays(), header
