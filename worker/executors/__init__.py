"""How a lease becomes a process. The agent never trains; it hands the lease's folder to one of these."""

from __future__ import annotations

from typing import Protocol

from worker.folders import LeaseFolder


class Executor(Protocol):
    """Starts, watches and kills jobs. What it started may outlive it: the lock in the folder tells."""

    async def run(self) -> None:
        """Keep what is needed for a fast start ready, until closed or cancelled."""

    def start(self, folder: LeaseFolder) -> None:
        """Begin the job of this folder."""

    def ended(self, folder: LeaseFolder) -> str | None:
        """How the job's process ended, for people; None while it lives. Also for jobs of an earlier agent."""

    def kill(self, folder: LeaseFolder) -> None:
        """End it at once, and what it has started."""

    def close(self) -> None:
        """End what waits for work; jobs live on."""
