"""Every rule on streams of its own: it tells of its fault, once, with the numbers, and of its end; and of no other."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.doctor import REMEDIES, RULES
from playground.protocol import Alert, Failed
from tests.playground.doctor.ward import HEALTHY, Figure, Ward

NAN = math.nan


def rules(alerts: list[Alert]) -> list[str]:
    return [alert.rule.removeprefix("doctor.") + ("" if alert.ended is None else " over") for alert in alerts]


def found(ward: Ward, steps: int, figures: dict[str, Figure], **more: Any) -> Alert:
    (alert,) = ward.train(steps, figures, **more)
    return alert


def test_a_healthy_run_is_left_alone() -> None:
    assert Ward().train(1000, held_out=lambda step: 0.4 + math.exp(-step / 100)) == []


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    loss=st.floats(0.001, 1.5),
    gradient=st.floats(-3, 0),
    update=st.floats(-3.5, -1.5),
    noise=st.floats(0, 0.5),
    rate=st.floats(1e-4, 0.5),
)
def test_flat_noise_around_healthy_figures_is_no_fault(
    seed: int, loss: float, gradient: float, update: float, noise: float, rate: float
) -> None:
    """However the figures of a run stand and jump about, as long as they stand where healthy ones do."""
    chance = random.Random(seed)

    def noisy(value: float) -> Figure:
        return lambda step: value * (1 + noise * (2 * chance.random() - 1))

    figures: dict[str, Figure] = {
        "loss": noisy(loss),
        "gradient_rms": noisy(10**gradient),
        "update_ratio": noisy(10**update),
        "learning_rate": rate,
        "saturated": noisy(0.2),
        "activation_mean": lambda step: noise * (2 * chance.random() - 1),
        "activation_std": noisy(1.0),
    }
    assert Ward(learning_rate=rate).train(300, figures, held_out=noisy(0.04)) == []


def test_a_gradient_that_vanishes_is_told_after_fifty_steps_with_its_layer() -> None:
    ward = Ward()
    assert ward.train(100) == []
    alert = found(ward, 100, {"gradient_rms 1_conv2d": 2e-6})
    assert (alert.rule, alert.since, alert.step, alert.layer) == ("doctor.vanishing", 100, 149, "1_conv2d")
    assert alert.title == "The gradient vanishes before it reaches Conv 3×3 a"
    assert alert.evidence == (
        "Since step 100 the first layers get 2.0×10⁻⁴ of what the last get: 2.0×10⁻⁶ against 0.0100."
    )
    assert alert.fine == "Dense 10 gets its gradient whole."
    assert [remedy.id for remedy in alert.remedies][:2] == ["relu", "batch_norm"]  # there is a tanh
    (over,) = ward.train(100)
    assert (over.id, over.ended, over.step) == (alert.id, 200, 249)


def test_a_short_dip_of_the_gradient_is_no_vanishing() -> None:
    ward = Ward()
    ward.train(100)
    assert ward.train(40, {"gradient_rms 1_conv2d": 2e-6}) == []
    assert ward.train(200) == []


def test_a_loss_that_grows_a_thousandfold_explodes() -> None:
    ward = Ward()
    ward.train(100)
    alerts = ward.train(50, {"loss": lambda step: 0.5 * 10 ** ((step - 100) / 10)})
    assert rules(alerts)[0] == "exploding"
    assert alerts[0].title == "The loss explodes" and alerts[0].layer is None
    assert [remedy.id for remedy in alerts[0].remedies][:2] == ["slower_now", "slower"]
    assert alerts[0].remedies[0].rate == pytest.approx(0.005)


def test_a_gradient_that_explodes_names_its_layer() -> None:
    ward = Ward()
    ward.train(100)
    alert = found(ward, 30, {"gradient_rms 3_conv2d": 200.0})
    assert (alert.rule, alert.layer) == ("doctor.exploding", "3_conv2d")
    assert alert.title == "The gradient of Conv 3×3 b explodes"


def test_a_loss_that_jumps_from_almost_nothing_does_not_explode() -> None:
    ward = Ward()
    ward.train(100, {"loss": lambda step: 2.3 * math.exp(-step / 5)})
    assert ward.train(100, {"loss": lambda step: 1e-6 if step % 7 else 0.5}) == []


def test_a_number_that_is_none_keeps_step_and_layer_and_offers_twins() -> None:
    ward = Ward()
    failed = Failed(step=7, code="not_a_number", message="It broke down.", hint="Lower the rate.", layer="3_conv2d")
    (alert,) = ward.doctor.broke_off(failed)
    assert (alert.level, alert.since, alert.layer) == ("error", 7, "3_conv2d")
    assert alert.evidence == "It broke down. Lower the rate."
    assert (alert.remedies[0].id, alert.remedies[0].twin) == ("slower", "rate 0.005")
    other = failed.model_copy(update={"code": "out_of_memory"})
    assert ward.doctor.broke_off(other) == []


def test_dying_relus_are_told_with_the_rise_of_the_rate_before() -> None:
    ward = Ward()
    ward.train(400, {"dead": 0.0})
    figures: dict[str, Figure] = {"learning_rate": 0.5, "dead 7_relu": 7.0}
    alert = found(ward, 100, figures)
    assert (alert.rule, alert.layer, alert.value) == ("doctor.dying", "7_relu", 7 / 16)
    assert alert.title == "Dense 16 is dying: 44% of units never fire"
    assert alert.evidence == (
        "7 of its 16 gave zero for every image of the last 100 steps. It began by step 409, just after the rate rose to"
        " 0.5."
    )
    assert alert.fine == "1 of 2 ReLU layers are alive."
    assert [remedy.id for remedy in alert.remedies] == ["slower_now", "leaky_relu", "slower"]
    assert rules(ward.train(100)) == ["dying over"]


def test_units_that_die_early_in_a_network_that_learns_are_no_fault() -> None:
    ward = Ward()
    learns: dict[str, Figure] = {"loss": lambda step: 2.3 * math.exp(-step / 40)}
    assert ward.train(200, {**learns, "dead 7_relu": lambda step: NAN if step < 100 else 9.0}) == []
    assert ward.train(800, {**learns, "dead 7_relu": 10.0}) == []


def test_units_that_die_while_nothing_is_learned_are_told() -> None:
    alerts = Ward().train(200, {"loss": 2.0, "dead 7_relu": lambda step: NAN if step < 100 else 9.0})
    assert rules(alerts) == ["dying"]


def test_few_dead_units_are_no_fault() -> None:
    assert Ward().train(300, {"dead 7_relu": 5.0}) == []


def test_saturated_tanhs_are_told() -> None:
    ward = Ward()
    alert = found(ward, 100, {"saturated": 0.8})
    assert (alert.rule, alert.layer) == ("doctor.saturation", "4_tanh")
    assert alert.title == "Conv 3×3 b is saturated: 80% of its outputs stand at the end"


def test_a_rate_that_is_too_high_is_seen_by_a_loss_above_the_fresh_networks() -> None:
    ward = Ward()
    ward.train(10)
    alert = found(ward, 90, {"loss": 8.0, "update_ratio": 0.05})
    assert alert.rule == "doctor.rate_high"
    assert alert.title == "The learning rate of 0.05 is too high"
    assert "Each step changes the weights by 0.0500 of their length" in alert.evidence


def test_a_rate_that_sweeps_the_weights_and_teaches_nothing_is_too_high() -> None:
    assert rules(Ward().train(60, {"loss": 2.1, "update_ratio": 0.3})) == ["rate_high"]


def test_a_rate_that_is_too_low_is_told_with_the_rate_that_would_do() -> None:
    ward = Ward(learning_rate=1e-6)
    alert = found(ward, 100, {"loss": 2.2, "learning_rate": 1e-6, "update_ratio": 1e-7})
    assert alert.rule == "doctor.rate_low"
    assert alert.remedies[0].label == "Train at rate 0.01"


def test_a_rate_that_its_schedule_has_lowered_is_not_too_low() -> None:
    assert Ward().train(200, {"loss": 2.0, "learning_rate": 1e-4, "update_ratio": 1e-6}) == []


def test_a_rate_is_not_too_low_where_there_is_no_gradient() -> None:
    figures: dict[str, Figure] = {"loss": 2.3026, "update_ratio": 1e-8, "gradient_l2": 1e-9}
    assert rules(Ward(learning_rate=0.05).train(200, figures)) == ["stuck"]


def test_overfitting_is_told_with_the_epoch_to_stop_after() -> None:
    ward = Ward()
    figures: dict[str, Figure] = {"loss": lambda step: 2 * math.exp(-step / 50)}
    alert = found(ward, 500, figures, held_out=lambda step: 1.0 + 0.002 * abs(step - 200))
    assert (alert.rule, alert.since, alert.value) == ("doctor.overfitting", 200, 4.0)
    assert alert.remedies[0].label == "Stop after 4 epochs"
    assert "lowest after epoch 4 (step 200) with 1.00" in alert.evidence


def test_a_held_out_loss_that_stands_still_far_above_the_training_loss_is_overfitting() -> None:
    ward = Ward()
    figures: dict[str, Figure] = {"loss": lambda step: 2 * math.exp(-step / 100)}
    alert = found(ward, 600, figures, held_out=lambda step: 1.0 if step == 100 else 1.05)
    assert (alert.rule, alert.since, alert.step) == ("doctor.overfitting", 100, 350)


def test_a_small_held_out_loss_may_stand_still() -> None:
    figures: dict[str, Figure] = {"loss": lambda step: 2 * math.exp(-step / 50)}
    assert Ward().train(900, figures, held_out=lambda step: 0.10 if step == 100 else 0.11) == []


def test_a_held_out_loss_that_rises_with_the_training_loss_is_no_overfitting() -> None:
    ward = Ward()
    figures: dict[str, Figure] = {"loss": lambda step: 0.5 + 0.001 * step}
    assert ward.train(500, figures, held_out=lambda step: 0.5 + 0.001 * step) == []


def test_a_held_out_loss_that_leaps_while_nothing_is_learned_is_no_overfitting() -> None:
    figures: dict[str, Figure] = {"loss": 2.25}
    assert "overfitting" not in rules(Ward().train(500, figures, held_out=lambda step: 2.3 if step < 100 else 1e11))


def test_a_layer_behind_which_the_gradient_ends_does_not_move() -> None:
    ward = Ward()
    alert = found(ward, 100, {"gradient_rms 1_conv2d": 0.0, "gradient_rms 3_conv2d": 0.0})
    assert (alert.rule, alert.layer, alert.layers) == ("doctor.frozen", "3_conv2d", ["1_conv2d", "3_conv2d"])
    assert alert.title == "Conv 3×3 b does not move"


def test_a_layer_whose_changes_are_rounded_away_does_not_move() -> None:
    assert rules(Ward().train(100, {"update_ratio 1_conv2d": 1e-9})) == ["frozen"]


def test_the_step_that_stops_the_gradient_is_named_and_can_be_taken_out() -> None:
    layers = (("conv2d", {"filters": 4}), ("step", {}), ("flatten", {}), ("dense", {"units": 10}))
    alert = found(Ward(*layers), 100, {"gradient_rms 1_conv2d": 0.0})
    assert "Step behind it has slope zero everywhere" in alert.evidence
    assert alert.remedies[0].id == "smooth_step"


def test_an_input_of_another_size_is_told() -> None:
    alert = found(Ward(), 60, {"activation_mean input": 128.0, "activation_std input": 60.0})
    assert (alert.rule, alert.layer) == ("doctor.input", "input")
    assert "mean 128 and deviation 60.0" in alert.evidence
    assert alert.remedies[0].id == "normalise_input"


def test_what_scales_the_image_before_the_first_layer_is_what_counts() -> None:
    layers = (("linear_activation", {"c": 50.0}), ("flatten", {}), ("dense", {"units": 10}))
    alert = found(Ward(*layers), 60, {"activation_std 1_linear_activation": 50.0})
    assert (alert.rule, alert.layer) == ("doctor.input", "1_linear_activation")


def test_a_fresh_network_that_is_sure_of_itself_is_told_at_once() -> None:
    ward = Ward()
    alert = found(ward, 10, {"loss": 40.0})
    assert (alert.rule, alert.step) == ("doctor.start", 9)
    assert "Before the first step the loss was 40.0" in alert.evidence
    assert "start over" in rules(ward.train(100))


def test_a_network_that_only_guesses_is_told_unless_a_cause_is_known() -> None:
    alert = found(Ward(), 300, {"loss": 2.30})
    assert alert.rule == "doctor.stuck"
    known = Ward().train(300, {"loss": 2.30, "gradient_rms 1_conv2d": 2e-6})
    assert rules(known) == ["vanishing"]


@pytest.mark.parametrize("id", RULES)
def test_every_rule_says_what_it_is_and_names_remedies_there_are(id: str) -> None:
    rule = RULES[id]
    assert rule.id == id and id.startswith("doctor.")
    assert rule.title and rule.why.endswith(".") and rule.source and rule.__doc__
    assert rule.remedies and set(rule.remedies) <= set(REMEDIES)
    assert rule.unless <= set(RULES)


def test_the_healthy_figures_are_those_of_the_tables() -> None:
    measured = {column.quantity for stream in Ward().streams[:2] for column in stream.columns}
    assert measured == set(HEALTHY)
