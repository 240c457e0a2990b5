"""The loop: it learns, obeys within a step, repeats to the last bit, and says why when it cannot go on."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.datasets import DATASETS
from playground.fixes import Document, document, set_params
from playground.protocol import Command, Evaluation, Event, Finished, Job, Maps, Prediction, Progress, Rows, Started
from playground.zoo import ZOO
from playground.zoo.scaled import scaled
from tests.worker.runs import STEADY, Listener, Script, job
from worker import recorder
from worker.data import batches
from worker.evaluate import evaluate
from worker.failure import Failure
from worker.prepare import Prepared, prepare
from worker.probes import PROBES
from worker.train import train

FIRST_STEPS = 21  # batches of 64 in the 1,317 training digits


def run(job: Job, **options: object) -> Listener:
    listener = Listener()
    train(job, emit=listener, **options)  # type: ignore[arg-type]
    return listener


def test_a_run_tells_every_step_and_ends_with_the_test_set() -> None:
    told = run(job(epochs=3))
    started = told.of(Started)[0]
    assert (started.first_step, started.steps_per_epoch, started.total_steps) == (0, FIRST_STEPS, 3 * FIRST_STEPS)
    steps, loss = told.series("steps", "loss")
    assert steps.tolist() == list(range(3 * FIRST_STEPS))
    assert loss[-5:].mean() < loss[:5].mean() / 2
    assert [(e.step, e.split) for e in told.of(Evaluation)] == [
        (21, "validation"), (21, "train"), (42, "validation"), (42, "train"), (63, "validation"), (63, "train"),
        (63, "test"),
    ]  # fmt: skip
    confusion = np.frombuffer(told.with_payload(Evaluation)[-1][1], np.int32).reshape(10, 10)
    assert confusion.sum() == 360
    finished = told.of(Finished)[0]
    assert finished.reason == "completed"
    assert finished.test_accuracy == pytest.approx(confusion.trace() / 360)
    assert isinstance(told.told[-1][0], Finished)


def test_the_last_pictures_are_of_the_final_weights() -> None:
    told = run(job(epochs=2))
    assert told.of(Maps)[-1].step == told.of(Prediction)[-1].step == told.of(Finished)[0].step


def test_the_first_packet_is_sent_before_the_first_step_and_the_second_after_it() -> None:
    packets: list[int] = []
    train(job(), emit=lambda records: packets.append(len(records)))
    told = run(job())
    kinds = [type(message) for message, _ in told.told]
    assert kinds[0] is Started and kinds[1] is Rows
    assert packets[0] == 1
    first = told.of(Rows)[0]
    assert (first.stream, first.count) == ("steps", 1)


@pytest.mark.slow
def test_whoever_waits_for_the_first_step_hears_of_it_before_its_pictures_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[str] = []
    for probe in PROBES:
        if probe.hertz:
            monkeypatch.setattr(probe, "frames", lambda self, moment: happened.append("drawn") or [])
    train(job(epochs=1), emit=len, on_step=lambda step, total: happened.append(f"step {step}"))
    assert happened[:2] == ["step 1", "drawn"]


def test_lenet_learns_real_mnist() -> None:
    lenet = (
        ("conv2d", {"filters": 6, "kernel_size": 5, "padding": 2}),
        ("relu", {}),
        ("max_pool", {"kernel_size": 2, "stride": 2}),
        ("conv2d", {"filters": 16, "kernel_size": 5}),
        ("relu", {}),
        ("max_pool", {"kernel_size": 2, "stride": 2}),
        ("flatten", {}),
        ("dense", {"units": 120}),
        ("relu", {}),
        ("dense", {"units": 84}),
        ("relu", {}),
        ("dense", {"units": 10}),
    )
    stop_at_301 = Script({302: [Command(kind="stop")]})
    told = run(job(*lenet, dataset="mnist", initialisation="torch"), control=stop_at_301)
    _, accuracy = told.series("steps", "accuracy")
    assert accuracy[-50:].mean() > 0.9


def test_a_probe_or_a_pause_changes_no_bit_of_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    _, watched = run(job(*STEADY, epochs=2)).series("steps", "loss")
    pause = Script({5: [Command(kind="pause")], 9: [Command(kind="watch", layers=["1_conv2d", "6_dense"])]})
    _, paused = run(job(*STEADY, epochs=2), control=pause).series("steps", "loss")
    only_loss = [kind for kind in PROBES if kind.__name__ == "LossProbe"]
    monkeypatch.setattr(recorder, "all_probes", lambda scene: [kind(scene) for kind in only_loss])
    _, bare = run(job(*STEADY, epochs=2)).series("steps", "loss")
    assert watched.tobytes() == bare.tobytes() == paused.tobytes()


def test_another_seed_gives_another_curve() -> None:
    _, first = run(job(seed=1)).series("steps", "loss")
    _, second = run(job(seed=2)).series("steps", "loss")
    assert first.tobytes() != second.tobytes()


def test_stop_ends_the_run_within_a_step_with_what_is_known() -> None:
    told = run(job(epochs=3), control=Script({32: [Command(kind="stop")]}))
    finished = told.of(Finished)[0]
    assert (finished.reason, finished.step, finished.test_accuracy) == ("stopped", 29, None)
    assert finished.validation_accuracy is not None
    steps, _ = told.series("steps", "loss")
    assert steps[-1] == 28


def test_pause_single_steps_and_resume_take_effect_within_a_step() -> None:
    waiting = [[Command(kind="step")], [Command(kind="step")], [Command(kind="resume")]]
    told = run(job(), control=Script({6: [Command(kind="pause")]}, waiting))
    events = [(event.name, event.step) for event in told.of(Event)]
    assert events[:2] == [("paused", 5), ("resumed", 7)]
    steps, _ = told.series("steps", "loss")
    assert steps.tolist() == list(range(FIRST_STEPS))


def test_a_paused_run_answers_a_change_of_layers_and_of_the_probe_image() -> None:
    waiting = [
        [Command(kind="watch", layers=["5_dense", "nonsense"])],
        [Command(kind="probe", value=37)],
        [Command(kind="stop")],
    ]
    told = run(job(), control=Script({4: [Command(kind="pause")]}, waiting))
    maps = told.of(Maps)
    assert [(m.layer, m.probe) for m in maps[-3:-1]] == [("5_dense", 0), ("5_dense", 37)]
    assert {m.step for m in maps[-3:]} == {3}
    assert (told.of(Prediction)[-1].probe, told.of(Prediction)[-1].truth) == (37, 3)


def test_a_rate_set_by_hand_holds_from_the_next_step_on() -> None:
    commands = {4: [Command(kind="learning_rate", value=0.5), Command(kind="learning_rate", value=-1)]}
    told = run(job(schedule="cosine"), control=Script(commands))
    _, rate = told.series("steps", "learning_rate")
    assert rate[2] != np.float32(0.5)
    assert (rate[3:] == np.float32(0.5)).all()
    assert [e.name for e in told.of(Event)][:2] == ["learning_rate", "warning"]


def test_a_loss_that_is_no_number_names_the_layer() -> None:
    linear = (("flatten", {}), ("dense", {"units": 30}), ("dense", {"units": 30}), ("dense", {"units": 10}))
    with pytest.raises(Failure) as caught:
        run(job(*linear, learning_rate=100.0, epochs=3))
    failure = caught.value
    assert failure.code == "not_a_number"
    assert failure.layer is not None
    assert "learning rate (it was 100)" in failure.hint


def test_the_input_block_must_have_the_shape_of_the_images() -> None:
    wrong = job().model_copy(update={"recipe": {"dataset": "mnist"}})
    with pytest.raises(Failure, match="takes 1×8×8; MNIST has 1×28×28") as caught:
        run(wrong)
    assert (caught.value.code, caught.value.layer) == ("not_trainable", "input")


def test_a_network_that_cannot_train_is_refused_in_words() -> None:
    with pytest.raises(Failure) as caught:
        run(job(("conv2d", {"filters": 4, "kernel_size": 9}), ("flatten", {}), ("dense", {"units": 10})))
    assert caught.value.code == "not_trainable"
    with pytest.raises(Failure, match="Epochs cannot be 0"):
        run(job(epochs=0))


def test_a_recipe_for_a_gpu_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(Failure) as caught:
        run(job(device="cuda"))
    assert caught.value.code == "device_missing"


def test_softmax_at_the_end_gives_the_loss_of_the_scores() -> None:
    layers = (("flatten", {}), ("dense", {"units": 10}))
    _, plain = run(job(*layers)).series("steps", "loss")
    _, ended = run(job(*layers, ("softmax", {}))).series("steps", "loss")
    assert plain.tobytes() == ended.tobytes()


@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop", "adam", "adamw"])
@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
def test_every_optimiser_learns_in_every_precision(optimiser: str, precision: str) -> None:
    told = run(job(optimiser=optimiser, learning_rate=0.003, precision=precision, epochs=4, nesterov=True))
    _, loss = told.series("steps", "loss")
    assert loss[-10:].mean() < loss[:5].mean()
    assert all(math.isfinite(value) for value in loss)


def test_progress_says_how_much_of_the_time_telemetry_took() -> None:
    told = run(job(epochs=30))
    progress = told.of(Progress)[-1]
    assert 0 < progress.telemetry_share < 1
    assert progress.steps_per_second > 0
    assert progress.images_per_second == pytest.approx(64 * progress.steps_per_second)


def googlenet_with_heads(weight: float = 0.3) -> Document:
    """For the small digits, an eighth as wide."""
    network = document(scaled(ZOO["googlenet-auxiliary"], DATASETS["digits"])[0])
    for node in network["nodes"]:
        if node["id"].startswith("scores"):
            continue
        if node["block"] == "auxiliary_output":
            network = set_params(network, node["id"], {"weight": weight})
        wide = {key: value for key, value in node.get("params", {}).items() if key in WIDE}
        network = set_params(network, node["id"], {key: max(2, value // 8) for key, value in wide.items()})
    return network


WIDE = {"filters", "units", "filters_1x1", "reduce_3x3", "filters_3x3", "reduce_5x5", "filters_5x5", "pool_projection"}


def job_with_heads(weight: float = 0.3, **recipe: object) -> Job:
    recipe = {"dataset": "digits", "epochs": 1, "optimiser": "adam", "learning_rate": 0.003, "device": "cpu"} | recipe
    return Job(run="test", attempt=1, network=googlenet_with_heads(weight), recipe=recipe)


def gradients(run: Prepared) -> tuple[float, dict[str, float]]:
    """Of the auxiliary heads' losses alone: their sum, and the length of each layer's gradient by the step's id."""
    network = run.network.train()
    images, labels = next(batches(run.data, seed=1, step=0, batch_size=64))
    network(images)
    loss = sum(head.weight * functional.cross_entropy(head.scores, labels) for head in network.auxiliary)
    assert isinstance(loss, torch.Tensor)
    loss.backward()
    found = {step.id: weight.grad for step, weight in network.weighted()}
    return loss.item(), {id: 0.0 if grad is None else float(grad.norm()) for id, grad in found.items()}


def test_auxiliary_heads_teach_the_layers_before_them() -> None:
    _, lengths = gradients(prepare(job_with_heads()))
    before, after = ("inception_3a/", "inception_4a/", "inception_4d/"), ("inception_4e/", "inception_5")
    assert all(length > 0 for id, length in lengths.items() if id.startswith(before))
    assert all(length == 0 for id, length in lengths.items() if id.startswith(after))
    assert lengths["scores"] == 0
    whole, half = gradients(prepare(job_with_heads(0.3)))[0], gradients(prepare(job_with_heads(0.15)))[0]
    assert half == pytest.approx(whole / 2)


def test_a_run_with_auxiliary_heads_learns_and_reports_the_loss_of_the_output() -> None:
    told = run(job_with_heads(epochs=3, learning_rate=0.006))
    _, loss = told.series("steps", "loss")
    assert loss[-5:].mean() < 0.8 * loss[:5].mean()
    prepared = prepare(job_with_heads(epochs=3, learning_rate=0.006))
    images, labels = next(batches(prepared.data, seed=1, step=0, batch_size=64))
    expected = functional.cross_entropy(prepared.network.train()(images), labels)
    assert loss[0] == pytest.approx(expected.item(), rel=1e-5)
    assert told.of(Finished)[0].test_accuracy is not None
    named = {layer.id for layer in told.of(Started)[0].layers}
    assert {"scores_4a", "scores_4d", "auxiliary_4a"} < named
    assert np.isfinite(told.series("steps", "gradient_rms", "scores_4a")[1]).all()


def test_evaluation_does_not_hear_auxiliary_heads() -> None:
    prepared = prepare(job_with_heads())
    before = evaluate(prepared.network, prepared.data, prepared.data.validation)
    with torch.no_grad():
        for step, weight in prepared.network.weighted():
            if step.auxiliary:
                weight.fill_(torch.nan)
    after = evaluate(prepared.network, prepared.data, prepared.data.validation)
    assert before and after
    assert (after.loss, after.accuracy) == (before.loss, before.accuracy)


def test_another_weight_of_the_heads_gives_another_curve() -> None:
    curves = [run(job_with_heads(weight)).series("steps", "loss")[1] for weight in (0.0, 0.3)]
    assert curves[0][0] == curves[1][0]
    assert curves[0][3] != curves[1][3]
