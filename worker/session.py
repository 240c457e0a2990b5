"""What surrounds the training loop: commands, pauses, checkpoints, held-out scores and the records of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter, time
from types import TracebackType
from typing import Literal, Self

import torch
from torch import Tensor

from playground.network import read_network
from playground.protocol import Command, Event, Finished, Job, Split, Started
from playground.stopping import Standing, ends_with_best, go_on, judge, judge_time, keeps_best
from worker.checkpoint import CheckpointStore, Progressed
from worker.data import Part, set_positions, training_sample
from worker.device import describe
from worker.doctor import RoundsOf
from worker.evaluate import Score, evaluate
from worker.failure import Failure
from worker.governor import Governor
from worker.mistakes import mistakes
from worker.observer import Observer
from worker.optimise import Rate
from worker.pace import Pace
from worker.prepare import Prepared, layer_infos
from worker.probe_image import ProbeChoice
from worker.probes import Scene
from worker.recorder import Emit, Recorder
from worker.remembered import NetworkFolder
from worker.remembered_network import as_bytes
from worker.wishes import Control, Wishes

QUICK_IMAGES = 1000
QUICK_HERTZ, QUICK_SHARE = 1 / 3, 0.01
"""Validation on a sample: at most every 3 s, and at most 1 % of the time."""

MISTAKES_HERTZ, MISTAKES_SHARE = 1.0, 0.01
"""Images of mistakes: small data sets have a hundred epochs a minute and more. Those of the last epoch always come."""

EventName = Literal[
    "epoch", "checkpoint", "paused", "resumed", "restarted", "continued", "learning_rate", "watch", "warning", "rule"
]


class Session:
    """One attempt at a run. `here` says how far it is; `recorder` takes what is to be told."""

    def __init__(
        self,
        job: Job,
        run: Prepared,
        *,
        emit: Emit,
        control: Control,
        checkpoints: Path | None,
        settle: Callable[[], object] = lambda: None,
        observer: Observer | None = None,
    ) -> None:
        self._job = job
        self._settle = settle
        self._run = run
        self._store = CheckpointStore(checkpoints, job)
        self._scene = Scene(run.network, run.recipe, run.data, run.device, on_device=run.on_device)
        self._scene.total_steps = run.total_steps
        loaded = self._store.load(run.network, run.optimiser, run.device)
        self.here = loaded or Progressed(threads=torch.get_num_threads())
        torch.set_num_threads(self.here.threads)  # only the same threads add up in the same order
        self._standing = Standing(**self.here.standing)
        self._restored = False
        self._wish = self._take_up(len(run.continued)) if loaded else ""
        self.rate = Rate(run.recipe, run.steps_per_epoch * run.epochs_after(self.here.taken_up))
        self.rate.by_hand = self.here.rate_by_hand
        self._scene.choice = ProbeChoice(**self.here.probe_choice)
        self.recorder = Recorder(self._scene, emit, job.attempt, observer=observer)
        self.recorder.call(
            RoundsOf(
                run.network.plan, read_network(job.network), run.recipe, self.recorder.streams(), run.steps_per_epoch
            )
        )
        self.recorder.restore(self.here.probes)
        self._wishes = Wishes(control, self._obey)
        self._wishes.paused = self.here.paused
        self._pace = Pace(
            total_steps=run.total_steps,
            steps_per_epoch=run.steps_per_epoch,
            batch_size=run.recipe.batch_size,
            seconds=self.here.seconds,
        )
        self._quick = Governor(QUICK_HERTZ, QUICK_SHARE)
        self._quick.spent(0.0)
        self._sample: Tensor | None = None
        """Positions in the training part of the images that stand for it; found at the first epoch's end."""
        self._showing: dict[Split, Governor] = {}
        self._passes: Counter[Split] = Counter()
        """Seconds that passes over each part have taken in this attempt."""
        self._seconds_before = self.here.seconds
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        self._exits.enter_context(self.recorder)
        self.recorder.add(self._started())
        if self._wish:
            self._tell("continued", self._wish)
        elif self._job.attempt > 1:
            self._tell("restarted", f"Went on from step {self.here.step:,} after a break.")
        if self.here.paused:
            self._tell("paused", f"Still paused at step {self.here.step:,}.")
        self.recorder.send()
        self._pace.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._tell_why(error)
            self.recorder.send()  # what was seen up to the failure
        self._exits.close()

    def _tell_why(self, error: BaseException) -> None:
        if isinstance(error, Failure) and self.recorder.doctor is not None:
            self.recorder.send()  # the doctor sees the rows on their way
            for alert in self.recorder.doctor.broke_off(error.record(self.here.step)):
                self.recorder.add(alert)

    @property
    def scene(self) -> Scene:
        """What the probes look at."""
        return self._scene

    def back_to(self, step: int) -> None:
        """The run stands at this step: those after it were in vain."""
        self.here.step = step

    def warn(self, message: str) -> None:
        """A sentence for the user, among the run's events."""
        self._tell("warning", message)

    @property
    def epoch_ended(self) -> bool:
        """The next step would begin a new epoch, or the run is at its end."""
        return self.here.step > 0 and self.here.step % self._run.steps_per_epoch == 0

    def is_over(self) -> bool:
        """All epochs are trained, or a rule of the recipe ends the run; to be asked after an epoch's evaluation."""
        self._follow()
        if self.here.taken_up < len(self._run.continued):
            return False
        return self.here.step >= self._run.total_steps or self._standing.reason is not None

    def asked_to_stop(self) -> bool:
        """Takes in what the user wishes, and stands still as long as that is wished."""
        self._wishes.read()
        self._save_as_wished()
        if self._wishes.paused and not self.here.paused:
            self.here.paused = True
            self._tell("paused", f"Paused at step {self.here.step:,}.")
            self._save()
        if self._wishes.standing:
            self._stand_still()
        if self.here.paused and not self._wishes.paused and not self._wishes.stop:
            self.here.paused = False
            self._tell("resumed", f"Resumed at step {self.here.step:,}.")
            self._save()
        return self._wishes.stop

    def step_done(self, rate: float) -> None:
        """Counts a step and does what its time has come for: progress, checkpoint, a quick look at validation."""
        self.here.step += 1
        self._wishes.single_steps = max(0, self._wishes.single_steps - 1)
        now = perf_counter()
        if self._pace.due(now):
            maps = self.recorder.turns["FeatureMapProbe"]
            spent = self.recorder.spent
            step = self.here.step
            self.recorder.add(self._pace.progress(now=now, step=step, rate=rate, telemetry=spent, maps=maps))
        self._standing = judge_time(self._standing, self._run.recipe, seconds=self._pace.seconds())
        if self._store.due(now, self.epoch_ended):
            self._save("Saved")
        if self._quick.due(now) and not self.epoch_ended:
            self._validate_quickly()

    def validate(self) -> bool:
        """All validation images and a sample of the training ones, at the end of an epoch or of the run; False if the
        user stopped it."""
        run, step = self._run, self.here.step
        score = self._evaluate("validation", run.data.validation)
        if score is None:
            return False
        self._add_validation(score, sample=0.0)
        self.here.validation_accuracy = score.accuracy
        epoch = -(-step // run.steps_per_epoch)  # one that a rule cut short counts
        self._judge(score, epoch)
        if self.epoch_ended:
            self._tell(
                "epoch", f"Epoch {epoch}: {score.accuracy:.1%} of the validation images are right.", float(epoch)
            )
        self.recorder.send()
        return self._look_at_training_part(step / run.steps_per_epoch)

    def _keep(self, folder: Path) -> None:
        """Keep the network as it is, so that it can be asked when the run is over."""
        scene, network = self._scene, self._run.network
        choice = scene.choice.state()
        content = as_bytes(self._job, network, step=self.here.step, choice=choice, watched=scene.watched)
        NetworkFolder(folder).add(self._job.run, content)

    def finish(self, kept: Path | None = None) -> None:
        """The last records: what the test set says, or, after a stop, what is known. The network stays in `kept`."""
        run, step = self._run, self.here.step
        test = None
        if not self._wishes.stop and (self.epoch_ended or self.validate()):
            if self._standing.reason:
                self._tell("rule", self._standing.words)
            self._save()  # the run may be gone on with, from its last weights
            self._scene.over = True
            self.recorder.last_look()
            self._end_with_best()
            test = self._evaluate("test", run.data.test)
        else:
            self._save()
            self._scene.over = True
            self.recorder.last_look()
        if kept is not None:
            self._keep(kept)
        self.recorder.add(
            Finished(
                step=step,
                reason="stopped" if test is None else self._standing.reason or "completed",
                words="" if test is None else self._standing.words,
                seconds=self._pace.seconds(),
                test_loss=test and test.loss,
                test_accuracy=test and test.accuracy,
                test_top5_error=test and test.top5_error,
                validation_accuracy=self.here.validation_accuracy,
                best_step=self._standing.best_step,
                best_epoch=self._standing.best_epoch,
                restored=self._restored,
            )
        )
        self.recorder.send()

    def _stand_still(self) -> None:
        """Paused: nothing moves, but whoever changes something, or wants a checkpoint, sees it at once."""
        self._pace.stop()
        self.recorder.send()
        while self._wishes.standing:
            self._wishes.wait(0.25)
            self._save_as_wished()
            self.recorder.answer()
            self.recorder.send()
        self._pace.start()
        self.recorder.hurry()  # a step by hand is looked at in full

    def _save_as_wished(self) -> None:
        if self._wishes.save:
            self._wishes.save = False
            self._save("Saved by hand")

    def _obey(self, command: Command) -> None:
        if command.kind == "learning_rate":
            if command.value is None or not 0 <= command.value <= 100:
                self._tell("warning", f"A learning rate of {command.value} was refused; it must be from 0 to 100.")
                return
            self.rate.by_hand = self.here.rate_by_hand = command.value
            self._tell("learning_rate", f"Learning rate set to {command.value:g} by hand.", command.value)
        elif command.kind == "probe":
            refused = self._scene.choose(command)
            if refused:
                self._tell("warning", refused)
                return
            self.here.probe_choice = self._scene.choice.state()
        self.recorder.command(command)
        if command.kind == "watch":
            labels = {step.id: step.label for step in self._run.network.steps}
            shown = [f"“{labels[layer]}”" for layer in command.layers if layer in labels]
            self._tell("watch", f"Showing the feature maps of {', '.join(shown) or 'no layer'}.")

    def _save(self, message: str | None = None) -> None:
        """The rows up to here are sent first, so that what is stored reaches to where a new attempt goes on."""
        if not self._store.keeps or self._restored:
            return  # what is in the network then is not what the run goes on from
        if message:
            self._tell("checkpoint", f"{message} at step {self.here.step:,}.")
        self.recorder.send()
        if self.recorder.steps.broke_at is not None:
            return  # steps after it were in vain; the loop ends with its next look
        self._settle()
        self.here.seconds, self.here.probes = self._pace.seconds(), self.recorder.state()
        self.here.standing = asdict(self._standing)
        self._store.save(self.here, self._run.network, self._run.optimiser)

    def _evaluate(self, split: Split, part: Part, sample: Tensor | None = None) -> Score | None:
        """A pass over a part, with its records; None if the user stopped it.

        sample: positions of the images in the part, where only some of it are given.
        """
        run, step = self._run, self.here.step
        start = self._pace.seconds()
        score = evaluate(run.network, run.data, part, give_up=self.asked_to_stop)
        if score is None:
            return None
        now = self._pace.seconds()
        self._passes[split] += now - start
        whole = len(getattr(run.data, split))
        share = self._passes[split] / max(now - self._seconds_before, 1e-9)
        record = score.message(step, split, part=whole, seconds=now - start, time_share=min(1.0, share))
        self.recorder.add(record, score.payload())
        self._show_mistakes(split, score, part, sample)
        return score

    def _show_mistakes(self, split: Split, score: Score, part: Part, sample: Tensor | None) -> None:
        """Where their time has come: of the first epoch, of the last, and of as many between as cost little."""
        governor = self._showing.setdefault(split, Governor(MISTAKES_HERTZ, MISTAKES_SHARE))
        start = perf_counter()
        if not governor.due(start) and self.here.step < self._run.total_steps:
            return
        positions = set_positions(self._run.data.record, split)
        positions = positions if sample is None else positions[sample.cpu()]
        self.recorder.add(*mistakes(score.answers, part.images, positions, step=self.here.step, split=split))
        cost = perf_counter() - start
        self.recorder.spent += cost
        governor.spent(cost)

    def _look_at_training_part(self, epoch: float) -> bool:
        """The fixed sample that stands for the training part, so that its errors compare with the held-out ones."""
        if self._sample is None:
            self._sample = training_sample(self._run.data)
        score = self._evaluate("train", self._run.data.train.pick(self._sample), self._sample)
        if score is None:
            return False
        self.recorder.training.add(self.here.step, [score.loss, score.accuracy, score.top5_error, epoch])
        self.recorder.send()
        return True

    def _take_up(self, wishes: int) -> str:
        """Follow the wishes to go on up to this number; gives the last one in words, "" where there is none."""
        if self.here.taken_up >= wishes:
            return ""
        self.here.taken_up = wishes
        self._standing = go_on(self._standing, seconds=self.here.seconds)
        return f"Gone on with at step {self.here.step:,}, to the end of epoch {self._run.epochs_after(wishes)}."

    def _follow(self) -> None:
        """A run that began anew comes to where its user went on with it; till then no rule ends it."""
        while self.here.taken_up < len(self._run.continued):
            self._standing = replace(self._standing, reason=None, words="")
            wish = self._run.continued[self.here.taken_up]
            if self.here.step < min(wish.step, self.rate.total_steps):
                break
            self.here.seconds = self._pace.seconds()
            self._tell("continued", self._take_up(self.here.taken_up + 1))
            self.rate.total_steps = self._run.steps_per_epoch * wish.epochs

    def _judge(self, score: Score, epoch: int) -> None:
        step, recipe = self.here.step, self._run.recipe
        self._standing = judge(self._standing, recipe, step=step, epoch=epoch, loss=score.loss, accuracy=score.accuracy)
        if self._standing.best_step == step and keeps_best(recipe):
            self._store.keep_best(self._run.network)

    def _end_with_best(self) -> None:
        best = self._standing
        if not ends_with_best(best, self._run.recipe) or best.best_step == self.here.step:
            return
        self._restored = True
        self._run.network.load_state_dict(self._store.best)
        self.here.validation_accuracy = best.best_accuracy

    def _validate_quickly(self) -> None:
        self.recorder.stand_still()
        start = perf_counter()
        part = self._run.data.validation
        few = Part(part.images[:QUICK_IMAGES], part.labels[:QUICK_IMAGES])
        score = evaluate(self._run.network, self._run.data, few)
        assert score is not None
        self._add_validation(score, sample=float(len(few) < len(part)))
        self._quick.spent(perf_counter() - start)

    def _add_validation(self, score: Score, sample: float) -> None:
        epoch = self.here.step / self._run.steps_per_epoch
        self.recorder.validation.add(self.here.step, [score.loss, score.accuracy, score.top5_error, sample, epoch])

    def _tell(self, name: EventName, message: str, value: float | None = None) -> None:
        self.recorder.add(Event(step=self.here.step, name=name, message=message, value=value, time=time()))

    def _started(self) -> Started:
        run, recipe = self._run, self._run.recipe
        return Started(
            attempt=self._job.attempt,
            first_step=self.here.step,
            steps_per_epoch=run.steps_per_epoch,
            total_steps=run.total_steps,
            epochs=run.epochs,
            batch_size=recipe.batch_size,
            device=describe(run.device),
            threads=self.here.threads,
            torch=torch.__version__,
            dead_window=recipe.dead_window,
            streams=self.recorder.streams(),
            layers=layer_infos(run.network.plan),
            probes=self._scene.probes,
        )
