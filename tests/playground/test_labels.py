"""Labels told apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.labels import unique


def test_letters_behind_a_digit_and_numbers_behind_a_word() -> None:
    assert unique(["Conv 3×3", "ReLU", "Conv 3×3", "ReLU", "Flatten"]) == [
        "Conv 3×3 a", "ReLU 1", "Conv 3×3 b", "ReLU 2", "Flatten",
    ]  # fmt: skip


def test_a_label_that_is_taken_is_passed_over() -> None:
    assert unique(["ReLU", "ReLU 1", "ReLU"]) == ["ReLU 2", "ReLU 1", "ReLU 3"]


def test_after_z_comes_aa() -> None:
    assert unique(["Pool 2"] * 28)[24:] == ["Pool 2 y", "Pool 2 z", "Pool 2 aa", "Pool 2 ab"]


@given(st.lists(st.sampled_from(["a", "a 1", "a 1 a", "b2", "b2 a", ""])))
def test_labels_are_never_the_same(labels: list[str]) -> None:
    made = unique(labels)
    assert len(set(made)) == len(labels)
    assert all(new.startswith(old) for new, old in zip(made, labels, strict=True))
