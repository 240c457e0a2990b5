"""What every probe is: one kind of look inside a network that trains, with a cadence of its own.

A step of the loop, and when it calls a probe:

    forward
    each_output(step)          every step; the kept outputs are there, and are let go afterwards
    sample_output(step)        only where this step gets a row of the stream "layers"
    frame_output(step)         only where frames() will be asked at this step
    loss, backward
    each_step(moment)          every step; answers with the probe's columns of the stream "steps"
    before_sample(moment)      only where this step gets a row of "layers"
    the optimiser changes the weights
    sample(moment)             the same steps; answers with the probe's columns of that row
    complete(rows)             before rows of "steps" are sent, about 20 times a second
    frames(moment)             at most `hertz` times a second: whole records, such as pictures

No probe changes a weight, a buffer or a random number, so that a curve is the same to the last bit without it.

On a GPU a step is recorded once and then played again (worker.graphs). What probes do in each_output, sample_output,
each_step and before_sample is part of the recording where they say so with `recorded`; launched(step) then comes every
step in its place, on the host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ClassVar, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.protocol import Column, Command
from playground.recipe import Recipe
from worker.build import TorchNetwork
from worker.data import Data, probe_positions
from worker.probe_image import ProbeChoice

Number = Tensor | float
"""A tensor [] on a device, where nobody waits for it; on the processor its value."""

PROBES: list[type[Probe]] = []
"""Every probe; defining a subclass in a module of worker/probes/ adds it."""


@dataclass
class Scene:
    """What there is to look at."""

    network: TorchNetwork
    recipe: Recipe
    data: Data
    device: torch.device
    choice: ProbeChoice = field(default_factory=ProbeChoice)
    """The image whose feature maps and prediction are shown."""
    probes: list[int] = field(init=False)
    """Test-set positions offered as probe images."""
    watched: list[str] = field(init=False, default_factory=list)
    """Layers that somebody looks into."""
    total_steps: int = 0
    """Steps of the whole run."""
    over: bool = False
    """The last step is done: a look that comes now is the one that stays."""

    on_device: bool = False
    """Figures of a step stay in tensors on the device: to ask for one there means to wait."""
    clock: Tensor = field(init=False)
    """int64 [1], there: the number of the step, which the device counts itself. Only where `on_device`."""

    _seen: tuple[tuple[int, int], Tensor] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.probes = probe_positions(self.data)
        self.clock = torch.zeros(1, dtype=torch.int64, device=self.device)

    def look(self, step: int, positions: list[int]) -> list[Tensor | None]:
        """Outputs of the steps at these positions for the probe image, in evaluation mode, with the weights of now."""
        network = self.network
        network.eval()
        try:
            with torch.inference_mode():
                scores, outputs = network.run(self.probe_image(), positions)
        finally:
            network.train()
        self._seen = ((step, self.probe), scores)
        return outputs

    def scores(self, step: int) -> Tensor:
        """Scores [classes] of the probe image; those of the last `look` where it was at the same step."""
        if self._seen is None or self._seen[0] != (step, self.probe):
            self.look(step, [])
        assert self._seen is not None
        return self._seen[1][0]

    @property
    def probe(self) -> int:
        """Number of the chosen image: an index into `probes`, or below zero for one given by hand."""
        return self.choice.index

    def choose(self, command: Command) -> str | None:
        """Take in a "probe" command. Gives why it was refused, None where it was not."""
        classes = len(self.data.record.classes)
        return self.choice.obey(command, images=len(self.probes), shape=self._shape, classes=classes)

    def given_image(self) -> Tensor | None:
        """The chosen image's bytes, uint8 [1, channels, height, width], where it was given by hand."""
        return self.choice.pixels(self._shape)

    def probe_image(self) -> Tensor:
        """The chosen image, normalised: [1, channels, height, width]."""
        given = self.given_image()
        if given is not None:
            return self.data.normalise(given.to(self.device))
        position = self.probes[self.probe]
        return self.data.normalise(self.data.test.images[position : position + 1].to(self.device))

    def probe_label(self) -> int | None:
        """The true class; None where nobody knows it."""
        return None if self.probe < 0 else int(self.data.test.labels[self.probes[self.probe]])

    @property
    def _shape(self) -> tuple[int, ...]:
        return self.network.steps[0].shape


@dataclass
class Moment:
    """One step. `step` counts the updates done before it."""

    step: int
    rate: float | Tensor
    """On a GPU a tensor there, float32 []."""
    loss: Tensor
    """[] of the batch, before this step's update."""
    scores: Tensor
    """[batch, classes]"""
    labels: Tensor
    """[batch]"""


class Probe:
    """Subclasses override what they need; all of it may be left out."""

    stream: ClassVar[Literal["steps", "layers"] | None] = None
    """The table that `columns` belong to."""
    order: ClassVar[int] = 10
    """Place of its columns among the others'."""
    hertz: ClassVar[float] = 0.0
    """frames() at most so often; 0: never."""
    share: ClassVar[float] = 0.005
    """frames() takes at most this share of the time."""
    of_weights_alone: ClassVar[bool] = False
    """frames() looks at weights, running statistics and the probe image alone, so that another process may draw it."""
    recorded: ClassVar[bool] = False
    """Its each_output, sample_output, each_step and before_sample may be recorded and played again: they only give work
    to the device, the same every time, leave what they find in tensors, and read the step's number from `scene.clock`.
    Where a probe that has one of them says nothing, steps it is due at are launched one by one."""

    def __init_subclass__(cls) -> None:
        PROBES.append(cls)

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Detach whatever was attached."""

    def columns(self) -> list[Column]:
        """The series it measures."""
        return []

    def kept(self) -> set[int]:
        """Positions of the steps whose training output it reads from `scene.network.outputs`."""
        return set()

    def each_output(self, step: int) -> None:
        """After the forward pass; outputs held longer than this would cost the backward pass its warm memory."""

    def sample_output(self, step: int) -> None:
        """The same, on the steps that `sample` is called on."""

    def frame_output(self, step: int) -> None:
        """The same, on the steps that `frames` is asked at, and on the last: its time counts as that of `frames`."""

    def each_step(self, moment: Moment) -> Sequence[float] | Tensor:
        """One value for each column; on a GPU as a float32 tensor there, for nobody waits for it."""
        return ()

    def launched(self, step: int) -> None:
        """Only where `scene.on_device`, after every step: all its work is queued. On the host, and it may not wait."""

    def complete(self, values: NDArray[np.float32]) -> None:
        """Before rows are sent: [rows since the last call, columns of this probe], what is cheaper many at once."""

    def before_sample(self, moment: Moment) -> None:
        """The gradients are there, the weights not yet changed."""

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        """One value for each column; NaN where there is none. Where `scene.on_device` a tensor, if it is made there."""
        return ()

    def frames(self, moment: Moment) -> list[bytes]:
        """Encoded records."""
        return []

    def command(self, command: Command) -> bool:
        """A wish of the user's. True where the next frames() should come at once."""
        return False

    def numbers(self, values: Tensor | Sequence[Number]) -> Sequence[float] | Tensor:
        """A row of values for each_step or sample: one tensor where `scene.on_device`, else its numbers."""
        if self.scene.on_device and not isinstance(values, Tensor):
            return torch.stack([torch.as_tensor(value, device=self.scene.device) for value in values]) if values else ()
        if self.scene.on_device:
            return values
        found: list[float] = values.tolist() if isinstance(values, Tensor) else [float(value) for value in values]
        return found

    def state(self) -> Any:
        """What must survive a restart, as JSON."""
        return None

    def restore(self, state: Any) -> None:
        """Go on from what `state` gave."""
