"""Changes of the recipe, and of the rate while a run trains."""

from __future__ import annotations

import math

from playground.doctor.remedies.registry import Change, Patient, remedy
from playground.doctor.words import rate_words

HEALTHY_UPDATE = 1e-3
"""Length of a step's change over that of the weights (Karpathy, CS231n notes, "Ratio of weights:updates")."""
WEIGHT_DECAY = 5e-4
"""As AlexNet and VGG were trained with."""
WARM_UP = 200
MILD = {"sgd": 0.05, "rmsprop": 0.003, "adam": 0.003, "adamw": 0.003}
"""Rates that the zoo's networks train well at, by optimiser; a tenth of a wild rate may be wild still."""


@remedy("slower")
def slower(patient: Patient) -> Change | None:
    """A tenth of the rate, from the start, and no more than a mild one."""
    rate = _rounded(min(patient.recipe.learning_rate / 10, MILD[patient.recipe.optimiser]))
    if rate <= 0:
        return None
    return Change(f"Train at rate {rate_words(rate)}", f"rate {rate_words(rate)}", recipe={"learning_rate": rate})


@remedy("slower_now")
def slower_now(patient: Patient) -> Change | None:
    """A tenth of the rate, in this very run."""
    rate = _rounded(patient.rate / 10)
    return Change(f"Rate to {rate_words(rate)} now", rate=rate) if rate > 0 else None


@remedy("faster")
def faster(patient: Patient) -> Change | None:
    """The power of ten that brings the measured update ratio to a thousandth, at least one ten."""
    tens = max(1, round(math.log10(HEALTHY_UPDATE / patient.value))) if patient.value else 1
    rate = _rounded(min(1.0, patient.recipe.learning_rate * 10**tens))
    if rate <= patient.recipe.learning_rate:
        return None
    return Change(f"Train at rate {rate_words(rate)}", f"rate {rate_words(rate)}", recipe={"learning_rate": rate})


@remedy("faster_now")
def faster_now(patient: Patient) -> Change | None:
    """Ten times the rate, in this very run."""
    rate = _rounded(patient.rate * 10)
    return Change(f"Rate to {rate_words(rate)} now", rate=rate) if 0 < rate <= 1 else None


@remedy("warm_up")
def warm_up(patient: Patient) -> Change | None:
    """The rate rises from zero over the first steps."""
    if patient.recipe.warmup_steps >= WARM_UP:
        return None
    return Change(f"Warm up over {WARM_UP} steps", "warm-up", recipe={"warmup_steps": WARM_UP})


@remedy("he_weights")
def he_weights(patient: Patient) -> Change | None:
    """Start weights that keep the size of activations through ReLUs (He et al., 2015)."""
    if patient.recipe.initialisation in {"he_normal", "he_uniform"}:
        return None
    return Change("Start with He weights", "He weights", recipe={"initialisation": "he_normal"})


@remedy("glorot_weights")
def glorot_weights(patient: Patient) -> Change | None:
    """Start weights that keep sigmoid and tanh out of their flat ends (Glorot and Bengio, 2010)."""
    if patient.recipe.initialisation in {"glorot_normal", "glorot_uniform"}:
        return None
    return Change("Start with Glorot weights", "Glorot weights", recipe={"initialisation": "glorot_uniform"})


@remedy("weight_decay")
def weight_decay(patient: Patient) -> Change | None:
    """A pull of every weight towards zero."""
    if patient.recipe.weight_decay >= WEIGHT_DECAY:
        return None
    words = f"weight decay {WEIGHT_DECAY:g}"
    return Change(f"Add {words}", words, recipe={"weight_decay": WEIGHT_DECAY})


@remedy("stop_early")
def stop_early(patient: Patient) -> Change | None:
    """So many epochs as it took to the best held-out loss, which is the alert's number."""
    epochs = math.ceil(patient.value or 0)
    if not 0 < epochs < patient.recipe.epochs:
        return None
    words = f"{epochs} epoch{'s' if epochs > 1 else ''}"
    return Change(f"Stop after {words}", words, recipe={"epochs": epochs})


def _rounded(rate: float) -> float:
    return float(f"{rate:.3g}")
