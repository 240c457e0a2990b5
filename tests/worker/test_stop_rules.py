"""Runs that a rule of the recipe ends, and runs that their user goes on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from playground.protocol import Command, Continuation, Event, Finished, Job, Started
from tests.worker.runs import STEADY, Listener, Script, job
from worker import session as session_module
from worker.prepare import prepare
from worker.train import train


def more(of: Job, step: int, epochs: int, attempt: int = 2) -> Job:
    wish = Continuation(step=step, epochs=epochs)
    return of.model_copy(update={"attempt": attempt, "continued": (*of.continued, wish)})


def ended(listener: Listener) -> Finished:
    return listener.of(Finished)[0]


def curve(*listeners: Listener) -> bytes:
    return np.concatenate([listener.series("steps", "loss")[1] for listener in listeners]).tobytes()


def weights(folder: Path, part: str = "network.") -> dict[str, torch.Tensor]:
    tensors = load_file(folder / "state.safetensors")
    found = {name.removeprefix(part): tensor for name, tensor in tensors.items() if name.startswith(part)}
    assert found
    return found


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_two_epochs_and_two_more_are_four_to_the_last_bit(tmp_path: Path, optimiser: str) -> None:
    recipe: dict[str, Any] = {"optimiser": optimiser, "learning_rate": 0.003, "weight_decay": 0.01}
    whole, first, second = Listener(), Listener(), Listener()
    train(job(*STEADY, epochs=4, **recipe), emit=whole, checkpoints=tmp_path / "whole")
    two = job(*STEADY, epochs=2, **recipe)
    train(two, emit=first, checkpoints=tmp_path / "parts")
    train(more(two, 42, 4), emit=second, checkpoints=tmp_path / "parts")
    started = second.of(Started)[0]
    assert (started.first_step, started.total_steps, started.epochs) == (42, 84, 4)
    assert curve(first, second) == curve(whole)
    expected = weights(tmp_path / "whole")
    assert all(torch.equal(tensor, expected[name]) for name, tensor in weights(tmp_path / "parts").items())
    assert ended(second).test_loss == ended(whole).test_loss
    assert next(event.name for event in second.of(Event)) == "continued"


def test_a_schedule_is_stretched_over_the_new_length_from_there_on(tmp_path: Path) -> None:
    first, second = Listener(), Listener()
    two = job(epochs=2, schedule="linear", learning_rate=0.02)
    train(two, emit=first, checkpoints=tmp_path)
    train(more(two, 42, 4), emit=second, checkpoints=tmp_path)
    rates = np.concatenate([each.series("steps", "learning_rate")[1] for each in (first, second)])
    step = np.arange(84)
    expected = 0.02 * np.where(step < 42, 1 - step / 42, 1 - step / 84)
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_a_rate_set_by_hand_stays_when_the_run_is_gone_on_with(tmp_path: Path) -> None:
    two = job(epochs=2, schedule="cosine")
    train(two, emit=len, control=Script({5: [Command(kind="learning_rate", value=0.01)]}), checkpoints=tmp_path)
    second = Listener()
    train(more(two, 42, 3), emit=second, checkpoints=tmp_path)
    assert set(second.series("steps", "learning_rate")[1].tolist()) == {np.float32(0.01)}


def test_a_stopped_run_goes_on_where_it_stood_and_may_end_earlier_than_it_would_have(tmp_path: Path) -> None:
    first, second = Listener(), Listener()
    three = job(epochs=3)
    train(three, emit=first, control=Script({26: [Command(kind="stop")]}), checkpoints=tmp_path)
    step = ended(first).step
    assert ended(first).reason == "stopped" and 21 < step < 42
    train(more(three, step, 2), emit=second, checkpoints=tmp_path)
    assert second.of(Started)[0].first_step == step
    assert (ended(second).step, ended(second).reason) == (42, "completed")


def test_without_its_checkpoint_a_run_does_all_again_as_it_was_gone_on_with(tmp_path: Path) -> None:
    first, second, anew = Listener(), Listener(), Listener()
    two = job(*STEADY, epochs=2, schedule="cosine")
    train(two, emit=first, checkpoints=tmp_path / "kept")
    train(more(two, 42, 4), emit=second, checkpoints=tmp_path / "kept")
    train(more(two, 42, 4), emit=anew, checkpoints=tmp_path / "lost")
    assert anew.of(Started)[0].first_step == 0
    assert curve(anew) == curve(first, second)


def test_gone_on_with_and_killed_it_is_still_the_same(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    def die(done: int, total: int) -> None:
        if done == 50:
            raise Killed

    whole, third = Listener(), Listener()
    train(job(*STEADY, epochs=4), emit=whole)
    two = job(*STEADY, epochs=2)
    train(two, emit=len, checkpoints=tmp_path)
    with pytest.raises(Killed):
        train(more(two, 42, 4), emit=len, checkpoints=tmp_path, on_step=die)
    train(more(two, 42, 4, attempt=3), emit=third, checkpoints=tmp_path)
    first = third.of(Started)[0].first_step
    assert 42 <= first < 84
    assert curve(third) == whole.series("steps", "loss")[1][first:].tobytes()


IMPATIENT: dict[str, Any] = {
    "early_stop": "loss",
    "patience": 2,
    "epochs": 30,
    "learning_rate": 3.0,
    "optimiser": "sgd",
}
"""Far too high a rate: the first epochs are the best."""


def test_early_stop_ends_in_words_and_measures_the_test_set_with_the_best_weights(tmp_path: Path) -> None:
    listener = Listener()
    patient = job(**IMPATIENT | {"learning_rate": 0.3})
    train(patient, emit=listener, checkpoints=tmp_path)
    end = ended(listener)
    assert end.reason == "early_stop" and end.step < 30 * 21
    assert end.words.startswith("Early stop: the held-out loss has not fallen in 2 epochs. The best was epoch ")
    assert end.step == end.best_step + 2 * 21  # type: ignore[operator]
    assert end.restored and end.test_accuracy is not None
    steps, losses = listener.series("validation", "loss")
    _, sample = listener.series("validation", "sample")
    assert steps[sample == 0][np.argmin(losses[sample == 0])] == end.best_step
    rule = [event for event in listener.of(Event) if event.name == "rule"]
    assert [event.message for event in rule] == [end.words]
    # the oracle: a run that simply ends at the best epoch
    other = Listener()
    assert end.best_epoch is not None
    train(
        job(**IMPATIENT | {"learning_rate": 0.3, "early_stop": "off", "epochs": end.best_epoch}),
        emit=other,
        checkpoints=tmp_path / "o",
    )
    expected = weights(tmp_path / "o")
    assert all(torch.equal(tensor, expected[name]) for name, tensor in weights(tmp_path, "best.").items())
    assert (end.test_loss, end.test_accuracy) == (ended(other).test_loss, ended(other).test_accuracy)
    assert end.validation_accuracy == ended(other).validation_accuracy


def test_patience_is_counted_on_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):
        pass

    whole, second = Listener(), Listener()
    patient = job(**IMPATIENT | {"learning_rate": 0.3})
    train(patient, emit=whole)
    end = ended(whole)

    def die(done: int, total: int) -> None:
        if done == end.step - 5:
            raise Killed

    monkeypatch.setattr("worker.checkpoint.AT_EPOCH_END", 0.0)
    monkeypatch.setattr("worker.checkpoint.SHARE", 1e9)
    with pytest.raises(Killed):
        train(patient, emit=len, checkpoints=tmp_path, on_step=die)
    train(patient.model_copy(update={"attempt": 2}), emit=second, checkpoints=tmp_path)
    again = ended(second)
    assert second.of(Started)[0].first_step == end.step - 21
    named = ("step", "reason", "words", "best_step", "restored", "test_loss", "validation_accuracy")
    assert [getattr(again, name) for name in named] == [getattr(end, name) for name in named]


def test_a_run_that_stopped_early_goes_on_from_its_last_weights_and_counts_anew(tmp_path: Path) -> None:
    whole, first, second = Listener(), Listener(), Listener()
    patient = job(**IMPATIENT | {"learning_rate": 0.3})
    train(patient, emit=first, checkpoints=tmp_path)
    step = ended(first).step
    train(more(patient, step, step // 21 + 1), emit=second, checkpoints=tmp_path)
    train(job(**IMPATIENT | {"learning_rate": 0.3, "early_stop": "off", "epochs": step // 21 + 1}), emit=whole)
    assert ended(second).reason == "completed"
    assert curve(first, second) == curve(whole)


def test_a_target_ends_the_run_and_is_spent_when_it_is_gone_on_with(tmp_path: Path) -> None:
    first, second = Listener(), Listener()
    aiming = job(epochs=20, target_accuracy=60)
    train(aiming, emit=first, checkpoints=tmp_path)
    end = ended(first)
    assert end.reason == "target" and end.step < 20 * 21
    assert end.validation_accuracy is not None and end.validation_accuracy >= 0.6
    assert end.test_accuracy is not None and "the recipe asks for 60%" in end.words
    train(more(aiming, end.step, end.step // 21 + 2), emit=second, checkpoints=tmp_path)
    assert ended(second).reason == "completed" and ended(second).step == end.step + 42


def test_the_time_limit_ends_the_run_between_two_steps_with_a_whole_evaluation() -> None:
    listener = Listener()
    train(job(epochs=500, time_limit=0.005), emit=listener)
    end = ended(listener)
    assert end.reason == "time" and end.words == "Time limit: 0.005 minutes of training are over."
    assert end.test_accuracy is not None and end.validation_accuracy is not None
    assert listener.series("validation", "sample")[0][-1] == end.step


def test_the_looks_of_a_restored_run_do_not_spoil_its_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused while the test set is measured: what is saved is where the run goes on, not the best weights."""
    listener = Listener()
    saved: list[bytes] = []
    real = session_module.evaluate

    def looked(network: Any, data: Any, part: Any, **rest: Any) -> Any:
        if part is data.test:
            saved.append((tmp_path / "state.safetensors").read_bytes())
        return real(network, data, part, **rest)

    monkeypatch.setattr(session_module, "evaluate", looked)
    train(job(**IMPATIENT | {"learning_rate": 0.3}), emit=listener, checkpoints=tmp_path)
    assert ended(listener).restored
    assert (tmp_path / "state.safetensors").read_bytes() == saved[0]


def test_the_epochs_of_a_job_are_those_asked_for_last() -> None:
    run = prepare(more(more(job(epochs=2), 42, 4), 84, 7))
    assert (run.epochs, run.epochs_after(0), run.epochs_after(1)) == (7, 2, 4)


def test_a_paused_run_saves_and_tells_at_once_what_is_changed(tmp_path: Path) -> None:
    listener, seen = Listener(), []

    class Looks(Script):
        def wait(self, seconds: float) -> bool:
            seen.append([(event.name, event.value) for event in listener.of(Event)][-1])
            return super().wait(seconds)

    wishes = [[Command(kind="checkpoint")], [Command(kind="learning_rate", value=0.25)]]
    train(job(), emit=listener, control=Looks({6: [Command(kind="pause")]}, wishes), checkpoints=tmp_path)
    assert seen == [("paused", None), ("checkpoint", None), ("learning_rate", 0.25)]
