"""The user's commands to a run: checked here, kept until the job has them, sent by the worker's connection."""

from __future__ import annotations

import base64
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from playground.protocol import MOST_IMAGE_BYTES, Command, Order
from webapp.datasets.services import run_dataset
from webapp.problems import Refusal
from webapp.runs import connections
from webapp.runs.continuing import withdraw
from webapp.runs.leases import queue_moved
from webapp.runs.looks import QUESTIONS, why_silent
from webapp.runs.models import ENDED, HELD, Run, RunOrder, RunState
from webapp.runs.rates import check_rate
from webapp.telemetry.hub import hub

MOST_WAITING = 200
"""Commands of one run that wait for its worker."""
MOST_WATCHED = 32


@transaction.atomic
def command_send(*, run: Run, command: Command) -> bool:
    """Hand a command on; whether viewers heard of it: an image to look at changes nothing of the run. Raises Refusal
    (409, or 422 for a value out of range) with what to do instead."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    _check_state(run, command)
    _check_value(run, command)
    if command.kind == "stop":
        _stop(run)
    if command.kind == "watch" and run.state not in ENDED:
        run.watched = command.layers
        run.save(update_fields=["watched"])
    if run.state in HELD or (run.state in ENDED and command.kind in QUESTIONS):
        if command.image is not None or (command.kind == "probe" and command.value is not None):
            run.orders.filter(command__kind="probe").delete()  # what nobody has looked at yet is not looked at any more
        RunOrder.objects.create(run=run, command=command.model_dump(exclude_defaults=True))
        transaction.on_commit(partial(connections.wake, run.worker_id))
    tells = command.kind != "probe"
    if tells:
        transaction.on_commit(partial(hub.announce, run.pk))
    return tells


def _stop(run: Run) -> None:
    """A waiting run stops at once; one that is trained stops when its job says so, or when its lease ends."""
    if run.state not in HELD:
        queue_moved()
    if run.waits_to_go_on:
        withdraw(run)
        return
    run.stop_requested = True
    if run.state not in HELD:
        run.state, run.ended = RunState.STOPPED, timezone.now()
    run.save(update_fields=["stop_requested", "state", "ended"])


def _check_state(run: Run, command: Command) -> None:
    if run.state in ENDED and command.kind in QUESTIONS:
        if silent := why_silent(run):
            raise _conflict(silent)
        _check_waiting(run)
        return
    if run.state in ENDED:
        raise _conflict(f"This run has {_ENDINGS[run.state]}. Train more epochs to go on with it, or train again.")
    if command.kind in ("stop", "watch"):
        return
    if run.state not in HELD:
        raise _conflict("This run waits for a worker. Wait until it trains, or stop it.")
    if run.state == RunState.LEASED:
        raise _conflict("This run is just starting. Try again in a moment.")
    if command.kind == "pause" and run.state == RunState.PAUSED:
        raise _conflict("This run is paused already. Resume it, or train a single step.")
    if command.kind in ("resume", "step") and run.state != RunState.PAUSED:
        raise _conflict("This run is not paused. Pause it first.")
    _check_waiting(run)


def _check_waiting(run: Run) -> None:
    if run.orders.count() >= MOST_WAITING:
        raise _conflict("Too many commands wait for this run's worker. Wait until it answers.")


_ENDINGS = {
    RunState.FINISHED: "finished",
    RunState.FAILED: "failed",
    RunState.STOPPED: "been stopped",
}


def _check_value(run: Run, command: Command) -> None:
    started = run.started or {}
    match command.kind:
        case "learning_rate":
            check_rate(command.value)
        case "watch":
            known = {layer["id"] for layer in started.get("layers", [])}
            if len(command.layers) > MOST_WATCHED:
                raise _out_of_range(
                    f"{len(command.layers)} layers are too many. Watch at most {MOST_WATCHED}.", "layers"
                )
            for layer in command.layers:
                if len(layer) > 200 or (known and layer not in known):
                    raise _out_of_range(
                        f"There is no layer '{layer[:60]}' in this run. Choose one of its own.", "layers"
                    )
        case "probe":
            _check_probe(run, command, len(started.get("probes", [])))


def _check_probe(run: Run, command: Command, count: int) -> None:
    dataset = run_dataset(run)
    if command.target is not None and command.target not in range(len(dataset.classes)):
        raise _out_of_range(f"There is no class {command.target} in this run's data set.", "target")
    if command.image is not None:
        if command.value is not None:
            raise _out_of_range("Give a probe image or the number of one, not both.", "image")
        _check_image(command.image, dataset.shape)
        return
    if command.value is None and command.target is not None:
        return  # another class is followed back, from the same image
    if command.value not in range(count):
        raise _out_of_range(f"There is no probe image {command.value}. Choose one from 0 to {count - 1}.", "value")


def _check_image(image: str, shape: tuple[int, int, int]) -> None:
    """An image given by hand has exactly the bytes that the network takes."""
    try:
        size = len(base64.b64decode(image, validate=True))
    except ValueError:
        raise _out_of_range("The probe image is not base64. Send its bytes in that form.", "image") from None
    channels, height, width = shape
    wanted = channels * height * width
    if size != wanted:
        raise _out_of_range(
            f"The probe image has {size:,} bytes; the network takes {wanted:,}, one for each value of "
            f"{channels}×{height}×{width}.",
            "image",
        )
    if size > MOST_IMAGE_BYTES:
        raise _out_of_range(f"An image given by hand has at most {MOST_IMAGE_BYTES:,} bytes.", "image")


def _conflict(message: str) -> Refusal:
    return Refusal(409, "not_now", message)


def _out_of_range(message: str, path: str) -> Refusal:
    return Refusal(422, "out_of_range", message, path)


# For the worker's connection


def orders_waiting(*, worker_id: int, after: int) -> list[Order]:
    """Commands with a number above `after` for the runs that this worker holds, or whose network it keeps."""
    held = Q(run__state__in=HELD)
    ended = Q(run__state__in=ENDED, run__in=connections.remembered_by(worker_id), command__kind__in=QUESTIONS)
    waiting = RunOrder.objects.filter(held | ended, run__worker_id=worker_id, pk__gt=after)
    return [
        Order(run=order.run_id, lease=order.run.lease, number=order.pk, command=Command.model_validate(order.command))
        for order in waiting.select_related("run")
    ]


def orders_obeyed(*, run_id: str, lease: int, worker_id: int, number: int) -> None:
    """The job has been handed every command up to this number."""
    RunOrder.objects.filter(run_id=run_id, run__lease=lease, run__worker_id=worker_id, pk__lte=number).delete()
