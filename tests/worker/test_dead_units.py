"""Which units die, since when, and when they come back: planted deaths and revivals, to the step."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playground.protocol import TELEMETRY, Units, decode
from tests.worker.runs import Layer, job
from worker.prepare import prepare
from worker.probes import Moment, Scene
from worker.probes.dead_units import NEVER, DeadUnitProbe

WINDOW = 10
DENSE: tuple[Layer, ...] = (("flatten", {}), ("dense", {"units": 5}), ("relu", {}), ("dense", {"units": 10}))
POOLED: tuple[Layer, ...] = (
    ("conv2d", {"filters": 5}),
    ("relu", {}),
    ("max_pool", {"kernel_size": 2, "stride": 2}),
    ("flatten", {}),
    ("dense", {"units": 10}),
)
CONV: tuple[Layer, ...] = (("conv2d", {"filters": 5}), ("relu", {}), ("flatten", {}), ("dense", {"units": 10}))


class Planted:
    """The probe on outputs that we make: unit u fires at the steps in `fires[u]`, in one image of sixteen."""

    def __init__(self, *layers: Layer, on_device: bool = False) -> None:
        self.run = prepare(job(*layers, dead_window=WINDOW))
        self.on_device = on_device
        self.probe = self.fresh()
        self.shape = self.run.network.steps[self.position].shape

    def fresh(self) -> DeadUnitProbe:
        network = self.run.network
        scene = Scene(network, self.run.recipe, self.run.data, self.run.device, on_device=self.on_device)
        probe = DeadUnitProbe(scene)
        (self.position,) = probe.kept()
        return probe

    def go(self, fires: dict[int, Iterable[int]], steps: range) -> None:
        for step in steps:
            output = torch.zeros(16, *self.shape)
            for unit, at in fires.items():
                if step in at:
                    output[(7 * step + unit) % 16, unit] = 0.5
            self.run.network.outputs = [None] * len(self.run.network.steps)
            self.run.network.outputs[self.position] = output
            self.probe.scene.clock.fill_(step)
            self.probe.each_output(step)
            if self.on_device:
                self.probe.launched(step)

    def told(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """dead, since, revived, revivals."""
        moment = Moment(0, 0.1, torch.tensor(0.0), torch.zeros(1, 10), torch.zeros(1, dtype=torch.int64))
        (record,) = self.probe.frames(moment)
        message, payload = decode(record, TELEMETRY)
        assert isinstance(message, Units)
        units = message.units
        steps = np.frombuffer(payload, np.uint32, 3 * units, offset=-(-units // 4) * 4).reshape(3, units)
        return np.frombuffer(payload, np.uint8, units), *steps


@pytest.mark.parametrize("layers", [DENSE, CONV, POOLED])
@pytest.mark.parametrize("on_device", [False, True])
def test_planted_units_die_and_revive_at_their_steps(layers: tuple[Layer, ...], on_device: bool) -> None:
    planted = Planted(*layers, on_device=on_device)
    fires: dict[int, Iterable[int]] = {
        0: range(1000),  # lives
        1: range(14),  # falls silent within the second window: dead for the whole of the third
        2: [*range(10), 37],  # dead for the second and third window, fires once, dead again
        4: [*range(20), 43, *range(47, 1000)],  # dead for two windows, lives again
    }
    planted.go(fires, range(60))
    dead, since, revived, revivals = planted.told()
    assert dead.tolist() == [0, 1, 1, 1, 0]
    assert since.tolist() == [NEVER, 20, 40, 0, NEVER]
    assert revived.tolist() == [NEVER, NEVER, 37, NEVER, 43]
    assert revivals.tolist() == [0, 0, 1, 0, 1]


@settings(max_examples=25, deadline=None)
@given(
    fires=st.lists(st.frozensets(st.integers(0, 49), max_size=12), min_size=5, max_size=5),
    restart=st.integers(1, 49),
    layers=st.sampled_from([DENSE, CONV, POOLED]),
    on_device=st.booleans(),
)
def test_history_is_that_of_a_search_and_goes_on_after_a_restart(
    fires: list[frozenset[int]], restart: int, layers: tuple[Layer, ...], on_device: bool
) -> None:
    planted = Planted(*layers, on_device=on_device)
    steps = dict(enumerate(fires))
    planted.go(steps, range(restart))
    kept = json.loads(json.dumps(planted.probe.state()))
    planted.probe = planted.fresh()
    planted.probe.restore(kept)
    planted.go(steps, range(restart, 50))
    for unit, (dead, since, revived, revivals) in enumerate(zip(*planted.told(), strict=True)):
        expected: tuple[bool, int, int, int] = (False, NEVER, NEVER, 0)
        for start in range(0, 50, WINDOW):
            was, when, back, times = expected
            fired = [step for step in range(start, start + WINDOW) if step in fires[unit]]
            if fired:
                expected = (False, NEVER, min(fired) if was else back, times + was)
            else:
                expected = (True, when if was else start, back, times)
        assert (bool(dead), since, revived, revivals) == expected, unit


@settings(max_examples=40, deadline=None)
@given(
    kernel=st.integers(1, 4),
    stride=st.integers(1, 4),
    padding=st.integers(0, 2),
    ceil_mode=st.booleans(),
    row=st.integers(0, 7),
    column=st.integers(0, 7),
)
def test_a_channel_is_looked_at_behind_a_pool_only_where_the_pool_shows_each_of_its_pixels(
    kernel: int, stride: int, padding: int, ceil_mode: bool, row: int, column: int
) -> None:
    assume(padding <= kernel // 2)
    pool = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    layers: tuple[Layer, ...] = (("relu", {}), ("max_pool", pool), ("flatten", {}), ("dense", {"units": 10}))
    run = prepare(job(*layers))
    (looked_at,) = DeadUnitProbe(Scene(run.network, run.recipe, run.data, run.device)).kept()
    lone = torch.zeros(1, 1, 8, 8)
    lone[0, 0, row, column] = 1e-20
    _, outputs = run.network.run(lone, {1, 2})
    seen = outputs[2]
    assert seen is not None
    if looked_at == 2:
        assert seen.max() > 0
    elif stride <= kernel and ceil_mode:  # then it leaves out nothing, unless torch drops a window that begins too late
        assert (seen.shape[2] - 1) * stride + kernel - padding < 8
