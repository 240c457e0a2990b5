"""An image given by hand: read whole or refused, seen as torch sees the same bytes, and kept over a restart."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.protocol import Command, EffectiveField, Event, Maps, Prediction
from tests.worker.runs import Listener, Script, job
from worker.prepare import prepare
from worker.probe_image import ProbeChoice, read
from worker.probes import Moment, Scene
from worker.probes.effective_field import EffectiveFieldProbe
from worker.probes.feature_maps import FeatureMapProbe
from worker.probes.prediction import PredictionProbe
from worker.train import train

PIXELS = np.random.default_rng(7).integers(0, 256, (1, 8, 8), dtype=np.uint8)
IMAGE = base64.b64encode(PIXELS.tobytes()).decode()


def drawn(**more: object) -> Command:
    return Command.model_validate({"kind": "probe", "image": IMAGE, **more})


@given(st.text(max_size=200) | st.binary(max_size=90).map(lambda data: base64.b64encode(data).decode()))
def test_what_is_no_image_of_the_networks_size_changes_nothing(image: str) -> None:
    choice = ProbeChoice(index=4)
    tensor = read(image, (1, 8, 8))
    refused = choice.obey(Command(kind="probe", image=image), images=10, shape=(1, 8, 8), classes=10)
    if tensor is None:
        assert refused and choice == ProbeChoice(index=4)
    else:
        assert refused is None and choice.index == -1
        assert tensor.numpy().tobytes() == base64.b64decode(image)


def test_images_given_by_hand_never_share_a_number() -> None:
    choice = ProbeChoice()
    said = []
    for command in (drawn(), drawn(), Command(kind="probe", value=3), drawn(target=9), Command(kind="probe", target=2)):
        assert choice.obey(command, images=10, shape=(1, 8, 8), classes=10) is None
        said.append((choice.index, choice.image is not None, choice.target))
    assert said == [(-1, True, None), (-2, True, None), (3, False, None), (-3, True, 9), (-3, True, 2)]
    assert choice.obey(Command(kind="probe", target=10), images=10, shape=(1, 8, 8), classes=10)
    assert choice.target == 2


def test_a_drawn_image_gives_what_torch_gives_for_the_same_tensor() -> None:
    run = prepare(job())
    scene = Scene(run.network, run.recipe, run.data, run.device)
    probes = [FeatureMapProbe(scene), PredictionProbe(scene), EffectiveFieldProbe(scene)]
    assert scene.choose(drawn()) is None
    told = Listener()
    for probe in probes:
        assert probe.command(drawn())
        told(probe.frames(Moment(0, 0.1, torch.zeros(()), torch.zeros(1, 10), torch.zeros(1))))

    run.network.eval()
    image = (torch.from_numpy(PIXELS)[None].float() / 255 - run.data.mean) / run.data.std
    scores, outputs = run.network.run(image, range(len(run.network.steps)))
    ((prediction, bytes_of_it),) = told.with_payload(Prediction)
    torch.testing.assert_close(torch.tensor(prediction.probabilities), scores[0].softmax(0), rtol=1e-4, atol=1e-6)
    assert (prediction.probe, prediction.truth, prediction.source, prediction.shape) == (-1, None, "drawn", (1, 8, 8))
    assert bytes_of_it == PIXELS.tobytes()
    ((maps, bytes_of_maps),) = told.with_payload(Maps)
    output = outputs[run.network.index[maps.layer]]
    assert output is not None
    values = np.frombuffer(bytes_of_maps, np.uint8).reshape(maps.channels, maps.height, maps.width)
    shown = maps.low + values * (maps.high - maps.low) / 255
    assert np.abs(shown - output[0].detach().numpy()).max() <= (maps.high - maps.low) / 255
    assert maps.probe == -1
    assert [field.probe for field in told.of(EffectiveField)] == [-1]


def test_a_paused_run_answers_at_once_and_the_image_outlives_a_restart(tmp_path: Path) -> None:
    waiting = [[drawn(source="uploaded")], [Command(kind="stop")]]
    told = Listener()
    train(job(epochs=3), emit=told, control=Script({4: [Command(kind="pause")]}, waiting), checkpoints=tmp_path)
    last = told.of(Prediction)[-1]
    assert (last.probe, last.source, last.step) == (-1, "uploaded", 3)
    again = Listener()
    resumed = Script({1: [Command(kind="resume")], 4: [drawn()], 6: [Command(kind="stop")]})
    train(job(epochs=3, attempt=2), emit=again, control=resumed, checkpoints=tmp_path)
    assert {m.probe for m in again.of(Prediction)} == {-1, -2}
    first, payload = again.with_payload(Prediction)[0]
    assert payload == PIXELS.tobytes() and first.source == "uploaded"


def test_a_running_job_refuses_in_words_what_is_no_image() -> None:
    told = Listener()
    wrong = Command(kind="probe", image=base64.b64encode(b"123").decode())
    train(job(epochs=3), emit=told, control=Script({3: [wrong], 6: [Command(kind="stop")]}))
    assert [e.message for e in told.of(Event) if e.name == "warning"] == [
        "The probe image is not of the network's size; the one before stays."
    ]
    assert {m.probe for m in told.of(Prediction)} == {0}
