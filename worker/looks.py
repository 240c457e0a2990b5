"""The agent's side of questions to networks whose runs have ended: a process for each, for as long as somebody asks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from playground.protocol import MAX_FRAME_BYTES, Looked, Order, encode, pack
from worker.control import ControlWriter
from worker.executors import Executor
from worker.folders import LeaseFolder
from worker.remembered import NetworkFolder
from worker.spool import SpoolReader

STAY_SECONDS = 60.0
"""A process stays so long after the last question."""
MOST_PROCESSES = 2
MOST_BYTES = MAX_FRAME_BYTES - 16 * 1024


class _Look:
    """A process that answers for one run."""

    def __init__(self, folder: LeaseFolder, lease: int) -> None:
        self.folder = folder
        self.lease = lease
        self.used = time.monotonic()
        self.writer = ControlWriter(folder.path)
        self._reader = SpoolReader(folder.spool)
        self._next = 1

    def answers(self) -> list[bytes]:
        """Records since the last call."""
        found = self._reader.read_from(self._next, MOST_BYTES // 2)
        self._next += len(found)
        return [record for _, record in found]

    def close(self) -> None:
        self.writer.close()
        self._reader.close()


class Looks:
    """All of them. Nothing here outlives the agent."""

    def __init__(self, path: Path, kept: NetworkFolder, executor: Executor) -> None:
        self._path = path
        self._networks = kept
        self._executor = executor
        self._looks: dict[str, _Look] = {}
        self._ending: list[LeaseFolder] = []
        self._count = 0
        shutil.rmtree(path, ignore_errors=True)  # of an earlier agent

    def __len__(self) -> int:
        return len(self._looks)

    def ask(self, order: Order) -> bool:
        """Hand a question on; False where the network is not kept."""
        if order.command.kind not in ("probe", "watch") or not self._networks.has(order.run):
            return False
        look = self._looks.get(order.run)
        if look is None or self._executor.ended(look.folder) is not None:
            self.forget(order.run)
            look = self._looks[order.run] = self._start(order)
        look.used, look.lease = time.monotonic(), order.lease
        look.writer.send(order.command, order.number)
        return True

    def uploads(self) -> Iterator[bytes]:
        """What was answered since the last call."""
        for run, look in self._looks.items():
            records = look.answers()
            while records:
                part = [records.pop(0)]
                while records and sum(map(len, part)) + len(records[0]) + 8 * len(part) < MOST_BYTES:
                    part.append(records.pop(0))
                yield encode(Looked(run=run, lease=look.lease, count=len(part)), pack(part))

    def tidy(self) -> None:
        """End the processes that nobody asks any more."""
        now = time.monotonic()
        for run in [run for run, look in self._looks.items() if now - look.used > STAY_SECONDS]:
            self.forget(run)
        for folder in [folder for folder in self._ending if self._executor.ended(folder) is not None]:
            self._ending.remove(folder)
            shutil.rmtree(folder.path, ignore_errors=True)

    def close(self) -> None:
        for run in list(self._looks):
            self.forget(run)

    def _start(self, order: Order) -> _Look:
        while len(self._looks) >= MOST_PROCESSES:
            self.forget(min(self._looks, key=lambda run: self._looks[run].used))
        self._count += 1
        folder = LeaseFolder(self._path / order.run / f"lease-{self._count}")
        folder.path.mkdir(parents=True)
        folder.question_file.write_text(str(self._networks.file(order.run)))
        self._executor.start(folder)
        return _Look(folder, order.lease)

    def forget(self, run: str) -> None:
        """End the process of a run, if there is one."""
        look = self._looks.pop(run, None)
        if look is not None:
            look.close()
            self._executor.kill(look.folder)
            self._ending.append(look.folder)
