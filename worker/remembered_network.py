"""What is kept of a run that has ended: its network, and what of it was looked at. safetensors; no pickle is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from playground.protocol import Job


@dataclass(frozen=True)
class RememberedNetwork:
    """As it was after the last step."""

    job: Job
    step: int
    choice: dict[str, Any]
    """The probe image, see worker.probe_image.ProbeChoice."""
    watched: list[str]
    tensors: dict[str, Tensor]


def as_bytes(job: Job, network: nn.Module, *, step: int, choice: dict[str, Any], watched: list[str]) -> bytes:
    """The content of its file."""
    facts = {"job": job.model_dump(mode="json"), "step": step, "choice": choice, "watched": watched}
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    return bytes(save(tensors, {"json": json.dumps(facts)}))


def load(path: Path) -> RememberedNetwork:
    """Raises FileNotFoundError where it is gone, ValueError where the file is none of ours."""
    try:
        with safe_open(path, "pt", device="cpu") as file:
            facts = json.loads(file.metadata()["json"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)
        return RememberedNetwork(**facts | {"job": Job.model_validate(facts["job"])}, tensors=tensors)
    except (SafetensorError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a network that this worker kept.") from error
