"""The probe's gradient at each layer against autograd's own, and that looking at it changes nothing."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.protocol import Command, Gradients
from tests.worker.runs import CONVNET, Listener, Script, job
from worker.prepare import prepare
from worker.probes import Moment, Scene
from worker.probes.probe_gradients import ProbeGradientProbe
from worker.train import train

MOMENT = Moment(4, 0.1, torch.zeros(()), torch.zeros(1, 10), torch.zeros(1))
IMAGE = base64.b64encode(bytes(range(64))).decode()


@pytest.mark.parametrize(
    ("command", "target"),
    [
        (Command(kind="probe", value=37), 3),
        (Command(kind="probe", value=37, target=8), 8),
        (Command(kind="probe", image=IMAGE), None),
        (Command(kind="probe", image=IMAGE, target=0), 0),
    ],
)
def test_the_gradient_of_every_layer_is_autograds(command: Command, target: int | None) -> None:
    run = prepare(job())
    scene = Scene(run.network, run.recipe, run.data, run.device)
    probe = ProbeGradientProbe(scene)
    scene.watched = [step.id for step in run.network.steps][1:-1]
    assert scene.choose(command) is None and probe.command(command)
    told = Listener()
    told(probe.frames(MOMENT))
    assert all(parameter.grad is None for parameter in run.network.parameters())
    assert run.network.training

    run.network.eval()
    value = scene.probe_image()
    values = []
    for step in run.network.steps[1:-1]:
        value = value.detach() if not values else value
        value = run.network._calls[run.network.index[step.id]](value)
        values.append(value.requires_grad_() if value.is_leaf else value)
        values[-1].retain_grad()
    wanted = int(values[-1].argmax()) if target is None else target
    loss = functional.cross_entropy(values[-1], torch.tensor([wanted]))
    loss.backward()
    found = told.with_payload(Gradients)
    assert [record.layer for record, _ in found] == scene.watched
    for (record, payload), expected in zip(found, values, strict=True):
        assert expected.grad is not None
        assert (record.target, record.step, record.probe) == (wanted, 5, scene.probe)
        assert record.loss == pytest.approx(float(loss.detach()), rel=1e-5)
        exact = expected.grad[0].reshape(-1).numpy()
        size = record.channels * record.height * record.width
        shown = np.frombuffer(payload, np.int8, size) * record.peak / 127
        assert record.peak == pytest.approx(float(np.abs(exact).max()), rel=1e-5)
        assert np.abs(shown - exact).max() <= record.peak / 254 + 1e-9
        assert (shown[exact == 0] == 0).all()


def test_a_run_sends_the_gradients_of_what_is_watched() -> None:
    watch = Command(kind="watch", layers=("1_conv2d", "5_dense"))
    told = Listener()
    train(job(*CONVNET, epochs=2), emit=told, control=Script({3: [watch], 9: [Command(kind="stop")]}))
    assert {"1_conv2d", "5_dense"} <= {record.layer for record in told.of(Gradients)}
