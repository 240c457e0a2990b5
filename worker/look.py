"""A network whose run has ended answers: what it makes of an image. Its process is a spare that trains nothing."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import torch

from playground.protocol import Command
from worker.control import ControlReader
from worker.folders import LeaseFolder
from worker.prepare import prepare
from worker.probe_image import ProbeChoice
from worker.probes import Moment, Probe, Scene, all_probes
from worker.remembered_network import RememberedNetwork, load
from worker.spool import SpoolWriter

ALONE_SECONDS = 120.0
"""Nobody asked for so long: the agent, which ends this process sooner, must be gone."""


class Looker:
    """One network and what it was asked to show."""

    def __init__(self, kept: RememberedNetwork) -> None:
        # on the processor, whatever it was trained on: one image is quick, and the GPU is for who trains
        recipe = kept.job.recipe | {"device": "cpu"}
        run = prepare(kept.job.model_copy(update={"recipe": recipe}))
        run.network.load_state_dict(kept.tensors)
        self._scene = Scene(run.network, run.recipe, run.data, run.device)
        self._probes: list[Probe] = all_probes(self._scene)
        self._scene.choice = ProbeChoice(**kept.choice)
        self._scene.watched = [layer for layer in kept.watched if layer in run.network.index]
        nothing = torch.zeros(())
        self._moment = Moment(kept.step - 1, 0.0, nothing, nothing, nothing)

    def answer(self, commands: list[Command]) -> list[bytes]:
        """Records of all that the commands change."""
        wanting: dict[Probe, None] = {}
        for command in commands:
            if command.kind == "probe" and self._scene.choose(command) is not None:
                continue
            wanting |= {probe: None for probe in self._probes if probe.command(command)}
        return [record for probe in wanting for record in probe.frames(self._moment)]


def answer_questions(path: Path) -> None:
    """Loads the network of this folder's run and answers its commands, until nobody asks any more."""
    folder = LeaseFolder(path)
    control, spool = ControlReader(path), SpoolWriter(folder.spool)
    looker = Looker(load(Path(folder.question_file.read_text())))
    asked = monotonic()
    try:
        while monotonic() - asked < ALONE_SECONDS:
            if control.wait(1.0):
                asked = monotonic()
                for record in looker.answer(control.poll()):
                    spool.append(record)
    finally:
        spool.close()
        control.close()
