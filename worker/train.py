"""train(job): the training loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch.nn import functional

from playground.protocol import Job
from worker.data import batches
from worker.diagnose import not_a_number
from worker.observer import observer_of
from worker.optimise import Update
from worker.prepare import prepare
from worker.probes import Moment
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
    on_step: called with the updates done and to do. kept: folder where the network stays after the end; None keeps it
    not. observed: pictures may be drawn by a process of their own. Raises Failure.
    """
    run = prepare(job)
    recipe, network = run.recipe, run.network
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
        batch = batches(run.data, seed=recipe.seed, step=here.step, batch_size=recipe.batch_size)
        update = Update(run.optimiser)
        network.train()
        while not session.asked_to_stop():
            if session.epoch_ended and not session.validate():
                break
            if session.is_over():
                break

            images, labels = next(batch)  # [b, c, h, w] float32, [b] int64
            with run.precision():
                scores = network(images)  # [b, classes]
            recorder.after_forward(here.step)
            loss = total = functional.cross_entropy(scores.float(), labels)
            for head in network.auxiliary:  # none in most networks
                total = total + head.weight * functional.cross_entropy(head.scores.float(), labels)
            update.forget_gradients()
            total.backward()

            rate = session.rate.at(here.step)
            moment = Moment(here.step, rate, loss.detach(), scores.detach(), labels)
            recorder.before_update(moment)
            if not recorder.steps.last_is_finite():
                raise not_a_number(network, images, step=here.step, rate=rate)
            update.step(rate)
            recorder.after_update(moment)
            session.step_done(rate)
            on_step(here.step, run.total_steps)
        session.finish(kept)
