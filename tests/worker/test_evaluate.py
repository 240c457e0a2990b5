"""The figures of an evaluation, against scikit-learn on real digits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, log_loss, recall_score, top_k_accuracy_score

from playground.protocol import TELEMETRY, Command, Evaluation, Event, Finished, Mistakes, decode, encode
from tests.worker.runs import STEADY, Listener, Script, job
from worker import data as data_module
from worker import session as session_module
from worker.data import Data, Part, load, set_positions, training_sample
from worker.evaluate import Score, evaluate
from worker.prepare import Prepared, prepare
from worker.train import train

TEN = list(range(10))


def somewhat_trained() -> Prepared:
    """A network that has seen the digits for a moment, and still errs."""
    run = prepare(job())
    optimiser = torch.optim.SGD(run.network.parameters(), 0.05)
    for start in range(0, 1280, 64):
        part = run.data.train.pick(torch.arange(start, start + 64))
        loss = torch.nn.functional.cross_entropy(run.network(run.data.normalise(part.images)), part.labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return run


@pytest.fixture(scope="module")
def trained() -> Prepared:
    return somewhat_trained()


def scored(run: Prepared, part: Part) -> Score:
    score = evaluate(run.network, run.data, part)
    assert score is not None
    return score


def probabilities(run: Prepared, part: Part) -> np.ndarray:
    """Softmax in double precision, all images at once."""
    run.network.eval()
    with torch.no_grad():
        scores = run.network(run.data.normalise(part.images))
    run.network.train()
    return scores.double().softmax(dim=1).numpy()


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_figures_are_those_of_scikit_learn(trained: Prepared, split: str) -> None:
    part: Part = getattr(trained.data, split)
    score, expected = scored(trained, part), probabilities(trained, part)
    truth, said = part.labels.numpy(), expected.argmax(axis=1)
    assert 0.03 < 1 - score.accuracy < 0.9  # there is something to get wrong
    assert score.confusion.numpy().tolist() == confusion_matrix(truth, said, labels=TEN).tolist()
    assert score.accuracy == pytest.approx(top_k_accuracy_score(truth, expected, k=1, labels=TEN))
    assert score.top5_error == pytest.approx(1 - top_k_accuracy_score(truth, expected, k=5, labels=TEN))
    assert score.loss == pytest.approx(log_loss(truth, expected, labels=TEN), rel=1e-5)
    table = score.confusion.numpy()
    assert (table.diagonal() / table.sum(axis=1)).tolist() == pytest.approx(
        recall_score(truth, said, labels=TEN, average=None).tolist()
    )


def test_answers_are_those_of_each_image_in_its_order(trained: Prepared) -> None:
    part = trained.data.train  # more than one batch of the pass
    answers, expected = scored(trained, part).answers, probabilities(trained, part)
    rows = np.arange(len(part))
    assert answers.said.tolist() == expected.argmax(axis=1).tolist()
    assert answers.truth_probability.numpy() == pytest.approx(expected[rows, part.labels], abs=1e-6)
    assert answers.said_probability.numpy() == pytest.approx(expected.max(axis=1), abs=1e-6)
    assert answers.loss.numpy() == pytest.approx(-np.log(expected[rows, part.labels]), rel=1e-4, abs=1e-6)


def test_a_pass_leaves_the_network_and_chance_as_they_were(trained: Prepared) -> None:
    before = {name: tensor.clone() for name, tensor in trained.network.state_dict().items()}
    chance = torch.get_rng_state()
    trained.network.train()
    scored(trained, trained.data.test)
    assert trained.network.training
    assert torch.equal(torch.get_rng_state(), chance)
    assert all(torch.equal(tensor, before[name]) for name, tensor in trained.network.state_dict().items())


def told_by(**recipe: object) -> Listener:
    listener = Listener()
    train(job(**recipe), emit=listener)
    return listener


def test_every_epoch_tells_of_the_held_out_part_and_of_the_training_sample_and_the_end_of_the_test_set() -> None:
    told = told_by(epochs=3)
    first, *_, last = told.of(Evaluation)
    assert (first.split, first.images, first.part) == ("validation", 120, 120)
    assert (last.split, last.images, last.part) == ("test", 360, 360)
    sampled = [each for each in told.of(Evaluation) if each.split == "train"]
    assert [(each.step, each.images, each.part) for each in sampled] == [(step, 120, 1317) for step in (21, 42, 63)]
    assert all(0 < each.seconds < 10 and 0 < each.time_share < 1 for each in told.of(Evaluation))
    for quantity in ("loss", "accuracy", "top5_error"):
        steps, values = told.series("training", quantity)
        assert steps.tolist() == [21, 42, 63]
        assert values.tolist() == pytest.approx([getattr(each, quantity) for each in sampled])
    assert told.series("training", "epoch")[1].tolist() == [1, 2, 3]
    assert told.of(Finished)[0].test_accuracy == last.accuracy


def test_the_mistakes_of_the_first_and_the_last_epoch_always_come() -> None:
    told = told_by(epochs=3)
    for split, steps in {"train": {21, 63}, "validation": {21, 63}, "test": {63}}.items():
        assert steps <= {each.step for each in told.of(Mistakes) if each.split == split}
    wrong = {(each.split, each.step): each.wrong for each in told.of(Mistakes)}
    for each in told.of(Evaluation):
        if (each.split, each.step) in wrong:
            assert wrong[each.split, each.step] == round((1 - each.accuracy) * each.images)


def test_the_training_sample_is_the_same_in_all_runs_and_lies_in_the_training_part() -> None:
    data = load("digits")
    sample = training_sample(data)
    assert torch.equal(sample, training_sample(load("digits")))
    assert len(sample.unique()) == len(sample) == 120
    assert int(sample.max()) < len(data.train)


def test_the_training_sample_of_a_large_data_set_is_one_image_in_thirty() -> None:
    digits = load("digits")
    train = digits.train.pick(torch.zeros(55_000, dtype=torch.int64))
    sample = training_sample(replace(digits, train=train))
    assert len(sample.unique()) == len(sample) == 1_833
    small = training_sample(replace(digits, train=digits.train.pick(torch.arange(50))))
    assert small.tolist() == list(range(50))


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_positions_lead_back_to_the_image_in_the_data_set(split: str) -> None:
    data = load("digits")
    train_images, train_labels, test_images, test_labels = data_module._digits()
    images, labels = (test_images, test_labels) if split == "test" else (train_images, train_labels)
    positions = set_positions(data.record, split).numpy()  # type: ignore[arg-type]
    part: Part = getattr(data, split)
    assert (images[positions] == part.images.numpy()).all()
    assert (labels[positions] == part.labels.numpy()).all()


def test_looking_at_the_training_part_changes_no_bit_of_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    def curve() -> bytes:
        listener = Listener()
        train(job(*STEADY, epochs=3), emit=listener)
        return listener.series("steps", "loss")[1].tobytes()

    looked_at = curve()
    monkeypatch.setattr(session_module.Session, "_look_at_training_part", lambda session, epoch: True)
    monkeypatch.setattr(session_module.Session, "_show_mistakes", lambda *arguments: None)
    assert curve() == looked_at


def test_a_stop_ends_the_pass_over_the_training_sample_too() -> None:
    """The poll after the 21 steps' and the held-out pass's is the training sample's."""
    listener = Listener()
    train(job(epochs=3), emit=listener, control=Script({24: [Command(kind="stop")]}))
    assert [each.split for each in listener.of(Evaluation)] == ["validation"]
    assert listener.of(Finished)[0].reason == "stopped"


def test_a_pause_in_the_pass_over_the_training_sample_is_not_counted_and_the_pass_goes_on() -> None:
    listener = Listener()
    train(job(epochs=1), emit=listener, control=Script({24: [Command(kind="pause")]}))
    assert [event.name for event in listener.of(Event)][:3] == ["epoch", "paused", "resumed"]
    assert [each.split for each in listener.of(Evaluation)] == ["validation", "train", "test"]


def test_a_loss_that_is_no_number_is_told_as_none(trained: Prepared) -> None:
    class Broken:
        training = False

        def eval(self) -> None: ...

        def train(self, mode: bool) -> None: ...

        def run(self, images: torch.Tensor, positions: object) -> tuple[torch.Tensor, list[torch.Tensor]]:
            return torch.full((len(images), 10), torch.nan), []

    data: Data = trained.data
    score = evaluate(Broken(), data, data.validation)  # type: ignore[arg-type]
    assert score is not None
    message, _ = decode(encode(score.message(1, "validation"), score.payload()), TELEMETRY)
    assert isinstance(message, Evaluation) and message.loss is None
