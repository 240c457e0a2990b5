"""What this machine offers: device, memory, data sets and their cards. Asked of a child process, so that the agent need
not import torch, and kept, so that a restarted agent can dial in at once."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from pydantic import BaseModel

from playground.protocol import encode
from worker import host
from worker.folders import WorkerFolder


class Machine(BaseModel):
    """The part of Hello that does not change while the agent lives."""

    device: str
    cuda: bool
    torch: str
    datasets: list[str]

    def keep(self, folder: WorkerFolder) -> None:
        """For the next start of the agent."""
        _write(folder.machine_file, self.model_dump_json().encode())

    @property
    def cores(self) -> int:
        return host.cores()

    @property
    def memory_bytes(self) -> int:
        return host.memory_bytes()


class MachineError(Exception):
    """This machine cannot train; the message says what is missing."""


def remembered(folder: WorkerFolder) -> Machine | None:
    """What it offered last time."""
    try:
        return Machine.model_validate_json(folder.machine_file.read_bytes())
    except (OSError, ValueError):
        return None


async def ask(folder: WorkerFolder) -> Machine:
    """What it offers now; makes missing cards on the way. Seconds. Raises MachineError."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "worker.machine", str(folder.path), stdin=asyncio.subprocess.DEVNULL
    )
    try:
        status = await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
    machine = remembered(folder)
    if status != 0 or machine is None:
        raise MachineError("torch or the data sets cannot be loaded on this machine; the lines above say why.")
    return machine


def describe(folder: WorkerFolder) -> Machine:
    """Find out, here and now. Imports torch."""
    import torch

    from worker import cards, data

    datasets = data.available()
    for name in datasets:
        target = folder.cards / f"{name}.record"
        if not target.exists():
            card, png = cards.make_card(name)
            _write(target, encode(card, png))
    cuda = torch.cuda.is_available()
    machine = Machine(
        device=torch.cuda.get_device_name(0) if cuda else "cpu",
        cuda=cuda,
        torch=torch.__version__,
        datasets=datasets,
    )
    machine.keep(folder)
    return machine


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    draft.replace(path)


if __name__ == "__main__":
    os.nice(5)
    describe(WorkerFolder(Path(sys.argv[1])))
