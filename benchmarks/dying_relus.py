"""How many ReLU units die: stacks of several depths on the small digits, over start weights, optimisers and rates.

    python benchmarks/dying_relus.py [SEEDS]

The guideline about dying ReLUs (playground/guidelines/dying.py) takes its limits from this table. A unit counts as dead
when it gives zero for every training image after the last step. Runs whose loss is no longer a number are marked "x":
all their units count as dead. Right: the share of the training images that the network then gets right.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from torch.nn import functional

from playground.network import Network, read_network
from playground.plan import plan
from playground.recipe import Recipe
from worker.build import TorchNetwork, build
from worker.data import Data, batches, load
from worker.initialise import initialise
from worker.optimise import make_optimiser

STEPS = 200
BATCH = 64
DEPTHS = {"dense": (1, 2, 4, 8, 12, 20), "conv": (1, 2, 4, 8)}
STARTS = ("he_normal", "glorot_normal", "torch", "small_normal")

BENDS = {"ReLU": STARTS, "leaky ReLU": ("he_normal",), "batch norm and ReLU": ("he_normal", "torch")}
"""What stands behind each layer, and the start weights tried with it."""


class Column(NamedTuple):
    """An optimiser with its momentum."""

    optimiser: str
    momentum: float
    rate: float

    @property
    def head(self) -> str:
        return f"{self.optimiser}{f' {self.momentum:g}' if self.optimiser in {'sgd', 'rmsprop'} else ''}"


COLUMNS = (
    *(Column("sgd", 0.9, rate) for rate in (0.01, 0.03, 0.1, 0.3)),
    *(Column("sgd", 0.0, rate) for rate in (0.1, 0.3, 1.0, 3.0)),
    *(Column("adam", 0.9, rate) for rate in (0.003, 0.01, 0.03)),
    *(Column("rmsprop", 0.0, rate) for rate in (0.003, 0.01, 0.03)),
    *(Column("rmsprop", 0.9, rate) for rate in (0.0003, 0.001, 0.003)),
)


class Outcome(NamedTuple):
    """Of one run, at its end."""

    dead: float
    """Share of all units behind a ReLU, leaky or not, that were never above zero; 1 where the loss is no number."""
    right: float
    """Share of the training images."""
    lost: bool
    """The loss is no number."""


def stack(kind: str, depth: int, bend: str) -> Network:
    """`depth` layers of 32 units or 16 filters, each with its ReLU, and a dense layer for the scores.

    `bend`: "ReLU", "batch norm and ReLU" or "leaky ReLU".
    """
    normalised = bend.startswith("batch norm")
    one: list[tuple[str, dict[str, Any]]] = [("dense", {"units": 32, "bias": not normalised})]
    if kind == "conv":
        one = [("conv2d", {"filters": 16, "kernel_size": 3, "padding": 1, "bias": not normalised})]
    one += [("batch_norm", {})] if normalised else []
    body = [*one, ("leaky_relu" if bend == "leaky ReLU" else "relu", {})] * depth
    flat: tuple[str, dict[str, Any]] = ("flatten", {})
    body = [flat, *body] if kind == "dense" else [*body, flat]
    blocks = [("input", {"channels": 1, "height": 8, "width": 8}), *body, ("dense", {"units": 10}), ("output", {})]
    nodes = [{"id": f"n{place}", "block": name, "params": params} for place, (name, params) in enumerate(blocks)]
    edges = [{"source": f"n{place}", "target": f"n{place + 1}"} for place in range(len(nodes) - 1)]
    return read_network({"nodes": nodes, "edges": edges})


def run(network: Network, recipe: Recipe, data: Data) -> Outcome:
    """Trains as the worker does, without its probes."""
    torch.manual_seed(recipe.seed)
    built = build(plan(network))
    initialise(built, recipe.initialisation)
    optimiser = make_optimiser(built.parameters(), recipe)
    batch = batches(data, seed=recipe.seed, step=0, batch_size=recipe.batch_size)
    built.train()
    for _ in range(STEPS):
        images, labels = next(batch)
        loss = functional.cross_entropy(built(images), labels)
        if not torch.isfinite(loss):
            return Outcome(1.0, 0.1, True)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return _looked_at(built, data)


def _looked_at(built: TorchNetwork, data: Data) -> Outcome:
    kept = [place for place, step in enumerate(built.steps) if step.block in {"relu", "leaky_relu"}]
    with torch.no_grad():
        scores, values = built.run(data.normalise(data.train.images), kept)
    if not torch.isfinite(scores).all():
        return Outcome(1.0, 0.1, True)
    dead = units = 0
    for place in kept:
        value = values[place]
        assert value is not None
        silent = value.amax(dim=[each for each in range(value.dim()) if each != 1]) <= 0
        dead, units = dead + int(silent.sum()), units + len(silent)
    right = (scores.argmax(1) == data.train.labels).float().mean()
    return Outcome(dead / units, float(right), False)


def cell(outcomes: list[Outcome]) -> str:
    """Dead share of the median run, and what it gets right."""
    dead = statistics.median(each.dead for each in outcomes)
    right = statistics.median(each.right for each in outcomes)
    return f"{100 * dead:3.0f}{'x' if any(each.lost for each in outcomes) else ' '}{100 * right:4.0f}"


def table(kind: str, bend: str, starts: tuple[str, ...], seeds: int, data: Data) -> Iterator[str]:
    yield f"\n{kind}, {bend}: dead units % and images right %, median of {seeds} seeds"
    yield " " * 21 + "".join(f"{column.head:>12}" for column in COLUMNS)
    yield f"{'layers':>6} {'start':14}" + "".join(f"{column.rate:>12g}" for column in COLUMNS)
    for depth, start in product(DEPTHS[kind], starts):
        network = stack(kind, depth, bend)
        cells = []
        for optimiser, momentum, rate in COLUMNS:
            settings = {"optimiser": optimiser, "momentum": momentum, "learning_rate": rate, "initialisation": start}
            recipes = [Recipe(dataset="digits", seed=seed + 1, batch_size=BATCH, **settings) for seed in range(seeds)]
            cells.append(cell([run(network, recipe, data) for recipe in recipes]))
        yield f"{depth:>6} {start:14}" + "".join(f"{each:>12}" for each in cells)


if __name__ == "__main__":
    torch.set_num_threads(1)
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    data = load("digits")
    for kind, (bend, starts) in product(DEPTHS, BENDS.items()):
        for line in table(kind, bend, starts, seeds, data):
            print(line, flush=True)
