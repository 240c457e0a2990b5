"""Checkpoints: all that a run needs to go on as if it had never stopped, in one safetensors file, whole or absent.

Weights, running statistics, optimiser, random numbers and the probes' windows. The order of the images needs no place
here: it follows from the seed and the step. No pickle is read.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field, fields
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from playground.protocol import Job
from worker.places import write_whole

EVERY = 10.0
"""Seconds between checkpoints."""
AT_EPOCH_END = 1.0
"""Seconds that must have passed for one at an epoch's end: small data sets have hundreds of epochs a minute."""
SHARE = 0.01
"""Of the time; a large network's checkpoints are further apart."""


@dataclass
class Progressed:
    """Where a run stands, besides weights and random numbers."""

    step: int = 0
    """Updates done."""
    seconds: float = 0.0
    """Training time over all attempts."""
    threads: int = 1
    rate_by_hand: float | None = None
    paused: bool = False
    probe_choice: dict[str, Any] = field(default_factory=dict)
    """See worker.probe_image.ProbeChoice."""
    validation_accuracy: float | None = None
    taken_up: int = 0
    """Wishes to go on with the run (Job.continued) that have been followed."""
    standing: dict[str, Any] = field(default_factory=dict)
    """Of the stop rules: playground.stopping.Standing."""
    probes: dict[str, Any] = field(default_factory=dict)


class CheckpointStore:
    """The newest checkpoint of one run in its folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None, job: Job) -> None:
        self._path = folder / "state.safetensors" if folder else None
        self._job = hashlib.sha256(json.dumps([job.network, job.recipe], sort_keys=True).encode()).hexdigest()
        self._next = perf_counter() + EVERY
        self._next_at_epoch_end = 0.0
        self.best: dict[str, Tensor] = {}
        """Weights of the best evaluation, where the recipe wants the run to end with them."""

    def keep_best(self, network: nn.Module) -> None:
        """The weights of this moment; they travel with the next checkpoint."""
        self.best = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}

    @property
    def keeps(self) -> bool:
        return self._path is not None

    def due(self, now: float, epoch_end: bool = False) -> bool:
        """Whether it is time; `now` is a perf_counter reading."""
        return self._path is not None and now >= (self._next_at_epoch_end if epoch_end else self._next)

    def save(self, progressed: Progressed, network: nn.Module, optimiser: Optimizer) -> None:
        """Replaces the last one."""
        if self._path is None:
            return
        start = perf_counter()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        numbers, tensors = _optimiser_parts(optimiser)
        tensors |= {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
        tensors |= _random_tensors()
        tensors |= {f"best.{name}": tensor for name, tensor in self.best.items()}
        facts = {"job": self._job, "progressed": vars(progressed), "optimiser": numbers, "python": random.getstate()}
        whole = save({name: t.detach().cpu().contiguous() for name, t in tensors.items()}, {"json": json.dumps(facts)})
        write_whole(self._path, lambda file: file.write(whole))
        end = perf_counter()
        rest = (end - start) / SHARE
        self._next, self._next_at_epoch_end = end + max(EVERY, rest), end + max(AT_EPOCH_END, rest)

    def load(self, network: nn.Module, optimiser: Optimizer, device: torch.device) -> Progressed | None:
        """Puts everything back and tells where the run stands. None where there is no checkpoint of this very job."""
        if self._path is None or not self._path.exists():
            return None
        try:
            with safe_open(self._path, "pt", device="cpu") as file:
                facts = json.loads(file.metadata()["json"])
                if facts["job"] != self._job:
                    return None
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)
        except (SafetensorError, KeyError, TypeError, ValueError, OSError):
            return None
        network.load_state_dict({n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")})
        self.best = {n.removeprefix("best."): t for n, t in tensors.items() if n.startswith("best.")}
        _restore_optimiser(optimiser, facts["optimiser"], tensors, device)
        _restore_random(tensors, facts["python"])
        known = {part.name for part in fields(Progressed)}  # an older version's checkpoint may hold others
        return Progressed(**{name: value for name, value in facts["progressed"].items() if name in known})


def _optimiser_parts(optimiser: Optimizer) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The optimiser's memory of each parameter: plain numbers, and tensors by "optimiser.<parameter>.<name>"."""
    numbers: dict[str, Any] = {}
    tensors: dict[str, Tensor] = {}
    for position, memory in optimiser.state_dict()["state"].items():
        for name, value in memory.items():
            key = f"optimiser.{position}.{name}"
            if isinstance(value, Tensor):
                tensors[key] = value
            else:
                numbers[key] = value
    return numbers, tensors


def _restore_optimiser(
    optimiser: Optimizer, numbers: dict[str, Any], tensors: dict[str, Tensor], device: torch.device
) -> None:
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    for key, value in (numbers | tensors).items():
        if not key.startswith("optimiser."):
            continue
        _, position, name = key.split(".", 2)
        parameter = parameters[int(position)]
        if isinstance(value, Tensor) and value.shape == parameter.shape:
            # the fused step reads raw memory: same layout (channels last) as the parameter
            value = torch.empty_like(parameter, requires_grad=False).copy_(value)
        elif isinstance(value, Tensor) and any(g.get("fused") or g.get("capturable") for g in optimiser.param_groups):
            value = value.to(device)  # counts of steps, which stay on a GPU in these
        optimiser.state[parameter][name] = value


def _random_tensors() -> dict[str, Tensor]:
    kind, keys, position, has_gauss, gauss = np.random.get_state(legacy=True)
    assert kind == "MT19937"
    tensors = {
        "random.torch": torch.get_rng_state(),
        "random.numpy_keys": torch.from_numpy(np.asarray(keys).astype(np.int64)),
        "random.numpy_rest": torch.tensor([position, has_gauss, gauss], dtype=torch.float64),
    }
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    return tensors


def _restore_random(tensors: dict[str, Tensor], python: list[Any]) -> None:
    torch.set_rng_state(tensors["random.torch"])
    if "random.cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random.cuda"])
    position, has_gauss, gauss = tensors["random.numpy_rest"].tolist()
    keys = tensors["random.numpy_keys"].numpy().astype(np.uint32)
    np.random.set_state(("MT19937", keys, int(position), int(has_gauss), gauss))
    version, state, gauss_next = python
    random.setstate((version, tuple(state), gauss_next))
