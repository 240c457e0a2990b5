"""The process that draws what a run's weights make of the probe image, so that training need not.

    python -m worker.observe SOCKET WEIGHTS < JOB      (two descriptors it inherits)

It trains nothing and writes nothing: a snapshot comes, its pictures go back. It ends with the run's process.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from time import perf_counter

import torch

from playground.protocol import Command, Job
from worker.build import build
from worker.data import load_for
from worker.governor import Governor
from worker.observer import Pictures, Snapshot, receive, send
from worker.prepare import read_plan, recipe_of
from worker.probe_image import ProbeChoice
from worker.probes import Moment, Scene, all_probes
from worker.shared_weights import SharedWeights

NICENESS = 5
"""More than the run's own."""
SHARE = 10.0
"""A kind of picture may take so many times the share of the time that it may take of training's."""
SLACK_SECONDS = 0.1
"""Half the time between two snapshots: what would be due before the next one comes is made now."""


class Artist:
    """The run's network, on shared weights, with the probes that look at nothing else."""

    def __init__(self, job: Job, weights: int) -> None:
        recipe = recipe_of(job)
        network = build(read_plan(job, recipe)).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        SharedWeights(network, weights).move_in()
        self._scene = Scene(network, recipe, load_for(job, recipe.dataset), torch.device("cpu"))
        probes = [probe for probe in all_probes(self._scene) if probe.of_weights_alone]
        self._makers = [(probe, Governor(probe.hertz, SHARE * probe.share)) for probe in probes]

    def draw(self, snapshot: Snapshot) -> Pictures:
        """All that is due, with the weights of the snapshot."""
        if snapshot.choice is not None:
            self._scene.choice = ProbeChoice(**snapshot.choice)
            self._tell(Command(kind="probe"))
        if snapshot.layers is not None:
            self._tell(Command(kind="watch", layers=tuple(snapshot.layers)))
        nothing = torch.zeros(())
        moment = Moment(snapshot.step, 0.0, nothing, nothing, nothing)
        pictures = Pictures(by=[], records=[])
        for probe, governor in self._makers:
            start = perf_counter()
            if governor.due(start + SLACK_SECONDS):
                pictures.records += probe.frames(moment)
                pictures.by.append(type(probe).__name__)
                governor.spent(perf_counter() - start)
        return pictures

    def _tell(self, command: Command) -> None:
        for probe, governor in self._makers:
            if probe.command(command):
                governor.hurry()


def main(job: Job, connection: socket.socket, weights: int) -> None:
    """Serve until the run's process is gone."""
    os.nice(NICENESS)
    torch.set_num_threads(1)
    with contextlib.suppress(ConnectionError):
        artist = Artist(job, weights)
        send(connection, Pictures(by=[], records=[]).written())
        while (message := receive(connection)) is not None:
            send(connection, artist.draw(Snapshot.model_validate_json(message)).written())


if __name__ == "__main__":
    wanted = Job.model_validate_json(sys.stdin.buffer.read())
    main(wanted, socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
