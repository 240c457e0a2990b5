"""The recorder: runs the probes at their times and sends what they saw in packets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from playground.protocol import Column, Command, Message, Stream, encode
from worker.device_rows import DeviceRows, SampledRows
from worker.doctor import RoundsOf
from worker.governor import Governor
from worker.observer import Observer, Pictures
from worker.probes import Moment, Probe, Scene, all_probes
from worker.recordable import Recordable, row_of
from worker.rows import RowBuffer

Emit = Callable[[list[bytes]], object]
"""Takes the encoded records of one packet, in order."""

PACKET_SECONDS = 0.05
EARLY_PACKET_SECONDS = 0.015
"""In the first second, when somebody waits for the first curve."""
LAYERS_HERTZ, LAYERS_SHARE = 10.0, 0.01
SNAPSHOT_HERTZ, SNAPSHOT_SHARE = 5.0, 0.01
"""Weights for the observer."""
VALIDATION = [Column(quantity=quantity) for quantity in ("loss", "accuracy", "top5_error", "sample", "epoch")]
TRAINING = [Column(quantity=quantity) for quantity in ("loss", "accuracy", "top5_error", "epoch")]


class Recorder:
    """Collects rows and records and hands them to `emit`, at most 20 packets a second with nothing left out."""

    def __init__(
        self,
        scene: Scene,
        emit: Emit,
        attempt: int,
        probes: list[Probe] | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.probes = all_probes(scene) if probes is None else probes
        self.spent = 0.0
        """Seconds that looking and sending took so far."""
        self.turns: Counter[str] = Counter()
        """How often each kind of frame was made, by the probe's class name."""
        self._scene = scene
        self._emit = emit
        self._records: list[bytes] = []
        self._exits = ExitStack()
        of = {stream: [probe for probe in self.probes if probe.stream == stream] for stream in ("steps", "layers")}
        self._samplers = of["layers"]
        self._every_step = of["steps"]
        self._every_output = self._that_have("each_output")
        self._every_launch = self._that_have("launched") if scene.on_device else []
        self.steps = self._rows_of_steps(_columns(of["steps"]), attempt)
        self.layers = (SampledRows if scene.on_device else RowBuffer)("layers", _columns(of["layers"]), attempt)
        self.validation = RowBuffer("validation", VALIDATION, attempt)
        self.doctor: RoundsOf | None = None
        self.training = RowBuffer("training", TRAINING, attempt)
        self._tables = (self.layers, self.validation, self.training)
        self._layers_clock = Governor(LAYERS_HERTZ, LAYERS_SHARE)
        self._frame_makers = [(probe, Governor(probe.hertz, probe.share)) for probe in self.probes if probe.hertz]
        frames_of_outputs = self._that_have("frame_output")
        self._output_framers = [maker for maker in self._frame_makers if maker[0] in frames_of_outputs]
        self._framed: dict[Probe, float] = {}
        """Seconds that the frames of this step have taken already."""
        self._sampled = self._looked = False
        self._cost_of_sample = 0.0
        self._began: float | None = None
        self._send_at = 0.0
        self._last: Moment | None = None
        self._answer = False
        """A command waits for pictures."""
        self._observer = observer
        self._snapshots = Governor(SNAPSHOT_HERTZ, SNAPSHOT_SHARE, in_time=True)
        self._by_hand = False
        """The next pictures are drawn here, at once."""

    def __enter__(self) -> Self:
        for probe in self.probes:
            self._exits.enter_context(probe)
        self._scene.network.kept = frozenset().union(*(probe.kept() for probe in self.probes))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exits.close()
        self._scene.network.kept = frozenset()
        if self._observer is not None:
            self._observer.close()

    def streams(self) -> list[Stream]:
        """The tables that follow."""
        return [buffer.stream for buffer in (self.steps, *self._tables)]

    def call(self, doctor: RoundsOf) -> None:
        """Show the doctor every row from now on; the alerts go with the rows' packet."""
        self.doctor = doctor
        for buffer in (self.steps, self.layers, self.validation):
            buffer.watch = partial(doctor.saw, buffer.stream.name)

    def after_forward(self, step: int) -> None:
        """The network's outputs for the batch are there, and are let go."""
        start = perf_counter()
        for probe in self._every_output:
            probe.each_output(step)
        sampling = perf_counter()
        self._sampled = self._layers_clock.due(sampling) and bool(self.layers.stream.columns)
        if self._sampled:
            for probe in self._samplers:
                probe.sample_output(step)
        framing = perf_counter()
        self._cost_of_sample = framing - sampling
        self._look_at_outputs(step, framing)
        self._scene.network.release()
        self.spent += perf_counter() - start

    def before_update(self, moment: Moment) -> None:
        """The gradients are there; the weights have not changed."""
        start = perf_counter()
        self._add_row(moment)
        sampling = perf_counter()
        if self._sampled:
            for probe in self._samplers:
                probe.before_sample(moment)
        end = perf_counter()
        self._cost_of_sample += end - sampling
        self.spent += end - start

    def after_update(self, moment: Moment) -> None:
        """The weights have changed; a packet goes out where its time has come."""
        start = perf_counter()
        if self._sampled:
            self._add_sample(moment)
            now = perf_counter()
            # the first look finds nothing in the caches: counted, it would put off the next one for seconds
            self._layers_clock.spent(self._cost_of_sample + now - start if self._looked else 0.0, now)
            self._looked = True
        self._last = moment
        for probe in self._every_launch:
            probe.launched(moment.step)
        self._send_where_due(start)
        self.spent += perf_counter() - start

    def draw(self) -> None:
        """Pictures of the last step that are due, for the next packet: the numbers do not wait for them."""
        start = perf_counter()
        self._make_frames(start)
        self.spent += perf_counter() - start

    def due(self, step: int) -> bool:
        """Whether a recorded step must be the one with everything in it: something is due that not every step has."""
        now = perf_counter()
        if self._layers_clock.due(now) and self.layers.stream.columns:
            return True
        last = step + 1 == self._scene.total_steps
        return bool(self._output_framers) and (last or any(governor.due(now) for _, governor in self._output_framers))

    def played(self, step: int, *, sampled: bool) -> None:
        """A recorded step was queued; it stands for after_forward and before_update. The outputs that the recording
        left in `scene.network.outputs` are of this step."""
        start = perf_counter()
        assert isinstance(self.steps, DeviceRows)
        self.steps.launched(step)
        self._sampled, self._cost_of_sample = sampled, 0.0
        if sampled:
            self._look_at_outputs(step, start)
        self._scene.network.release()
        self.spent += perf_counter() - start

    def recordable(self, *, sampled: bool) -> Recordable:
        """What probes do in the middle of a step, to be recorded with it; `sampled`: with what only some steps have."""
        assert isinstance(self.steps, DeviceRows)
        parts = (self._every_output, self._every_step, self._samplers)
        return Recordable(self._scene, self.steps, *parts, sampled=sampled)

    def stand_still(self) -> None:
        """Until the device has done all that was given to it. Pictures and evaluations ask it for numbers and wait for
        them: what was queued before them is then no cost of theirs."""
        if self._scene.device.type == "cuda":
            torch.cuda.current_stream().synchronize()

    def command(self, command: Command) -> None:
        """Tell every probe; those that it concerns show something new at once."""
        wanting = [probe for probe in self.probes if probe.command(command)]
        for maker, governor in self._frame_makers:
            if maker in wanting:
                governor.hurry()
                self._snapshots.hurry()
                self._answer = True

    def answer(self) -> None:
        """While the run is paused: show at once what a command asked for."""
        if self._answer:
            self._by_hand = True
            self._make_frames(perf_counter())
            self.send()

    def hurry(self) -> None:
        """Everything is due at the next step: somebody steps by hand."""
        self._by_hand = True
        self._layers_clock.hurry()
        for _, governor in self._frame_makers:
            governor.hurry()

    def last_look(self) -> None:
        """Pictures with the final weights, so that a replay ends as the run did."""
        self.hurry()
        self._make_frames(perf_counter())

    def add(self, message: Message, payload: bytes = b"") -> None:
        """A record for the next packet; rows that came before it, and are here, go before it."""
        self._take_rows(wait=False)
        self._records.append(encode(message, payload))

    def send(self) -> None:
        """Everything that waits, now; on a device this waits for all its work."""
        self._gather(wait=True)
        self._emit_records()

    def state(self) -> dict[str, Any]:
        """Of all probes and the doctor, for the checkpoint."""
        probes = {type(probe).__name__: probe.state() for probe in self.probes}
        return probes | ({"doctor": self.doctor.state()} if self.doctor is not None else {})

    def restore(self, state: dict[str, Any]) -> None:
        for probe in self.probes:
            if state.get(type(probe).__name__) is not None:
                probe.restore(state[type(probe).__name__])
        if self.doctor is not None and state.get("doctor") is not None:
            self.doctor.restore(state["doctor"])

    def _look_at_outputs(self, step: int, now: float) -> None:
        """For frames that need the batch's outputs."""
        last = step + 1 == self._scene.total_steps
        for probe, governor in self._output_framers:
            if last or governor.due(now):
                self.stand_still()
                start = perf_counter()
                probe.frame_output(step)
                self._framed[probe] = perf_counter() - start

    def _make_frames(self, now: float) -> None:
        self._answer = False
        if self._last is None:
            return
        observer = self._observer if self._observer is not None and self._observer.ready else None
        if self._by_hand and observer is not None:
            self._take(observer.settle())  # older ones first
            observer = None
        self._by_hand = False
        for probe, governor in self._frame_makers:
            if governor.due(now) and not (observer is not None and probe.of_weights_alone):
                self.stand_still()
                start = perf_counter()
                self._records += probe.frames(self._last)
                self.turns[type(probe).__name__] += 1
                cost = perf_counter() - start + self._framed.pop(probe, 0.0)
                governor.spent(cost, now + cost)  # all from the same moment, so that they stay together
        if observer is not None and observer.free and self._snapshots.due(now):
            start = perf_counter()
            observer.show(self._last.step, self._scene)
            self._snapshots.spent(perf_counter() - start, start)

    def _take(self, pictures: Pictures | None) -> None:
        """What the observer has drawn."""
        if pictures is not None:
            self._records += pictures.records
            self.turns.update(pictures.by)

    def _send_where_due(self, now: float) -> None:
        if now < self._send_at and not (self.steps.full or self.layers.full):
            return
        self._began = now if self._began is None else self._began
        self._send_at = now + (EARLY_PACKET_SECONDS if now - self._began < 1 else PACKET_SECONDS)
        self._gather(wait=False)
        self._emit_records()

    def _gather(self, *, wait: bool) -> None:
        if self._observer is not None:
            self._take(self._observer.collect(perf_counter()))
        self._take_rows(wait=wait)

    def _emit_records(self) -> None:
        if self._records:
            records, self._records = self._records, []
            self._emit(records)

    def _add_row(self, moment: Moment) -> None:
        """The row of all probes."""
        if isinstance(self.steps, DeviceRows):
            self.steps.write(row_of(self._every_step, moment))
            self.steps.launched(moment.step)
        else:
            self.steps.add(moment.step, [value for probe in self._every_step for value in probe.each_step(moment)])

    def _add_sample(self, moment: Moment) -> None:
        parts = [probe.sample(moment) for probe in self._samplers]
        if isinstance(self.layers, SampledRows):
            self.layers.add_parts(moment.step, parts)
        else:
            self.layers.add(moment.step, [value for part in parts for value in part])

    def _complete(self, values: NDArray[np.float32]) -> None:
        end = 0
        for probe in self._every_step:
            start, end = end, end + len(probe.columns())
            probe.complete(values[:, start:end])

    def _take_rows(self, *, wait: bool) -> None:
        self._records += self.steps.records(self._complete, wait=wait)
        for buffer in self._tables:
            self._records += buffer.records(wait=wait)
        if self.doctor is not None:
            self._records += self.doctor.alerts()

    def _that_have(self, method: str) -> list[Probe]:
        return [probe for probe in self.probes if getattr(type(probe), method) is not getattr(Probe, method)]

    def _rows_of_steps(self, columns: list[Column], attempt: int) -> RowBuffer:
        if self._scene.on_device:
            return DeviceRows("steps", columns, attempt, self._scene.clock)
        return RowBuffer("steps", columns, attempt)


def _columns(probes: list[Probe]) -> list[Column]:
    return [column for probe in probes for column in probe.columns()]
