"""Rules that end a run: each by its figures alone, counted anew when the user goes on."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.recipe import Recipe
from playground.stopping import Standing, ends_with_best, go_on, judge, judge_time, keeps_best


def after(
    recipe: Recipe, *losses: float, accuracies: tuple[float, ...] = (), start: Standing | None = None
) -> Standing:
    """Evaluations at the ends of epochs of 10 steps, until a rule ends the run."""
    now = start or Standing()
    first = 0 if start is None else start.judged // 10
    for number, loss in enumerate(losses, first + 1):
        accuracy = accuracies[number - first - 1] if accuracies else 0.5
        now = judge(now, recipe, step=10 * number, epoch=number, loss=loss, accuracy=accuracy)
        if now.reason:
            break
    return now


def test_without_rules_nothing_ends_but_the_best_is_known() -> None:
    now = after(Recipe(), 3, 2, 1, 4, 5, 6, 7)
    assert (now.reason, now.best, now.best_step, now.best_epoch) == (None, 1, 30, 3)


def test_patience_counts_evaluations_in_a_row_without_a_gain() -> None:
    recipe = Recipe(early_stop="loss", patience=2)
    assert after(recipe, 3, 2, 2.5, 1.9, 2, 2).judged == 60
    assert after(recipe, 3, 2, 2.5, 1.9, 2).reason is None
    assert after(recipe, 3, 3, 3).reason == "early_stop", "the same again is no gain"


def test_small_gains_do_not_count_but_make_the_best() -> None:
    now = after(Recipe(early_stop="loss", patience=3, least_gain=0.5), 2, 1.9, 1.8, 1.7)
    assert now.reason == "early_stop" and now.best_epoch == 4
    assert now.words == (
        "Early stop: the held-out loss has not fallen by 0.5 or more in 3 epochs. "
        "The best was epoch 4, a loss of 1.7, whose weights the run ends with."
    )
    assert after(Recipe(early_stop="loss", patience=3, least_gain=0.5), 2, 1.75, 1.5, 1.4).reason is None


def test_accuracy_may_be_watched_in_place_of_the_loss() -> None:
    recipe = Recipe(early_stop="accuracy", patience=1, restore_best=False)
    now = after(recipe, 3, 2, 1, accuracies=(0.5, 0.75, 0.75))
    assert (now.reason, now.best, now.best_epoch) == ("early_stop", 0.75, 2)
    assert now.words == "Early stop: the held-out accuracy has not risen in 1 epoch. The best was epoch 2, 75.0% right."


def test_figures_that_are_no_number_are_no_gain() -> None:
    now = after(Recipe(early_stop="loss", patience=2), math.nan, math.inf)
    assert (now.reason, now.best, now.best_step) == ("early_stop", None, None)
    assert not ends_with_best(now, Recipe(early_stop="loss"))


def test_an_evaluation_that_is_repeated_after_a_restart_counts_once() -> None:
    recipe = Recipe(early_stop="loss", patience=2)
    now = after(recipe, 1, 2)
    assert judge(now, recipe, step=20, epoch=2, loss=2, accuracy=0.5) == now
    over = after(recipe, 1, 2, 3)
    assert judge(over, recipe, step=30, epoch=3, loss=3, accuracy=0.5).reason == "early_stop", "it ends again"


def test_a_target_ends_the_run_and_is_spent_when_the_user_goes_on() -> None:
    recipe = Recipe(target_accuracy=90)
    now = after(recipe, 1, 1, 1, accuracies=(0.8, 0.9, 0.95))
    assert now.reason == "target" and now.judged == 20
    assert now.words == (
        "Target reached: 90.0% of the held-out images are right after epoch 2, and the recipe asks for 90%."
    )
    assert after(recipe, 1, 1, accuracies=(0.95, 0.96), start=go_on(now, seconds=9)).reason is None


def test_patience_begins_anew_when_the_user_goes_on_and_the_best_stays() -> None:
    recipe = Recipe(early_stop="loss", patience=2)
    now = go_on(after(recipe, 1, 2, 3), seconds=5)
    assert after(recipe, 4, 5, start=now).reason is None
    later = after(recipe, 4, 5, 6, start=now)
    assert (later.reason, later.best_epoch, later.judged) == ("early_stop", 1, 60)


def test_the_clock_runs_from_the_start_or_from_where_the_user_went_on() -> None:
    recipe = Recipe(time_limit=1)
    assert judge_time(Standing(), recipe, seconds=59.9).reason is None
    over = judge_time(Standing(), recipe, seconds=60)
    assert (over.reason, over.words) == ("time", "Time limit: 1 minute of training is over.")
    assert judge_time(go_on(over, seconds=60), recipe, seconds=119).reason is None
    assert judge_time(Standing(), Recipe(), seconds=1e9).reason is None
    assert judge(over, Recipe(target_accuracy=1), step=10, epoch=1, loss=1, accuracy=1).reason == "time"


@pytest.mark.parametrize(("reason", "ends"), [(None, True), ("early_stop", True), ("time", True), ("target", False)])
def test_which_runs_end_with_the_best_weights(reason: str | None, ends: bool) -> None:
    now = Standing(best=1, best_step=10, reason=reason)  # type: ignore[arg-type]
    recipe = Recipe(early_stop="loss")
    assert keeps_best(recipe) and ends_with_best(now, recipe) is ends
    assert not ends_with_best(now, Recipe()) and not ends_with_best(now, Recipe(early_stop="loss", restore_best=False))


@given(
    losses=st.lists(st.floats(0, 10) | st.just(math.nan), min_size=1, max_size=40),
    patience=st.integers(1, 5),
    gain=st.sampled_from([0.0, 0.1, 1.0]),
    cut=st.integers(0, 40),
)
def test_the_rule_agrees_with_its_definition_and_survives_a_checkpoint(
    losses: list[float], patience: int, gain: float, cut: int
) -> None:
    """The definition, looked at backwards: the first evaluation at which the last `patience` ones gained nothing."""
    recipe = Recipe(early_stop="loss", patience=patience, least_gain=gain)
    mark, since, expected = None, 0, None
    for index, loss in enumerate(losses):
        if not math.isnan(loss) and (mark is None or (mark - loss > 0 and mark - loss >= gain)):
            mark, since = loss, 0
        else:
            since += 1
        if since == patience:
            expected = index
            break
    now = Standing()
    for index, loss in enumerate(losses):
        if index == cut:
            now = Standing(**json.loads(json.dumps(dataclasses.asdict(now))))
        now = judge(now, recipe, step=index, epoch=index, loss=loss, accuracy=0.5)
        if now.reason:
            break
    assert (now.judged if now.reason else None) == expected
