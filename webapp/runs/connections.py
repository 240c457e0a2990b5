"""The workers that are connected to this process, so that a new run or command reaches them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from playground.protocol import Hello, KeptRun


class Connection(Protocol):
    """A connected worker."""

    hello: Hello
    remembered: frozenset[str]
    """Runs whose network it keeps after their end."""

    @property
    def kept(self) -> Mapping[str, KeptRun]:
        """Runs that it could go on with, by their id."""

    def wake(self) -> None:
        """Look at the queue and at waiting commands now. May be called from any thread."""


_connected: dict[int, Connection] = {}


def enter(worker_id: int, connection: Connection) -> Connection | None:
    """Add a connection; gives the same worker's older one, which it replaces."""
    older = _connected.get(worker_id)
    _connected[worker_id] = connection
    return older


def leave(worker_id: int, connection: Connection) -> None:
    if _connected.get(worker_id) is connection:
        del _connected[worker_id]


def connected() -> dict[int, Hello]:
    """What each connected worker offers, by the worker's id."""
    return {worker_id: connection.hello for worker_id, connection in list(_connected.items())}


def keeper_of(run_id: str, attempt: int) -> tuple[int, KeptRun] | None:
    """The connected worker that has the checkpoint this attempt at a run left behind."""
    for worker_id, connection in list(_connected.items()):
        kept = connection.kept.get(run_id)
        if kept and kept.attempt == attempt:
            return worker_id, kept
    return None


def remembers(worker_id: int | None, run_id: str) -> bool | None:
    """Whether a worker keeps the network of a run; None where it is not connected."""
    connection = _connected.get(worker_id) if worker_id is not None else None
    return None if connection is None else run_id in connection.remembered


def remembered_by(worker_id: int) -> frozenset[str]:
    connection = _connected.get(worker_id)
    return frozenset() if connection is None else connection.remembered


def wake(worker_id: int | None = None) -> None:
    """Wake one worker's connection, or all."""
    for key, connection in list(_connected.items()):
        if worker_id in (None, key):
            connection.wake()
