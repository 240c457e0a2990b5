"""How the steps of a run are carried out: one by one, or on a GPU recorded once and played again.

A step of a small network is some two hundred kernels of a few microseconds, and to launch them takes Python longer than
the GPU takes to run them. A CUDA graph holds all of them, forward, loss, backward, update and the probes' writing of
their figures, and is launched as one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol, Self

import torch
from torch import Tensor

from worker.feed import feed_for
from worker.optimise import Update
from worker.prepare import Prepared
from worker.probes import Moment, Probe, Scene
from worker.recordable import Recordable, Unwatched, Watching
from worker.recorder import Recorder
from worker.recording import Recording
from worker.session import Session

WARM_UP = 3
"""Steps before the recording: libraries choose their ways and make their work space in the first ones. They are steps
of the run like any others."""


class Learn(Protocol):
    """One step of the algorithm: worker.train."""

    def __call__(
        self, images: Tensor, labels: Tensor, *, step: int, rate: float | Tensor, seen: Watching
    ) -> Moment: ...


class Steps(Protocol):
    """Carries out the steps of a run."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *reason: Any) -> None: ...

    def __call__(self, step: int, rate: float) -> Moment:
        """The step of this number; on a GPU it is queued then, and nobody has waited for it."""
        ...

    def check(self, *, wait: bool) -> None:
        """Raises Failure(not_a_number) if a step is known to have broken; with `wait`, all steps so far are known."""
        ...


class OneByOne:
    """On the processor. A number that is asked for is there."""

    def __init__(self, run: Prepared, recorder: Recorder, learn: Learn, *, step: int) -> None:
        self._batches = run.batches(step)
        self._recorder = recorder
        self._learn = learn

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: Any) -> None:
        pass

    def __call__(self, step: int, rate: float) -> Moment:
        images, labels = next(self._batches)
        return self._learn(images, labels, step=step, rate=rate, seen=self._recorder)

    def check(self, *, wait: bool) -> None:
        pass  # the step itself has looked


@dataclass
class Left:
    """What a step leaves: tensors that a recording writes to whenever it is played."""

    moment: Moment
    outputs: list[Tensor | None]
    gradients: list[Tensor | None]
    in_probes: dict[Probe, dict[str, Any]]
    """Attributes that the probes' part of the step has set."""


class OnDevice:
    """Steps whose numbers stay on the device: recorded where that is possible, else launched one by one.

    Two recordings are made. The lean one has what every step has: the learning, its row of figures, dead units. The
    other has also what the layers' table wants, and keeps the outputs for pictures of them. Which one is played is
    decided before each step by what is due.
    """

    def __init__(
        self,
        run: Prepared,
        scene: Scene,
        recorder: Recorder,
        learn: Learn,
        update: Update,
        *,
        step: int,
        rate_at: Callable[[int], float],
        tell: Callable[[str], object],
        back_to: Callable[[int], object],
    ) -> None:
        """rate_at: of a step that has been. tell: takes a sentence for the user. back_to: the run stands at this step;
        called where those after it were in vain."""
        self._run, self._scene, self._recorder = run, scene, recorder
        self._learn, self._update = learn, update
        self._rate_at, self._tell, self._back_to = rate_at, tell, back_to
        self._feed = feed_for(run.data, run.recipe)
        self._rate = torch.zeros((), device=run.device)
        self._rate_there: float | None = None
        scene.clock.fill_(step)
        self._left_to_warm = WARM_UP
        self._recordings: dict[bool, Recording[Left] | None] = {}
        """By whether it is sampled; None where that cannot be recorded."""
        self._latest: Left | None = None
        """Of the recording that was played last, if nothing else has run since."""
        self._stream = torch.cuda.Stream(run.device) if run.device.type == "cuda" else None
        self._inside: AbstractContextManager[object] = nullcontext()

    def __enter__(self) -> Self:
        if self._stream is not None:
            # a graph cannot be recorded in the default stream; so that nothing has to wait across streams,
            # everything of the run happens in this one
            self._stream.wait_stream(torch.cuda.current_stream())
            self._inside = torch.cuda.stream(self._stream)
        self._inside.__enter__()
        return self

    def __exit__(self, *reason: Any) -> None:
        self._recorder.stand_still()  # whoever comes after this is in another stream
        self._inside.__exit__(*reason)

    def __call__(self, step: int, rate: float) -> Moment:
        if rate != self._rate_there:
            self._rate.fill_(rate)
            self._rate_there = rate
        size = self._feed.ready(step)
        recording, sampled = None, False
        if size == self._run.recipe.batch_size and self._may_play():
            sampled = self._recorder.due(step)
            recording = self._recordings[sampled]
        if recording is None:
            return self._launched(size, step)
        left = recording.play()
        self._put_back(left, sampled=sampled)
        self._recorder.played(step, sampled=sampled)
        left.moment.step = step
        return left.moment

    def check(self, *, wait: bool) -> None:
        if wait:
            self._recorder.send()
        broke = self._recorder.steps.broke_at
        if broke is None:
            return
        # the device has changed no weight since: the same batch shows again where it broke
        self._back_to(broke)
        images, labels = next(self._run.batches(broke))
        self._learn(images, labels, step=broke, rate=self._rate_at(broke), seen=Unwatched())

    def _may_play(self) -> bool:
        """True from the warm-up on; makes the recordings then."""
        if self._left_to_warm > 0:
            self._left_to_warm -= 1
            return False
        if not self._recordings:
            self._record()
        return True

    def _record(self) -> None:
        # the sampled one first: what it leaves is then no memory that the other may use
        for sampled in (True, False):
            self._recordings[sampled] = self._recorded(self._recorder.recordable(sampled=sampled))
        self._latest = None

    def _recorded(self, seen: Recordable) -> Recording[Left] | None:
        kind = self._run.recording
        if kind is None:
            return None
        which = "Steps that are looked into" if seen.sampled else "Steps"
        if (probe := seen.obstacle()) is not None:
            self._tell(
                f"{which} are launched kernel by kernel, which is slower: {type(probe).__name__} cannot be part of a "
                "recorded step."
            )
            return None
        try:
            return kind(lambda: self._step(self._run.recipe.batch_size, step=-1, seen=seen))
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
            self._tell(
                f"{which} are launched kernel by kernel, which is slower: this network's cannot be recorded as a CUDA "
                f"graph ({reason})."
            )
            self._scene.network.release()
            return None

    def _launched(self, size: int, step: int) -> Moment:
        self._latest = None
        images, labels = self._feed.batch(size)
        moment = self._learn(images, labels, step=step, rate=self._rate, seen=self._recorder)
        self._scene.clock.add_(1)
        return moment

    def _step(self, size: int, *, step: int, seen: Recordable) -> Left:
        """The work of one step, the same every time."""
        before = {probe: dict(vars(probe)) for probe in seen.probes}
        images, labels = self._feed.batch(size)
        moment = self._learn(images, labels, step=step, rate=self._rate, seen=seen)
        self._scene.clock.add_(1)
        set_here = {
            probe: {name: value for name, value in vars(probe).items() if before[probe].get(name, before) is not value}
            for probe in seen.probes
        }
        outputs = [None if output is None else output.detach() for output in self._scene.network.outputs]
        return Left(moment, outputs, self._update.gradients, set_here)

    def _put_back(self, left: Left, *, sampled: bool) -> None:
        """What the recording has just written to is what everybody reads now."""
        if left is not self._latest:
            self._update.put_back(left.gradients)
            self._latest = left
        if sampled:
            self._scene.network.outputs = left.outputs
            for probe, attributes in left.in_probes.items():
                vars(probe).update(attributes)


def carried_out(
    run: Prepared, session: Session, learn: Learn, update: Update, back_to: Callable[[int], object]
) -> Steps:
    """The way that fits the run's device."""
    step, recorder = session.here.step, session.recorder
    if not run.on_device:
        return OneByOne(run, recorder, learn, step=step)
    return OnDevice(
        run, session.scene, recorder, learn, update,
        step=step, rate_at=session.rate.at, tell=session.warn, back_to=back_to,
    )  # fmt: skip
