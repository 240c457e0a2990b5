"""A recipe is refused with the field, the value's limits and the way out."""

import pytest
from pydantic import ValidationError

from playground.fields import describe
from playground.recipe import Recipe, RecipeError, read_recipe


def test_every_setting_has_a_form_with_label_and_help() -> None:
    specs = describe(Recipe)
    assert [spec.name for spec in specs] == list(Recipe.model_fields)
    assert all(spec.label and spec.help for spec in specs)


def test_choices_in_the_form_are_the_values_that_are_taken() -> None:
    for spec in describe(Recipe):
        for choice in spec.choices:
            assert getattr(Recipe(**{spec.name: choice.value}), spec.name) == choice.value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("epochs", 0),
        ("batch_size", 100_000),
        ("learning_rate", float("nan")),
        ("learning_rate", -0.1),
        ("momentum", 1.0),
        ("optimiser", "magic"),
        ("dataset", "imagenet"),
        ("seed", -1),
        ("speed", 3),
    ],
)
def test_a_value_out_of_range_names_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Recipe.model_validate({field: value})
    assert caught.value.errors()[0]["loc"] == (field,)


@pytest.mark.parametrize(
    ("recipe", "path", "words"),
    [
        ({"epochs": 776}, "epochs", "Epochs cannot be 776. Use a whole number from 1 to 500."),
        ({"epochs": 2.5}, "epochs", "Epochs cannot be 2.5. Use a whole number from 1 to 500."),
        ({"epochs": None}, "epochs", "Epochs cannot be empty. Use a whole number from 1 to 500."),
        ({"learning_rate": float("inf")}, "learning_rate", "Rate cannot be inf. Use a number from 0 to 100."),
        ({"nesterov": "perhaps"}, "nesterov", "Nesterov cannot be 'perhaps'. Use true or false."),
        ({"momentun": 0.5}, "momentun", "A recipe has no setting 'momentun'. Did you mean 'momentum'?"),
        ({"colour": 1}, "colour", "A recipe has no setting 'colour'. It has: dataset, augment, epochs, "),
        ({"dataset": "cats"}, "dataset", "There is no data set named 'cats'. Choose one of: mnist"),
        ([], "", 'A recipe is an object of settings, {"epochs": 3}.'),
    ],
)
def test_a_recipe_that_cannot_be_read_says_why_and_what_to_do(recipe: object, path: str, words: str) -> None:
    with pytest.raises(RecipeError) as told:
        read_recipe(recipe)
    assert told.value.path == path and told.value.message.startswith(words)


def test_an_unknown_data_set_is_told_what_there_is() -> None:
    with pytest.raises(ValidationError, match=r"no data set named 'imagenet'.* mnist, digits, shapes"):
        Recipe(dataset="imagenet")


def test_fields_that_matter_only_sometimes_name_real_fields_and_values() -> None:
    for spec in describe(Recipe):
        for other, values in spec.when.items():
            for value in values:
                assert getattr(Recipe(**{other: value}), other) == value
