"""train(job): the training loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch import Tensor
from torch.nn import functional

from playground.protocol import Job
from worker.diagnose import not_a_number
from worker.graphs import carried_out
from worker.observer import observer_of
from worker.optimise import Update
from worker.prepare import prepare
from worker.probes import Moment
from worker.recordable import Watching
from worker.recorder import Emit
from worker.session import Session
from worker.wishes import Control, NoControl


def train(
    job: Job,
    *,
    emit: Emit,
    control: Control | None = None,
    checkpoints: Path | None = None,
    settle: Callable[[], object] = lambda: None,
    on_step: Callable[[int, int], None] = lambda done, total: None,
    kept: Path | None = None,
    observed: bool = False,
) -> None:
    """Trains a job to its end and tells all about it.

    emit: takes the encoded records of one packet. control: where commands come from. checkpoints: folder to go on from
    and to save in; None keeps nothing. settle: waits until all that was emitted is safe, before each checkpoint.
    on_step: called with the updates done and to do, after each and where a checkpoint is gone on from. kept: folder
    where the network stays after the end; None keeps it not. observed: pictures may be drawn by a process of their own.
    Raises Failure.
    """
    run = prepare(job)
    network = run.network
    surroundings = Session(
        job,
        run,
        emit=emit,
        control=control or NoControl(),
        checkpoints=checkpoints,
        settle=settle,
        observer=observer_of(job, run) if observed else None,
    )
    with surroundings as session:
        here, recorder = session.here, session.recorder
        update = Update(run.optimiser, recorder.steps.broken)

        def learn(images: Tensor, labels: Tensor, *, step: int, rate: float | Tensor, seen: Watching) -> Moment:
            """One step; images [b, c, h, w] float32, labels [b] int64."""
            with run.precision():
                scores = network(images)  # [b, classes]
            seen.after_forward(step)
            loss = total = functional.cross_entropy(scores.float(), labels)
            for head in network.auxiliary:  # none in most networks
                total = total + head.weight * functional.cross_entropy(head.scores.float(), labels)
            update.forget_gradients()
            total.backward()

            moment = Moment(step, rate, loss.detach(), scores.detach(), labels)
            seen.before_update(moment)
            if not recorder.steps.last_is_finite():
                raise not_a_number(network, images, step=step, rate=float(rate))
            update.step(rate)
            return moment

        def back_to(step: int) -> None:
            session.back_to(step)
            on_step(step, run.total_steps)

        if here.step:  # gone on with: whoever counts begins there
            on_step(here.step, run.total_steps)
        network.train()
        with carried_out(run, session, learn, update, back_to) as take_step:
            while not session.asked_to_stop():
                take_step.check(wait=session.epoch_ended)
                if session.epoch_ended and not session.validate():
                    break
                if session.is_over():
                    break

                rate = session.rate.at(here.step)
                moment = take_step(here.step, rate)
                recorder.after_update(moment)
                session.step_done(rate)
                on_step(here.step, run.total_steps)
                recorder.draw()
            take_step.check(wait=True)
            session.finish(kept)
