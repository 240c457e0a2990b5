"""The looks at a step that are work for the device alone, so that they can be recorded with the step."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from worker.device_rows import DeviceRows
from worker.probes import Moment, Probe, Scene


class Watching(Protocol):
    """What a step of the loop shows itself to on its way."""

    def after_forward(self, step: int) -> None: ...

    def before_update(self, moment: Moment) -> None: ...


class Unwatched:
    """Nobody looks."""

    def after_forward(self, step: int) -> None:
        pass

    def before_update(self, moment: Moment) -> None:
        pass


class Recordable:
    """No clock is asked and nothing is counted: Recorder.played does that whenever the recording is played."""

    def __init__(
        self,
        scene: Scene,
        rows: DeviceRows,
        outputs: list[Probe],
        steps: list[Probe],
        samplers: list[Probe],
        *,
        sampled: bool,
    ) -> None:
        self._scene = scene
        self._rows = rows
        self._every_output, self._every_step, self._samplers = outputs, steps, samplers
        self.sampled = sampled
        """With what only some steps have; the outputs stay then, for whoever wants to look at them."""

    @property
    def probes(self) -> list[Probe]:
        """Those that take part."""
        samplers = [probe for probe in self._samplers if _looks_before_its_row(probe)] if self.sampled else []
        return list(dict.fromkeys([*self._every_output, *self._every_step, *samplers]))

    def obstacle(self) -> Probe | None:
        """A probe whose part cannot be recorded."""
        return next((probe for probe in self.probes if not probe.recorded), None)

    def after_forward(self, step: int) -> None:
        for probe in self._every_output:
            probe.each_output(step)
        if self.sampled:
            for probe in self._samplers:
                probe.sample_output(step)
        else:
            self._scene.network.release()

    def before_update(self, moment: Moment) -> None:
        self._rows.write(row_of(self._every_step, moment))
        if self.sampled:
            for probe in self._samplers:
                probe.before_sample(moment)


def row_of(probes: list[Probe], moment: Moment) -> Tensor:
    """float32 [columns], on the device: what the probes say of a step."""
    device = moment.loss.device
    return torch.cat([torch.as_tensor(probe.each_step(moment), dtype=torch.float32, device=device) for probe in probes])


def _looks_before_its_row(probe: Probe) -> bool:
    kind = type(probe)
    return kind.sample_output is not Probe.sample_output or kind.before_sample is not Probe.before_sample
