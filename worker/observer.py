"""The training process's end of the observer: a process of low priority that draws what the weights make of the probe
image. Training pays for a copy of its weights into shared memory, and for the pictures' way into its packets.

One snapshot is under way at a time. The weights stay as they are until its pictures are there, so that a picture of
step t shows the weights of step t. Where there is no observer, before it is ready and after it was killed, the
recorder draws by itself, as seldom as its governors want; a new one is started after a while.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self

from pydantic import BaseModel

from playground.protocol import Job, pack, unpack
from worker.build import TorchNetwork
from worker.host import cores
from worker.prepare import Prepared
from worker.probes import Scene
from worker.shared_weights import SharedWeights, shared_file, size_of

START_AFTER, START_AGAIN_AFTER = 2.0, 20.0
"""Seconds: a short run needs none, and the first curve must not wait for it; one that died has had its reasons."""
PATIENCE_SECONDS = 2.0
"""For pictures that are under way where the next ones are drawn here."""
MOST_BYTES = 64 * 1024 * 1024
"""Of weights: more would have to be copied so seldom that nothing is won."""

_LENGTH = struct.Struct("<I")


class Snapshot(BaseModel):
    """The weights in the shared memory are those that this step's update has left."""

    step: int
    layers: list[str] | None = None
    """That are watched; None: as before."""
    choice: dict[str, Any] | None = None
    """The probe image; None: as before."""


@dataclass
class Pictures:
    """What came of a snapshot."""

    by: list[str]
    """Class names of the probes that were due."""
    records: list[bytes]

    def written(self) -> bytes:
        return pack([json.dumps(self.by).encode(), *self.records])

    @classmethod
    def read(cls, message: bytes) -> Self:
        by, *records = (bytes(part) for part in unpack(message))
        return cls(json.loads(by), records)


class Observer:
    """Of one run. Nothing here waits for it, except `settle`."""

    def __init__(self, job: Job, network: TorchNetwork) -> None:
        self._job = job
        self._network = network
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._weights: SharedWeights | None = None
        self._start_at = 0.0
        self._coming = bytearray()
        self._asked = False
        """A snapshot's answer is under way."""
        self._layers: list[str] | None = None
        self._choice: dict[str, Any] | None = None
        self.ready = False
        """It draws; what it draws need not be drawn here."""

    @property
    def free(self) -> bool:
        """It has answered the last snapshot."""
        return self.ready and not self._asked

    @property
    def process(self) -> int | None:
        """Its number while it lives."""
        return self._process.pid if self._process is not None else None

    def show(self, step: int, scene: Scene) -> None:
        """Give it the weights of now. To be called only while it is free."""
        assert self._weights is not None and self._connection is not None
        self._weights.put()
        layers, choice = list(scene.watched), scene.choice.state()
        snapshot = Snapshot(
            step=step,
            layers=layers if layers != self._layers else None,
            choice=choice if choice != self._choice else None,
        )
        self._layers, self._choice = layers, choice
        try:
            send(self._connection, snapshot.model_dump_json(exclude_none=True).encode())
            self._asked = True
        except OSError:
            self._lose()

    def collect(self, now: float) -> Pictures | None:
        """What it has answered since the last call. Starts it where its time has come; `now`: a perf_counter."""
        if self._connection is None:
            self._start_where_due(now)
            return None
        try:
            while part := self._connection.recv(1 << 20, socket.MSG_DONTWAIT):
                self._coming += part
        except BlockingIOError:
            return self._answer()
        except OSError:
            pass
        self._lose()  # it is gone
        return None

    def settle(self) -> Pictures | None:
        """The answer that is under way, waited for a little; who does not give it in time is given up."""
        if not self.ready or not self._asked or self._connection is None:
            return None
        end = perf_counter() + PATIENCE_SECONDS
        self._connection.settimeout(PATIENCE_SECONDS)
        with contextlib.suppress(OSError):
            while (answer := self._answer()) is None and perf_counter() < end:
                part = self._connection.recv(1 << 20)
                if not part:
                    break
                self._coming += part
            if answer is not None:
                self._connection.settimeout(None)
                return answer
        self._lose()
        return None

    def close(self) -> None:
        """End it."""
        self._lose()

    def _start_where_due(self, now: float) -> None:
        if not self._start_at:
            self._start_at = now + START_AFTER
        if now < self._start_at:
            return
        self._start_at = now + START_AGAIN_AFTER
        memory, text = shared_file(size_of(self._network)), shared_file(0)
        self._connection, its = socket.socketpair()
        try:
            os.pwrite(text, self._job.model_dump_json().encode(), 0)
            self._weights = SharedWeights(self._network, memory)
            command = [sys.executable, "-m", "worker.observe", str(its.fileno()), str(memory)]
            environment = os.environ | {"OMP_NUM_THREADS": "1"}
            self._process = subprocess.Popen(command, stdin=text, pass_fds=(its.fileno(), memory), env=environment)
        except OSError:
            self._lose()
        finally:
            its.close()
            os.close(memory)
            os.close(text)

    def _answer(self) -> Pictures | None:
        if len(self._coming) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._coming)
        if len(self._coming) < _LENGTH.size + length:
            return None
        message, self._coming = bytes(self._coming[_LENGTH.size :]), bytearray()
        self._asked, self.ready = False, True
        return Pictures.read(message)

    def _lose(self) -> None:
        self.ready = self._asked = False
        self._layers = self._choice = self._weights = None
        self._coming = bytearray()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def observer_of(job: Job, run: Prepared) -> Observer | None:
    """None where training draws better by itself: on a GPU, on one core, and where there are very many weights."""
    if run.device.type != "cpu" or cores() < 2 or size_of(run.network) > MOST_BYTES:
        return None
    return Observer(job, run.network)


def send(connection: socket.socket, message: bytes) -> None:
    """One message, whole."""
    connection.sendall(_LENGTH.pack(len(message)) + message)


def receive(connection: socket.socket) -> bytes | None:
    """The next message; None when the other end is gone."""
    head = _exactly(connection, _LENGTH.size)
    return None if head is None else _exactly(connection, *_LENGTH.unpack(head))


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
