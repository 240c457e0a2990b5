"""A run that was stopped in the middle of an epoch and gone on with comes out again from its experiment file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from playground.experiment_file import ByHand, ExperimentFile, Origin, RateByHand
from playground.protocol import Command, Continuation, Event, Finished
from tests.worker.runs import STEADY, Listener, Script, job
from worker.train import train
from worker.train_command import Replay, as_job


def test_stops_later_epochs_and_rates_by_hand_come_out_again(tmp_path: Path) -> None:
    first, second, again = Listener(), Listener(), Listener()
    whole = job(*STEADY, epochs=2)
    train(whole, emit=first, checkpoints=tmp_path, control=Script({30: [Command(kind="stop")]}))
    stopped = first.of(Finished)[0].step
    assert stopped % 21 > 0
    more = whole.model_copy(update={"attempt": 2, "continued": (Continuation(step=stopped, epochs=3),)})
    train(more, emit=second, checkpoints=tmp_path, control=Script({5: [Command(kind="learning_rate", value=0.001)]}))
    rates = [event for event in second.of(Event) if event.name == "learning_rate"]
    origin = Origin(id="x", name="x", number=1, created="", document="", threads=1)
    by_hand = ByHand(rates=tuple(RateByHand(step=event.step, rate=event.value or 0) for event in rates))
    experiment = ExperimentFile(
        network=whole.network, recipe=whole.recipe, continued=more.continued, by_hand=by_hand, run=origin
    )
    replay = Replay(experiment.by_hand)
    train(as_job(experiment), emit=again, control=replay, on_step=replay.on_step)
    for quantity in ("loss", "learning_rate"):
        parts = [each.series("steps", quantity) for each in (first, second)]
        steps, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        assert steps.tolist() == list(range(63))
        assert np.array_equal(values, again.series("steps", quantity)[1])
    assert second.of(Finished)[0].test_loss == again.of(Finished)[0].test_loss
    assert len(rates) == 1


def test_a_replay_that_is_broken_off_goes_on_with_the_rate_of_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.checkpoint.AT_EPOCH_END", 0.0)
    monkeypatch.setattr("worker.checkpoint.SHARE", 1e9)
    rates = (RateByHand(step=0, rate=0.05), RateByHand(step=7, rate=0.001), RateByHand(step=21, rate=0.02))
    wanted, whole, rest = job(*STEADY, epochs=2), Listener(), Listener()
    replay = Replay(ByHand(rates=rates))
    train(wanted, emit=whole, control=replay, on_step=replay.on_step)

    def broken_off(done: int, total: int) -> None:
        replay.on_step(done, total)
        if done == 30:
            raise KeyboardInterrupt

    replay = Replay(ByHand(rates=rates))
    with pytest.raises(KeyboardInterrupt):
        train(wanted, emit=len, checkpoints=tmp_path, control=replay, on_step=broken_off)
    replay, told = Replay(ByHand(rates=rates)), []

    def heard(done: int, total: int) -> None:
        told.append(done)
        replay.on_step(done, total)

    train(wanted, emit=rest, checkpoints=tmp_path, control=replay, on_step=heard)
    assert told[:2] == [21, 22], "where it goes on is told before the first step"
    for quantity in ("loss", "learning_rate"):
        assert np.array_equal(rest.series("steps", quantity)[1], whole.series("steps", quantity)[1][21:])
