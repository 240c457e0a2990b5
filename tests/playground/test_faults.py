"""Values that a setting cannot take are told with its name, the value and what it takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.faults import fault, refusal
from playground.fields import FieldSpec, describe
from playground.recipe import Recipe, RecipeError, read_recipe

SPECS = {spec.name: spec for spec in describe(Recipe)}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("epochs", 776, "Epochs cannot be 776. Use a whole number from 1 to 500."),
        ("epochs", 2.5, "Epochs cannot be 2.5. Use a whole number from 1 to 500."),
        ("epochs", True, "Epochs cannot be true. Use a whole number from 1 to 500."),
        ("learning_rate", 10**400, "Rate cannot be a huge number. Use a number from 0 to 100."),
        ("learning_rate", float("nan"), "Rate cannot be nan. Use a number from 0 to 100."),
        ("learning_rate", None, "Rate cannot be empty. Use a number from 0 to 100."),
    ],
)
def test_what_is_wrong_and_the_way_out(name: str, value: Any, words: str) -> None:
    assert refusal(SPECS[name], value) == words


def test_a_number_without_limits_must_still_be_one() -> None:
    free = SPECS["learning_rate"].model_copy(update={"minimum": None, "maximum": None})
    assert [bool(fault(free, value)) for value in (1, -1e300, 10**400, float("inf"))] == [False, False, True, True]


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=3)
)


@given(st.sampled_from(sorted(SPECS)), ANYTHING)
def test_whatever_a_recipe_refuses_is_told_in_a_sentence(name: str, value: Any) -> None:
    try:
        read_recipe({name: value})
    except RecipeError as error:
        assert error.path == name
        assert error.message[0].isupper() and error.message.endswith((".", "?")) and "pydantic" not in error.message


def test_specs_are_what_the_recipe_has() -> None:
    assert set(SPECS) == set(Recipe.model_fields) and all(isinstance(spec, FieldSpec) for spec in SPECS.values())
