"""Going on with a run that has ended: what it would do in words, the wish itself, and taking it back.

The frozen recipe is never changed. A wish is kept beside it with its step, so that recipe and wishes together say what
was trained; the run waits in the queue again and becomes a new attempt of the same run, with the same curves.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from playground.fields import describe
from playground.protocol import Outlook
from playground.recipe import Recipe
from playground.schedule import rate_at
from webapp.datasets.services import images_gone
from webapp.problems import Refusal
from webapp.quotas import check_runs
from webapp.runs import connections, leases
from webapp.runs.models import ENDED, Run, RunEvent, RunOrder, RunState
from webapp.runs.rates import check_rate
from webapp.telemetry.hub import hub

MOST_EPOCHS = int(next(spec.maximum or 1 for spec in describe(Recipe) if spec.name == "epochs"))


def outlook(run: Run, epochs: int | None = None, rate: float | None = None) -> Outlook:
    """What training so many more epochs would do, with the schedule's rate or one set by hand.

    Raises Refusal (422) for a number of epochs or a rate out of range.
    """
    blocked = _blocked(run)
    recipe = Recipe.model_validate(run.recipe)
    before = run.continued[-1]["epochs"] if run.continued else recipe.epochs
    steps = max(1, (run.started or {}).get("steps_per_epoch", 1))
    done = run.step // steps
    most = MOST_EPOCHS - done
    if blocked is None and most < 1:
        blocked = f"A run has at most {MOST_EPOCHS} epochs, and this one has them. Train again to start a new one."
    if epochs is None:
        epochs = max(1, min(before - done if before > done else recipe.epochs, most))
    elif blocked is None and not 1 <= epochs <= most:
        message = f"{epochs} more epochs cannot be trained. Give a number from 1 to {most}."
        raise Refusal(422, "out_of_range", message, "epochs")
    total = done + epochs
    found = connections.keeper_of(run.pk, run.attempt)
    start = found[1].step if found else 0
    by_hand = rate if rate is not None else _rate_by_hand(run) if found else None
    if rate is not None:
        check_rate(rate, "rate")
    first = by_hand if by_hand is not None else rate_at(recipe, start, (total if found else before) * steps)
    words = [] if blocked else [
        _place(run, start, steps, total) if found else _anew(run, total),
        _rate_words(run, recipe, start if found else run.step, before, total, steps, by_hand, rate is not None),
        *_rule_words(run, recipe, anew=found is None),
    ]  # fmt: skip
    return Outlook(
        blocked=blocked,
        epochs=epochs,
        most=max(1, most),
        total_epochs=total,
        from_step=start,
        anew=found is None,
        rate=first,
        words=[sentence for sentence in words if sentence],
    )


@transaction.atomic
def run_continue(*, run: Run, epochs: int, rate: float | None = None, anew: bool = False) -> None:
    """Queue the run again. Raises Refusal (409, 422 or 429) with what to do instead."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    then = outlook(run, epochs, rate)
    if then.blocked:
        raise Refusal(409, "not_now", then.blocked)
    if then.anew and not anew:
        raise Refusal(409, "no_checkpoint", then.words[0])
    check_runs(run.experiment.owner)
    found = connections.keeper_of(run.pk, run.attempt)
    wish = {"step": run.step, "epochs": then.total_epochs, "attempt": run.attempt + 1}
    run.continued = [*run.continued, wish]
    run.state, run.ended, run.queued = RunState.QUEUED, None, timezone.now()
    run.stop_requested, run.attempts_without_progress = False, 0
    run.worker, run.lease_expires, run.keeper_id = None, None, found[0] if found else None
    run.save()
    run.orders.all().delete()
    if rate is not None:
        RunOrder.objects.create(run=run, command={"kind": "learning_rate", "value": rate})
    transaction.on_commit(partial(hub.announce, run.pk))
    leases.queue_changed()


def withdraw(run: Run) -> None:
    """A run that waits to be gone on with is what it was before; within the caller's transaction."""
    finished = run.finished or {}
    run.continued = run.continued[:-1]
    run.state = (
        RunState.FAILED
        if run.failed
        else RunState.STOPPED
        if finished.get("reason", "stopped") == "stopped"
        else RunState.FINISHED
    )
    run.ended, run.keeper = timezone.now(), None
    run.save(update_fields=["continued", "state", "ended", "keeper"])
    run.orders.all().delete()


def _blocked(run: Run) -> str | None:
    if run.state not in ENDED:
        if run.waits_to_go_on:
            return "This run waits to be gone on with already. Take it out of the queue to ask for something else."
        return "This run has not ended yet. Wait for its end, or stop it first."
    if run.started is None:
        return (
            "This run ended before its first step, so there is nothing to go on with. Train again to start a new one."
        )
    if images_gone(run):
        return "The images that this run was trained on were deleted or have changed, so it cannot go on."
    return None


def _place(run: Run, start: int, steps: int, total: int) -> str:
    where = f"the end of epoch {start // steps}" if start and start % steps == 0 else f"in epoch {start // steps + 1}"
    words = f"Goes on from step {start:,} ({where}) to the end of epoch {total}, as if it had never ended."
    if start < run.step:
        words += f" Its last checkpoint is of step {start:,}: what came after is trained again."
    if run.failed and run.failed.get("code") == "not_a_number":
        words += " At the same rate it would fail again in the same way: give a lower one."
    return words


def _anew(run: Run, total: int) -> str:
    name = run.worker.name if run.worker else ""
    who = f"The worker {name} may have this run's checkpoint, but it is not connected. Start it and look again"
    if not name or run.worker_id in connections.connected():
        who = "No worker has this run's checkpoint any more. Workers keep them for a limited time"
    return (
        f"{who}; or begin again: all {total} epochs are trained anew from the first step with the same seed. On the "
        "processor that gives the same curve as before."
    )


def _rate_words(
    run: Run, recipe: Recipe, step: int, before: int, total: int, steps: int, by_hand: float | None, asked: bool
) -> str:
    if asked:
        return f"The rate is set by hand to {by_hand:g} and stays there."
    if by_hand is not None:
        return f"The rate was set by hand to {by_hand:g} and stays there."
    if recipe.schedule == "constant":
        same = ": what a run of that many epochs gives from the start" if not recipe.warmup_steps else ""
        return f"The rate stays {recipe.learning_rate:g}{same}."
    ended = (
        rate_at(recipe, step, before * steps) if step < before * steps else rate_at(recipe, step - 1, before * steps)
    )
    then = rate_at(recipe, step, total * steps)
    if before == total:
        return f"The {recipe.schedule} schedule goes on as planned, with a rate of {then:.3g}."
    return (
        f"From step {step:,} on the {recipe.schedule} schedule is stretched over all {total} epochs: the rate goes "
        f"from {ended:.3g} to {then:.3g} and on from there. A run of {total} epochs from the start has other rates "
        "until then, and so another curve."
    )


def _rule_words(run: Run, recipe: Recipe, *, anew: bool) -> list[str]:
    words = []
    finished = run.finished or {}
    if anew and _rate_by_hand(run) is not None:
        words.append("Rates that were set by hand are not set again.")
    if finished.get("restored"):
        words.append(
            f"It goes on from its last weights, not from those of epoch {finished.get('best_epoch')}, the best."
        )
    if recipe.early_stop != "off":
        words.append("Early stop counts its patience anew from there.")
    if recipe.target_accuracy and finished.get("reason") == "target":
        words.append("The target was reached, so it ends the run no more.")
    if recipe.time_limit:
        words.append(f"The time limit of {recipe.time_limit:g} min begins anew.")
    return words


def _rate_by_hand(run: Run) -> float | None:
    """The rate that was set last by hand and still counts."""
    firsts: dict[int, int] = {entry["attempt"]: entry["first_step"] for entry in run.attempts}
    told = RunEvent.objects.filter(run=run, kind="event", data__name="learning_rate").order_by("-id")[:50]
    for event in told:
        if not any(attempt > event.attempt and event.step > first for attempt, first in firsts.items()):
            data: dict[str, Any] = event.data
            return data.get("value")
    return None
