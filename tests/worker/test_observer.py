"""The process that draws: its pictures are those that would be drawn here, and nothing depends on it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, pairwise
from select import select

import pytest
import torch

from playground.protocol import Command, Finished, Maps, Prediction, decode_header
from tests.worker.runs import CONVNET, STEADY, Layer, Listener, Script, job
from worker import observer as observing
from worker import recorder as recording
from worker import train as training
from worker.observer import Observer, Pictures
from worker.prepare import Prepared, prepare
from worker.probes import Moment, Scene, all_probes
from worker.train import train

PATIENCE = 60.0
EVERY_PROBE = {
    "FeatureMapProbe",
    "PredictionProbe",
    "ProbeGradientProbe",
    "EffectiveFieldProbe",
    "WeightImageProbe",
}
WEIGHED = (*STEADY[:3], ("residual_basic", {"filters": 4}), *STEADY[3:])


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.01)


def ready(observer: Observer) -> bool:
    observer.collect(time.perf_counter())
    return observer.ready


@contextmanager
def started(run: Prepared, layers: tuple[Layer, ...]) -> Iterator[Observer]:
    observer = Observer(job(*layers), run.network)
    try:
        observer.collect(0.0)
        observer.collect(observing.START_AFTER + 1)  # its time has come
        until(lambda: observer.collect(0.0) is not None)
        assert observer.free
        yield observer
    finally:
        observer.close()


def answer(observer: Observer) -> Pictures:
    found: list[Pictures] = []

    def there() -> bool:
        if pictures := observer.collect(0.0):
            found.append(pictures)
        return bool(found)

    until(there)
    return found[0]


def drawn_here(scene: Scene, step: int, by: list[str]) -> list[bytes]:
    nothing = torch.zeros(())
    moment = Moment(step, 0.0, nothing, nothing, nothing)
    watched = scene.watched
    probes = {type(probe).__name__: probe for probe in all_probes(scene)}
    scene.watched = watched
    torch.set_num_threads(1)
    return [record for name in by for record in probes[name].frames(moment)]


@pytest.mark.parametrize("layers", [CONVNET, WEIGHED])
def test_its_pictures_are_to_the_byte_those_of_the_moment_that_it_was_shown(layers: tuple[Layer, ...]) -> None:
    run = prepare(job(*layers))
    scene = Scene(run.network, run.recipe, run.data, run.device)
    scene.watched = [run.network.steps[1].id, run.network.steps[2].id]
    scene.choice.index = 3
    with started(run, layers) as observer:
        everything: set[str] = set()
        end = time.monotonic() + PATIENCE
        for step in count():
            with torch.no_grad():
                for tensor in (*run.network.parameters(), *run.network.buffers()):
                    if tensor.is_floating_point():
                        tensor.add_(torch.rand_like(tensor) * 0.1)
            observer.show(step, scene)
            state = {name: tensor.clone() for name, tensor in run.network.state_dict().items()}
            with torch.no_grad():
                for weight in run.network.parameters():
                    weight.zero_()  # training goes on meanwhile
            pictures = answer(observer)
            run.network.load_state_dict(state)
            assert pictures.records == drawn_here(scene, step, pictures.by)
            everything |= set(pictures.by)
            if step >= 2 and everything >= EVERY_PROBE:
                break
            assert time.monotonic() < end, everything


def test_it_follows_what_is_watched_and_which_image_is_looked_at() -> None:
    run = prepare(job())
    scene = Scene(run.network, run.recipe, run.data, run.device)
    with started(run, CONVNET) as observer:
        for layer, image in (("1_conv2d", 0), ("3_max_pool", 5)):
            scene.watched = [layer]
            scene.choice.obey(Command(kind="probe", value=image), images=20, shape=(1, 8, 8), classes=10)
            observer.show(7, scene)
            headers = [decode_header(record)[0] for record in answer(observer).records]
            assert {(h["layer"], h["probe"]) for h in headers if h["kind"] == "maps"} == {(layer, image)}


def test_training_is_the_same_to_the_bit_with_an_observer_that_is_killed_and_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(observing, "START_AFTER", 0.001)
    monkeypatch.setattr(observing, "START_AGAIN_AFTER", 0.001)
    monkeypatch.setattr(recording, "SNAPSHOT_HERTZ", 1000.0)  # whenever it is free, however busy the machine
    monkeypatch.setattr(recording, "SNAPSHOT_SHARE", 1.0)
    networks: list[Prepared] = []
    observers: list[Observer] = []

    def watching(job_: object, run: Prepared) -> Observer:
        networks.append(run)
        observers.append(Observer(job(*STEADY, epochs=2), run.network))
        return observers[-1]

    monkeypatch.setattr(training, "observer_of", watching)
    killed: list[int] = []

    def on_step(done: int, total: int) -> None:
        observer = observers[-1]
        if done == 5:
            until(lambda: ready(observer))
            assert observer.process is not None
            killed.append(observer.process)
            os.kill(observer.process, signal.SIGKILL)
        if done == 15:  # another one has come
            until(lambda: ready(observer) and observer.process not in killed)
        if done == 20:
            if not observer.free:
                assert select([observer._connection], [], [], PATIENCE)[0]
            time.sleep(0.2)  # a packet is due, which takes its answer: the next step is shown to it
        if done == 21 and not observer.free:
            assert select([observer._connection], [], [], PATIENCE)[0]

    told = Listener()
    train(job(*STEADY, epochs=2), emit=told, on_step=on_step, observed=True)
    assert told.of(Finished)[-1].reason == "completed"
    assert observers[0].process is None
    for kind in (Maps, Prediction):
        steps = [record.step for record in told.of(kind)]
        assert all(a <= b for a, b in pairwise(steps))
        assert steps[-1] == told.of(Finished)[-1].step
    assert 20 < [record.step for record in told.of(Maps)][-2] < told.of(Finished)[-1].step

    alone = Listener()
    unseen: list[Prepared] = []
    plain = training.prepare
    monkeypatch.setattr(training, "prepare", lambda job_: unseen.append(plain(job_)) or unseen[-1])
    train(job(*STEADY, epochs=2), emit=alone)
    for name, tensor in unseen[0].network.state_dict().items():
        assert torch.equal(tensor, networks[0].network.state_dict()[name]), name
    assert told.series("steps", "loss")[1].tobytes() == alone.series("steps", "loss")[1].tobytes()


def test_whoever_pauses_sees_at_once_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observing, "START_AFTER", 0.001)
    observers: list[Observer] = []

    def watching(job_: object, run: Prepared) -> Observer:
        observers.append(Observer(job(*CONVNET), run.network))
        return observers[-1]

    monkeypatch.setattr(training, "observer_of", watching)

    def on_step(done: int, total: int) -> None:
        if done == 5:
            until(lambda: ready(observers[-1]))

    told = Listener()
    commands = {9: [Command(kind="pause")]}
    waiting = [[Command(kind="watch", layers=("3_max_pool",))]]
    train(job(*CONVNET), emit=told, control=Script(commands, waiting), on_step=on_step, observed=True)
    assert next(record.step for record in told.of(Maps) if record.layer == "3_max_pool") == 8
    steps = [record.step for record in told.of(Maps)]
    assert steps == sorted(steps)
