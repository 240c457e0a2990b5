"""A run that was stopped in the middle of an epoch and gone on with comes out again from its experiment file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

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
