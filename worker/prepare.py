"""From a job's documents to what the loop needs: plan, data, network, optimiser. Everything is checked again here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from playground.datasets import DATASETS, Dataset
from playground.network import DocumentError, read_network
from playground.plan import NotTrainable, Plan, plan
from playground.protocol import Continuation, Job, LayerInfo
from playground.recipe import Recipe, RecipeError, read_recipe
from playground.slopes import slope_bounds, steepest_slopes
from worker.build import TorchNetwork, build
from worker.data import Data, batches, load_for, steps_per_epoch
from worker.device import (
    choose_device,
    keep_freed_memory,
    prepare_arithmetic,
    recording_for,
    room_for_data,
    stays_there,
    threads,
)
from worker.failure import Failure
from worker.initialise import initialise
from worker.optimise import make_optimiser
from worker.recording import Recording


@dataclass
class Prepared:
    """A run before its first step."""

    recipe: Recipe
    data: Data
    network: TorchNetwork
    optimiser: Optimizer
    device: torch.device
    steps_per_epoch: int
    continued: tuple[Continuation, ...] = ()
    on_device: bool = False
    """Figures stay on the device until they are sent."""
    recording: type[Recording[Any]] | None = None
    """What steps are recorded with, if they are."""

    @property
    def epochs(self) -> int:
        """Of the whole run, as it was asked for last."""
        return self.epochs_after(len(self.continued))

    @property
    def total_steps(self) -> int:
        return self.steps_per_epoch * self.epochs

    def epochs_after(self, taken_up: int) -> int:
        """As it was asked for before the wish to go on number `taken_up`, counted from 0."""
        return self.continued[taken_up - 1].epochs if taken_up else self.recipe.epochs

    def batches(self, step: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Images and labels from this step of the run on, on the device."""
        recipe = self.recipe
        size, augment = recipe.batch_size, recipe.augment
        return batches(self.data, seed=recipe.seed, step=step, batch_size=size, augment=augment)

    def precision(self) -> AbstractContextManager[object]:
        """The context of one forward pass."""
        if self.recipe.precision == "bfloat16":
            return torch.autocast(self.device.type, torch.bfloat16)
        return nullcontext()


def prepare(job: Job) -> Prepared:
    """Raises Failure with the code that fits."""
    recipe = recipe_of(job)
    layout = read_plan(job, recipe)
    torch.set_num_threads(job.threads or threads(recipe.batch_size * sum(step.macs for step in layout.steps)))
    device = choose_device(recipe.device)
    keep_freed_memory()
    prepare_arithmetic(device, recipe.precision)
    data = load_for(job, recipe.dataset).to(device, room=room_for_data(device))
    torch.manual_seed(recipe.seed)
    network = build(layout)
    initialise(network, recipe.initialisation)
    network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    parameters = list(network.parameters())
    if not parameters:
        raise Failure("not_trainable", "The network has no weights to learn.", "Add a convolution or a dense layer.")
    optimiser = make_optimiser(parameters, recipe)
    steps = steps_per_epoch(len(data.train), recipe.batch_size)
    return Prepared(
        recipe, data, network, optimiser, device, steps, job.continued, stays_there(device), recording_for(device)
    )


def recipe_of(job: Job) -> Recipe:
    try:
        return read_recipe(job.recipe)
    except RecipeError as error:
        raise Failure("not_trainable", error.message, "Change it in the recipe.") from error


def read_plan(job: Job, recipe: Recipe) -> Plan:
    record = record_of(job, recipe)
    try:
        layout = plan(read_network(job.network), classes=len(record.classes))
    except (DocumentError, NotTrainable) as error:
        raise Failure("not_trainable", str(error), "Correct the network and train again.") from error
    given = layout.steps[0].shape
    if given != record.shape:
        raise Failure(
            "not_trainable",
            f"The input block takes {_size(given)}; {record.title} has {_size(record.shape)}.",
            f"Set the input block to {_size(record.shape)}, or choose another data set.",
            layout.steps[0].id,
        )
    return layout


def record_of(job: Job, recipe: Recipe) -> Dataset:
    """Of the data set that the run is trained on. Raises Failure(data_missing)."""
    record = job.dataset or DATASETS.get(recipe.dataset)
    if record is None:
        raise Failure(
            "data_missing",
            "The data set is somebody's own, and the run came without it.",
            "Train on the site that has it, or choose another data set.",
        )
    return record


def layer_infos(layout: Plan) -> list[LayerInfo]:
    """The primitives for the page."""
    slopes, bounds = steepest_slopes(layout), slope_bounds(layout)
    return [
        LayerInfo(
            id=step.id,
            node=step.owner,
            block=step.block,
            label=step.label,
            shape=list(step.shape),
            units=step.shape[0] if step.block == "relu" else 0,
            parameters=step.parameters,
            steepest=slopes.get(step.id),
            slope_bound=bounds[step.id],
        )
        for step in layout.steps
    ]


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(str(part) for part in shape)
