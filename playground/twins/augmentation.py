"""Training images that are changed at random, or not."""

from __future__ import annotations

from playground.recipe import AUGMENTS
from playground.recipe_words import CHANGED
from playground.twins.registry import Original, Variant, twin

ENDINGS = {"none": "not augmented", **CHANGED}
MIRRORED = "A digit or letter in a mirror is often none; images of things stay what they are."


@twin(
    "augmentation",
    title="Augmented images",
    asks="Does it learn the images by heart, and do changed ones help?",
    lecture=("L24",),
)
def changed_images(original: Original) -> list[Variant]:
    """Images as they are where they are changed; every way to change them where they are not."""
    now = original.recipe.augment
    others = [each.value for each in AUGMENTS if each.value != now] if now == "none" else ["none"]
    return [
        Variant(
            value,
            ENDINGS[value].capitalize(),
            ENDINGS[value],
            f"Training images are {ENDINGS[value]}, each anew in every epoch."
            if value != "none"
            else f"Training images, {ENDINGS[now]} so far, stay as they are.",
            recipe={"augment": value},
            caution=MIRRORED if "flip" in value else "",
        )
        for value in others
    ]
