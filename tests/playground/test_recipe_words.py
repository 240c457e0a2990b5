"""A recipe in words says each setting that counts, and none that does not."""

from __future__ import annotations

from playground.datasets import DATASETS
from playground.recipe import Recipe
from playground.recipe_words import recipe_words


def test_the_usual_recipe() -> None:
    assert recipe_words(Recipe(), DATASETS["mnist"]) == [
        "3 epochs of MNIST: 55,000 images in batches of 64, 5,000 held out, 10,000 to test with.",
        "SGD at a constant rate of 0.05, with momentum 0.9.",
        "Start weights: He normal, seed 1.",
    ]


def test_everything_set() -> None:
    recipe = Recipe(
        dataset="digits", epochs=1, optimiser="sgd", nesterov=True, weight_decay=5e-4, schedule="cosine",
        warmup_steps=200, early_stop="loss", patience=2, target_accuracy=98, time_limit=5, device="cpu",
        precision="bfloat16", initialisation="torch",
    )  # fmt: skip
    words = recipe_words(recipe, DATASETS["digits"])
    assert words[1] == (
        "SGD at a rate that falls to zero along half a cosine from 0.05, with Nesterov momentum 0.9, weight decay "
        "0.0005 and a warm-up of 200 steps."
    )
    assert words[3] == (
        "Ends early after 2 epochs without a gain in held-out loss, and goes back to the best weights, when 98% of the "
        "held-out images are right or after 5 minutes."
    )
    assert words[4] == "On the processor in bfloat16."


def test_what_does_not_count_is_not_told() -> None:
    assert recipe_words(Recipe(optimiser="adam", momentum=0.9), None)[1] == "Adam at a constant rate of 0.05."


def test_images_that_are_changed_and_data_that_are_gone() -> None:
    assert recipe_words(Recipe(augment="shift_flip", dataset="own-" + "0" * 32), None)[0] == (
        "3 epochs of a data set that is not here any more, in batches of 64. "
        "Training images are shifted and mirrored at random."
    )
