"""Rules of the recipe that end a run before its last epoch. Pure: what is known goes in, what is known now comes out.

An evaluation is the pass over all held-out images at the end of an epoch. All but the time rule depend on nothing but
the figures, so that a run that was killed and goes on ends where it would have ended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from playground.recipe import Recipe

Reason = Literal["early_stop", "target", "time"]


@dataclass(frozen=True)
class Standing:
    """What the rules remember between two evaluations; plain values, so that it fits into a checkpoint."""

    best: float | None = None
    """The best held-out figure so far: the accuracy (0–1) where the recipe watches it, else the loss."""
    best_step: int | None = None
    best_epoch: int | None = None
    best_accuracy: float | None = None
    """Of that evaluation, whatever is watched."""
    mark: float | None = None
    """The figure that the next one must beat by the least gain."""
    waited: int = 0
    """Evaluations since the mark was set."""
    judged: int = -1
    """Step of the last evaluation that counted: one that is repeated after a restart counts once."""
    clock: float = 0.0
    """Seconds of training that were over when the time rule's clock began."""
    reached: bool = False
    """The target was reached."""
    reason: Reason | None = None
    """The rule that has ended the run; None while it goes on."""
    words: str = ""


def judge(now: Standing, recipe: Recipe, *, step: int, epoch: int, loss: float, accuracy: float) -> Standing:
    """After an evaluation. `accuracy`: 0 to 1. `best_step` of the answer is `step` where this was the best so far."""
    if step <= now.judged:
        return now
    figure = accuracy if recipe.early_stop == "accuracy" else loss
    best_so_far = math.isfinite(figure) and (now.best is None or _gain(now.best, figure, recipe) > 0)
    gain = math.inf if now.mark is None else _gain(now.mark, figure, recipe)
    moved = math.isfinite(figure) and gain > 0 and gain >= recipe.least_gain
    then = replace(
        now,
        judged=step,
        best=figure if best_so_far else now.best,
        best_step=step if best_so_far else now.best_step,
        best_epoch=epoch if best_so_far else now.best_epoch,
        best_accuracy=accuracy if best_so_far else now.best_accuracy,
        mark=figure if moved else now.mark,
        waited=0 if moved else now.waited + 1,
    )
    if now.reason is not None:
        return then
    if recipe.target_accuracy and 100 * accuracy >= recipe.target_accuracy and not now.reached:
        words = (
            f"Target reached: {accuracy:.1%} of the held-out images are right after epoch {epoch}, "
            f"and the recipe asks for {recipe.target_accuracy:g}%."
        )
        return replace(then, reached=True, reason="target", words=words)
    if recipe.early_stop != "off" and then.waited >= recipe.patience:
        return replace(then, reason="early_stop", words=_early_stop(then, recipe))
    return then


def judge_time(now: Standing, recipe: Recipe, *, seconds: float) -> Standing:
    """Between two steps. `seconds`: training time over all attempts, pauses left out."""
    if now.reason is not None or not recipe.time_limit or seconds - now.clock < 60 * recipe.time_limit:
        return now
    verb = "is" if recipe.time_limit == 1 else "are"
    words = f"Time limit: {_count(recipe.time_limit, 'minute')} of training {verb} over."
    return replace(now, reason="time", words=words)


def go_on(now: Standing, *, seconds: float) -> Standing:
    """The user wants more epochs: counting and clock begin again, a target that was reached counts no more.

    The best so far stays the best.
    """
    return replace(now, mark=None, waited=0, clock=seconds, reason=None, words="")


def keeps_best(recipe: Recipe) -> bool:
    """Whether the weights of the best evaluation must be kept."""
    return recipe.early_stop != "off" and recipe.restore_best


def ends_with_best(now: Standing, recipe: Recipe) -> bool:
    """Whether a run that ends now gets the weights of its best epoch back; one that reached its target does not."""
    return keeps_best(recipe) and now.reason != "target" and now.best_step is not None


def _gain(before: float, figure: float, recipe: Recipe) -> float:
    return figure - before if recipe.early_stop == "accuracy" else before - figure


def _early_stop(now: Standing, recipe: Recipe) -> str:
    by_accuracy = recipe.early_stop == "accuracy"
    name, moved = ("accuracy", "risen") if by_accuracy else ("loss", "fallen")
    least = f" by {recipe.least_gain:g} or more" if recipe.least_gain else ""
    words = f"Early stop: the held-out {name} has not {moved}{least} in {_count(recipe.patience, 'epoch')}."
    if now.best is None:
        return words
    best = f"{now.best:.1%} right" if by_accuracy else f"a loss of {now.best:.4g}"
    end = ", whose weights the run ends with" if recipe.restore_best else ""
    return f"{words} The best was epoch {now.best_epoch}, {best}{end}."


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}" if number == 1 else f"{number:g} {what}s"
