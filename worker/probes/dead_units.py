"""Dead channels and units: those that gave zero for every training image of the last N steps. Exact.

A window of N steps starts with the channels that are zero for one image (units: for eight) as candidates. From then on
only the candidates are looked at, so that a layer whose channels all fired costs nothing until the window ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.plan import PlanStep
from playground.protocol import Column, Units, encode
from worker.first_fired import SILENT, FirstFired, Steps
from worker.probes.base import Moment, Probe, Scene

Indices = NDArray[np.int64]
HELD, HELD_BYTES = 16, 1024 * 1024
"""Steps whose outputs are looked at together, where they take no more room than this: between two other pieces of work
the first look takes 50 µs, whatever its size, and one more takes 5."""
NEVER = 2**32 - 1
NOBODY: Indices = np.array([], np.int64)


class _Layer:
    """The window of one ReLU."""

    def __init__(self, position: int, step: PlanStep) -> None:
        self.position = position
        """Of the output that tells which units fired."""
        self.id = step.id
        self.units = step.shape[0]
        self.candidates: Indices | None = None
        """The units that were zero so far in this window; None before its first step."""
        self.dead: Indices | None = None
        """Those of the last whole window."""
        self.told = b""
        """What the page was last told."""
        self.since = np.full(self.units, NEVER, np.uint32)
        """The first step of the first whole window in which a dead unit stayed silent."""
        self.revived = np.full(self.units, NEVER, np.uint32)
        """The step at which a unit last fired after it had been dead."""
        self.revivals = np.zeros(self.units, np.uint32)
        """How often it did."""
        self.asleep = NOBODY
        """Units that were dead at the end of the last window and have not fired since."""
        self.woken: dict[int, int] = {}
        """Those that have, with the step."""
        self._held: list[tuple[int, Tensor]] = []
        """Steps with outputs that were not looked at yet."""

    def see(self, step: int, output: Tensor) -> None:
        """output: [batch, units] or [batch, channels, height, width], never negative."""
        self._held.append((step, output))
        images = output.dim() == 4
        first = images and self.candidates is None  # after it there is mostly nothing left to look for
        if first or len(self._held) == HELD or (images and output.nbytes * (len(self._held) + 1) > HELD_BYTES):
            self.catch_up()

    def catch_up(self) -> None:
        """Look at all that was seen."""
        if self._held:
            held, self._held = self._held, []
            before = None if self.candidates is None else len(self.candidates)
            remaining = self._look(held[0][1] if len(held) == 1 else torch.cat([output for _, output in held]))
            if len(self.asleep) and len(remaining) != before:
                self._wake(np.setdiff1d(self.asleep, remaining, assume_unique=True), held)

    def _look(self, output: Tensor) -> Indices:
        if self.candidates is None:
            few = output[: 1 if output.dim() == 4 else 8]
            self.candidates = np.flatnonzero(_silent(few, np.arange(self.units)))
        if len(self.candidates):
            self.candidates = self.candidates[_silent(output, self.candidates)]
        return self.candidates

    def _wake(self, awake: Indices, held: list[tuple[int, Tensor]]) -> None:
        """These units were dead and have fired in one of the steps."""
        if not len(awake):
            return
        self.asleep = np.setdiff1d(self.asleep, awake, assume_unique=True)
        for step, output in held:
            silent = _silent(output, awake)
            self.woken |= dict.fromkeys(awake[~silent].tolist(), step)
            awake = awake[silent]

    def take(self, first: Steps) -> None:
        """What a device has seen in the open window: of each unit the step at which it first fired."""
        self.candidates = np.flatnonzero(first == SILENT)
        awake = self.asleep[first[self.asleep] != SILENT]
        self.woken |= dict(zip(awake.tolist(), first[awake].tolist(), strict=True))
        self.asleep = np.setdiff1d(self.asleep, awake, assume_unique=True)

    def given(self) -> Steps:
        """The same the other way round, to go on with."""
        first = np.full(self.units, SILENT, np.int64)
        if self.candidates is not None:
            first[np.setdiff1d(np.arange(self.units), self.candidates)] = 0
        for unit, step in self.woken.items():
            first[unit] = step
        return first

    def close(self, start: int) -> None:
        """The window that began at step `start` is whole."""
        self.catch_up()
        before = NOBODY if self.dead is None else self.dead
        self.dead = NOBODY if self.candidates is None else self.candidates
        self.candidates = None
        self.since[np.setdiff1d(self.dead, before, assume_unique=True)] = start
        for unit, step in self.woken.items():
            self.since[unit] = NEVER
            self.revived[unit] = step
            self.revivals[unit] += 1
        self.asleep, self.woken = self.dead, {}

    def payload(self) -> bytes:
        flags = np.zeros(-(-self.units // 4) * 4, np.uint8)
        flags[self.dead] = 1
        return b"".join(part.tobytes() for part in (flags, self.since, self.revived, self.revivals))

    def state(self) -> dict[str, Any]:
        """As JSON; only units that ever died have a history."""
        known = np.flatnonzero((self.since != NEVER) | (self.revivals > 0))
        return {
            "candidates": None if self.candidates is None else self.candidates.tolist(),
            "dead": None if self.dead is None else self.dead.tolist(),
            "history": [
                [int(unit), int(self.since[unit]), int(self.revived[unit]), int(self.revivals[unit])] for unit in known
            ],
            "woken": [[unit, step] for unit, step in self.woken.items()],
        }

    def restore(self, kept: dict[str, Any]) -> None:
        self.candidates, self.dead = _indices(kept["candidates"]), _indices(kept["dead"])
        for unit, since, revived, revivals in kept.get("history", []):
            self.since[unit], self.revived[unit], self.revivals[unit] = since, revived, revivals
        self.woken = dict(kept.get("woken", []))
        dead = NOBODY if self.dead is None else self.dead
        self.asleep = np.setdiff1d(dead, np.array(list(self.woken), np.int64), assume_unique=True)


def _silent(output: Tensor, units: Indices) -> NDArray[np.bool_]:
    """[len(units)]: never above zero in this batch."""
    # a sum of values that are never negative is 0 only where all are; to pick units first takes longer
    everywhere = (0, 2, 3) if output.dim() == 4 else (0,)
    return np.asarray(output.sum(everywhere, dtype=torch.float32).cpu().numpy()[units] == 0)


class DeadUnitProbe(Probe):
    """Windows begin at multiples of N = recipe.dead_window steps."""

    stream = "layers"
    hertz = 1.0
    recorded = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        steps = scene.network.steps
        self._layers = [_Layer(_telling(steps, at), step) for at, step in enumerate(steps) if step.block == "relu"]
        self._open: list[_Layer] = []
        self._window = scene.recipe.dead_window
        units = [layer.units for layer in self._layers]
        self._fired = FirstFired(units, scene.clock) if scene.on_device else None
        """Does the looking where the host would have to wait for it."""

    def columns(self) -> list[Column]:
        return [Column(quantity="dead", layer=layer.id) for layer in self._layers]

    def kept(self) -> set[int]:
        return {layer.position for layer in self._layers}

    def each_output(self, step: int) -> None:
        outputs = self.scene.network.outputs
        if self._fired is not None:
            self._fired.see([outputs[layer.position].detach() for layer in self._layers])  # type: ignore[union-attr]
            return
        if step % self._window == 0:
            self._open = list(self._layers)
        for layer in self._open:
            output = outputs[layer.position]
            assert output is not None
            layer.see(step, output.detach())
        self._open = [layer for layer in self._open if layer.candidates is None or len(layer.candidates)]
        if (step + 1) % self._window == 0:
            for layer in self._layers:
                layer.close(step + 1 - self._window)
            self._open = []

    def launched(self, step: int) -> None:
        if self._fired is not None and (step + 1) % self._window == 0:
            self._fired.close(step + 1 - self._window)
        self._close_what_arrived()

    def _close_what_arrived(self, *, wait: bool = False) -> None:
        for start, steps in self._fired.closed(wait=wait) if self._fired is not None else ():
            for layer, first in zip(self._layers, steps, strict=True):
                layer.take(first)
                layer.close(start)

    def sample(self, moment: Moment) -> Sequence[float]:
        return [math.nan if layer.dead is None else float(len(layer.dead)) for layer in self._layers]

    def frames(self, moment: Moment) -> list[bytes]:
        records = []
        for layer in self._layers:
            if layer.dead is not None and (payload := layer.payload()) != layer.told:
                layer.told = payload
                header = Units(layer=layer.id, step=moment.step + 1, units=layer.units, window=self._window)
                records.append(encode(header, payload))
        return records

    def state(self) -> Any:
        if self._fired is not None:
            self._close_what_arrived(wait=True)
            for layer, first in zip(self._layers, self._fired.now(), strict=True):
                layer.take(first)
        for layer in self._layers:
            layer.catch_up()
        return {layer.id: layer.state() for layer in self._layers}

    def restore(self, state: Any) -> None:
        for layer in self._layers:
            layer.restore(state[layer.id])
        if self._fired is not None:
            self._fired.put_back([layer.given() for layer in self._layers])
        self._open = [layer for layer in self._layers if layer.candidates is not None and len(layer.candidates)]


def _telling(steps: Sequence[PlanStep], position: int) -> int:
    """Where to see which units of this ReLU fired: behind a max pool that leaves out no pixel, for it gives zero for a
    channel exactly where all of the channel is zero, and is smaller; else at the ReLU itself."""
    relu = steps[position]
    pools = (at for at, step in enumerate(steps) if step.block == "max_pool" and step.inputs == (relu.id,))
    return next((at for at in pools if _covers(steps[at], relu.shape)), position)


def _covers(pool: PlanStep, shape: Sequence[int]) -> bool:
    """Every pixel of an image of this shape [channels, height, width] lies in one of the pool's windows."""
    settings = pool.layer.arguments if pool.layer is not None else {}
    parts = (settings[name] for name in ("kernel_size", "stride", "padding"))
    ways = zip(*parts, pool.shape[1:], shape[1:], strict=True)
    return all(
        stride <= kernel and (windows - 1) * stride + kernel - padding >= pixels
        for kernel, stride, padding, windows, pixels in ways
    )


def _indices(values: list[int] | None) -> Indices | None:
    return None if values is None else np.array(values, np.int64)
