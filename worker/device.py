"""Where a run trains: the processor or a GPU, with how many threads and how much memory."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from typing import Any

import torch

from worker.failure import Failure
from worker.host import MEMORY_SHARE, cores, memory_bytes
from worker.recording import CudaGraph, Recording, Repeated

MACS_PER_THREAD = 50_000_000


def choose_device(wanted: str) -> torch.device:
    """The device of a recipe's "auto", "cpu" or "cuda". Raises Failure(device_missing)."""
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise Failure(
            "device_missing",
            "The recipe asks for a GPU; this worker has none that torch can use.",
            "Set Device to “Best there is”, or start a worker on a machine with a CUDA device.",
        )
    return torch.device("cuda" if there and wanted != "cpu" else "cpu")


def stays_there(device: torch.device) -> bool:
    """Whether figures of a step stay on the device until they are sent, because to ask for one means to wait.

    PLAYGROUND_GRAPHS=plain has it so on the processor too, with steps repeated where a GPU plays recordings of them:
    the way that all of it is tested without a GPU.
    """
    return device.type != "cpu" or _graphs() == "plain"


def recording_for(device: torch.device) -> type[Recording[Any]] | None:
    """What steps are recorded with; None where they are launched one by one: PLAYGROUND_GRAPHS=off."""
    if _graphs() == "plain":
        return Repeated
    return CudaGraph if device.type == "cuda" and _graphs() != "off" else None


def _graphs() -> str:
    return os.environ.get("PLAYGROUND_GRAPHS", "")


def room_for_data(device: torch.device) -> int | None:
    """Bytes of images that a device may hold; None: all. Half of the free memory is left to the network."""
    return torch.cuda.mem_get_info(device)[0] // 2 if device.type == "cuda" else None


def prepare_arithmetic(device: torch.device, precision: str) -> None:
    """float32 and TF32 as the recipe says; torch's own default is TF32 in convolutions alone. Lets cuDNN try its
    algorithms, since batches are of one size."""
    if device.type == "cuda":
        wanted = "tf32" if precision == "tf32" else "ieee"
        torch.backends.cuda.matmul.fp32_precision = torch.backends.cudnn.conv.fp32_precision = wanted  # type: ignore[attr-defined]
        torch.backends.cudnn.benchmark = True


def describe(device: torch.device) -> str:
    """For people: "cpu" or the GPU's name."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"


def threads(macs: int) -> int:
    """For a step of so many multiply-adds forward: PLAYGROUND_THREADS, else one per 50 million, at most cores − 1.

    The last core is left to the site and the browser. Threads wait for each other some fifty times a step, and where
    another program holds one of the cores, two threads were measured six times as slow as one for LeNet.
    """
    named = os.environ.get("PLAYGROUND_THREADS", "")
    if named.isdigit() and int(named) > 0:
        return int(named)
    return max(1, min(macs // MACS_PER_THREAD, cores() - 1))


def memory_limit() -> int:
    """Bytes a run may take: PLAYGROUND_MEMORY_BYTES, else 80 % of the machine's (or of its container's)."""
    named = os.environ.get("PLAYGROUND_MEMORY_BYTES", "")
    return int(named) if named.isdigit() and int(named) > 0 else int(MEMORY_SHARE * memory_bytes())


def keep_freed_memory() -> None:
    """Asks the C library to keep what is freed between steps. It otherwise hands large buffers back and fetches them
    again: 50 to 200 page faults a LeNet step. Does nothing where the library is not glibc."""
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_TRIM_THRESHOLD, 1 << 30)
        library.mallopt(_M_MMAP_THRESHOLD, 32 << 20)


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


def limit_memory(device: torch.device) -> None:
    """Makes an allocation over the limit fail in this process alone. Not for CUDA, which maps far more than it uses."""
    if device.type == "cuda":
        return
    limit = memory_limit()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
