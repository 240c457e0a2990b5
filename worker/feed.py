"""Batches for a device that nobody waits for: images lie there as bytes, or follow from the host two batches ahead.

They are the batches of worker.data.batches, to the last bit.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from playground.recipe import Recipe
from worker.augment import augmented, epoch_draws
from worker.data import Data, epoch_order, normalised, steps_per_epoch

AHEAD = 3
"""Batches that are on their way from the host while one is learnt from."""


class Feed(Protocol):
    """Where batches come from. `ready` is for the host, `batch` is work for the device alone and can be recorded."""

    def ready(self, step: int) -> int:
        """To be called before each step: makes its images reachable. Gives how many they are."""
        ...

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Normalised images [size, c, h, w] and labels [size] of the step that is made ready."""
        ...


def feed_for(data: Data, recipe: Recipe) -> Feed:
    """The way that fits where the images lie."""
    return Resident(data, recipe) if data.train.images.device == data.mean.device else Streamed(data, recipe)


class _Epochs:
    """The order of the images, and what is done to them."""

    def __init__(self, data: Data, recipe: Recipe) -> None:
        self._recipe = recipe
        self._images = len(data.train)
        self._shape = data.train.images.shape
        self._steps = steps_per_epoch(self._images, recipe.batch_size)
        self.epoch = -1
        self.order = torch.empty(0, dtype=torch.int64)
        self.draws: Tensor | None = None

    def at(self, step: int) -> tuple[int, int]:
        """First place in the epoch's order, and how many: the images of a step."""
        epoch, index = divmod(step, self._steps)
        if epoch != self.epoch:
            recipe, self.epoch = self._recipe, epoch
            self.order = epoch_order(self._images, recipe.seed, epoch)
            self.draws = epoch_draws(self._images, self._shape, recipe.augment, recipe.seed, epoch)
        first = index * self._recipe.batch_size
        return first, min(self._recipe.batch_size, self._images - first)


class Resident:
    """All images lie on the device. It has the epoch's order too, and a cursor in it that it moves itself."""

    def __init__(self, data: Data, recipe: Recipe) -> None:
        self._part = data.train
        self._epochs = _Epochs(data, recipe)
        self._device = data.mean.device
        self._scale, self._shift = data.scale_and_shift()
        self._order = torch.zeros(len(data.train), dtype=torch.int64, device=self._device)
        self._draws: Tensor | None = None
        if recipe.augment != "none":
            self._draws = torch.zeros(len(data.train), 3, dtype=torch.int64, device=self._device)
        self._cursor = torch.zeros(1, dtype=torch.int64, device=self._device)
        self._ranks = torch.arange(recipe.batch_size, device=self._device)
        self._next = -1
        """The step whose images the cursor stands at."""

    def ready(self, step: int) -> int:
        epoch = self._epochs.epoch
        first, size = self._epochs.at(step)
        if self._epochs.epoch != epoch:
            _send(self._epochs.order, self._order)
            if self._draws is not None and self._epochs.draws is not None:
                _send(self._epochs.draws, self._draws)
        if step != self._next or first == 0:
            self._cursor.fill_(first)
        self._next = step + 1
        return size

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        places = self._cursor + self._ranks[:size]
        chosen = self._order.index_select(0, places)
        images = self._part.images.index_select(0, chosen)
        if self._draws is not None:
            images = augmented(images, self._draws.index_select(0, places))
        self._cursor.add_(size)
        return normalised(images, self._scale, self._shift), self._part.labels.index_select(0, chosen)


class Streamed:
    """The images lie in the host's memory. Batches are gathered into pinned memory, copied by a stream of their own
    while the device computes, and put where the recorded step reads them."""

    def __init__(self, data: Data, recipe: Recipe) -> None:
        self._part = data.train
        self._epochs = _Epochs(data, recipe)
        self._device = data.mean.device
        self._scale, self._shift = data.scale_and_shift()
        size = recipe.batch_size
        self._batch = _Batch(size, self._part.images.shape[1:], self._device, augment=recipe.augment != "none")
        self._stages = [_Stage(self._batch) for _ in range(AHEAD + 1)]
        self._stream = torch.cuda.Stream(self._device) if self._device.type == "cuda" else None
        self._staged = -1
        """The last step whose images are on their way."""

    def ready(self, step: int) -> int:
        if not step <= self._staged <= step + AHEAD:
            self._staged = step - 1
        while self._staged < step + AHEAD:
            self._staged += 1
            self._gather(self._staged)
        return self._stages[step % len(self._stages)].deliver(self._batch)

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        images = self._batch.images[:size]
        if self._batch.draws is not None:
            images = augmented(images, self._batch.draws[:size])
        # labels are given away as they are: the next step's come only after this step's work
        return normalised(images, self._scale, self._shift), self._batch.labels[:size]

    def _gather(self, step: int) -> None:
        first, size = self._epochs.at(step)
        here = slice(first, first + size)
        chosen, draws = self._epochs.order[here], self._epochs.draws
        stage = self._stages[step % len(self._stages)]
        stage.wait_until_free()
        torch.index_select(self._part.images, 0, chosen, out=stage.host.images[:size])
        torch.index_select(self._part.labels, 0, chosen, out=stage.host.labels[:size])
        if draws is not None and stage.host.draws is not None:
            stage.host.draws[:size] = draws[here]
        stage.send(size, self._stream)


class _Batch:
    """Room for a batch: images as bytes, labels, and what is drawn for them."""

    def __init__(
        self, size: int, shape: torch.Size, device: torch.device, *, augment: bool, pinned: bool = False
    ) -> None:
        self.images = torch.zeros(size, *shape, dtype=torch.uint8, device=device, pin_memory=pinned)
        self.labels = torch.zeros(size, dtype=torch.int64, device=device, pin_memory=pinned)
        self.draws: Tensor | None = None
        if augment:
            self.draws = torch.zeros(size, 3, dtype=torch.int64, device=device, pin_memory=pinned)

    def take(self, other: _Batch, size: int) -> None:
        """The first `size` of another's."""
        self.images[:size].copy_(other.images[:size], non_blocking=True)
        self.labels[:size].copy_(other.labels[:size], non_blocking=True)
        if self.draws is not None and other.draws is not None:
            self.draws[:size].copy_(other.draws[:size], non_blocking=True)


class _Stage:
    """One batch on its way: pinned memory, room on the device, and events that say which of them is free."""

    def __init__(self, like: _Batch) -> None:
        size, shape, device = len(like.labels), like.images.shape[1:], like.images.device
        cuda, augment = device.type == "cuda", like.draws is not None
        self.host = _Batch(size, shape, torch.device("cpu"), augment=augment, pinned=cuda)
        self._there = _Batch(size, shape, device, augment=augment) if cuda else self.host
        self._arrived = torch.cuda.Event() if cuda else None
        self._used = torch.cuda.Event() if cuda else None
        self._size = 0

    def wait_until_free(self) -> None:
        """The pinned memory may be written to again: its last copy, some steps ago, is over."""
        if self._arrived is not None:
            self._arrived.synchronize()

    def send(self, size: int, stream: torch.cuda.Stream | None) -> None:
        self._size = size
        if stream is None or self._arrived is None or self._used is None:
            return
        with torch.cuda.stream(stream):
            stream.wait_event(self._used)  # the device's room is free
            self._there.take(self.host, size)
            self._arrived.record()

    def deliver(self, batch: _Batch) -> int:
        """Into the place that the recorded step reads, in the order of the device's work."""
        if self._arrived is not None and self._used is not None:
            torch.cuda.current_stream().wait_event(self._arrived)
        batch.take(self._there, self._size)
        if self._used is not None:
            self._used.record()
        return self._size


def _send(source: Tensor, target: Tensor) -> None:
    """From the host's memory to a device; nobody waits."""
    target.copy_(source.pin_memory() if target.is_cuda else source, non_blocking=True)
