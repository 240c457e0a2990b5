"""A recipe in words: what a person would write in a lab book."""

from __future__ import annotations

from playground.datasets import Dataset
from playground.recipe import DEVICES, EARLY_STOPS, INITIALISATIONS, OPTIMISERS, SCHEDULES, Recipe
from playground.words import counted, listed

LABELS = {each.value: each.label for each in (*OPTIMISERS, *SCHEDULES, *INITIALISATIONS, *DEVICES)}
STOPS = {each.value: each.label.lower() for each in EARLY_STOPS}
CHANGED = {"shift": "shifted", "flip": "mirrored", "shift_flip": "shifted and mirrored"}


def recipe_words(recipe: Recipe, dataset: Dataset | None) -> list[str]:
    """Sentences: data and length, steps, start and seed, rules that end it, machine. dataset: the recipe's; None where
    it is not there any more."""
    return [
        part
        for part in (_data(recipe, dataset), _steps(recipe), _start(recipe), _end(recipe), _machine(recipe))
        if part
    ]


def _data(recipe: Recipe, dataset: Dataset | None) -> str:
    epochs, changed = counted(recipe.epochs, "epoch", "epochs"), ""
    if recipe.augment != "none":
        changed = f" Training images are {CHANGED[recipe.augment]} at random."
    if dataset is None:
        return f"{epochs} of a data set that is not here any more, in batches of {recipe.batch_size:,}.{changed}"
    images = dataset.train - dataset.validation
    return (
        f"{epochs} of {dataset.title}: {images:,} images in batches of {recipe.batch_size:,}, "
        f"{dataset.validation:,} held out, {dataset.test:,} to test with.{changed}"
    )


def _steps(recipe: Recipe) -> str:
    how = []
    if recipe.optimiser in {"sgd", "rmsprop"} and recipe.momentum:
        nesterov = "Nesterov momentum" if recipe.nesterov and recipe.optimiser == "sgd" else "momentum"
        how.append(f"{nesterov} {recipe.momentum:g}")
    if recipe.weight_decay:
        how.append(f"weight decay {recipe.weight_decay:g}")
    if recipe.warmup_steps:
        how.append(f"a warm-up of {counted(recipe.warmup_steps, 'step', 'steps')}")
    schedule = {
        "constant": "at a constant rate of",
        "cosine": "at a rate that falls to zero along half a cosine from",
        "step": "at a rate that is divided by 10 after half and after three quarters, from",
        "linear": "at a rate that falls to zero along a line from",
    }[recipe.schedule]
    with_ = f", with {listed(how)}" if how else ""
    return f"{LABELS[recipe.optimiser]} {schedule} {recipe.learning_rate:g}{with_}."


def _start(recipe: Recipe) -> str:
    kind = "torch's own" if recipe.initialisation == "torch" else LABELS[recipe.initialisation]
    return f"Start weights: {kind}, seed {recipe.seed}."


def _end(recipe: Recipe) -> str:
    rules = []
    if recipe.early_stop != "off":
        passed = counted(recipe.patience, "epoch", "epochs")
        gain = f" of {recipe.least_gain:g}" if recipe.least_gain else ""
        best = ", and goes back to the best weights" if recipe.restore_best else ""
        rules.append(f"after {passed} without a gain{gain} in {STOPS[recipe.early_stop]}{best}")
    if recipe.target_accuracy:
        rules.append(f"when {recipe.target_accuracy:g}% of the held-out images are right")
    if recipe.time_limit:
        rules.append(f"after {recipe.time_limit:g} minutes")
    return f"Ends early {listed(rules, 'or')}." if rules else ""


def _machine(recipe: Recipe) -> str:
    where = {"cpu": "On the processor", "cuda": "On a GPU", "auto": ""}[recipe.device]
    precision = "" if recipe.precision == "float32" else f"in {recipe.precision}"
    words = " ".join(part for part in (where, precision) if part)
    return f"{words[0].upper()}{words[1:]}." if words else ""
