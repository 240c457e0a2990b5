"""Seeds alone are no difference, and one seed is no evidence."""

from __future__ import annotations

import random

import pytest
from scipy import stats

from playground.comparing.seeds import SeedRun, groups_of, signed, verdict, verdicts


def runs(*errors: float | None, alike: str = "a", first: int = 1) -> list[SeedRun]:
    return [
        SeedRun(id=f"{alike}{seed}", letter=f"{alike.upper()}{seed}", alike=alike, seed=seed, error=error)
        for seed, error in enumerate(errors, first)
    ]


def test_runs_that_differ_in_the_seed_alone_are_one_group() -> None:
    first, second = groups_of([*runs(1, 2), *runs(3, alike="b"), *runs(4, first=3)])
    assert [run.id for run in first.runs] == ["a1", "a2", "a3"]
    assert first.errors == [1, 2, 4]
    assert second.interval is None
    assert first.interval is not None and first.interval.middle == pytest.approx(7 / 3)


def test_a_seed_that_was_trained_twice_counts_once() -> None:
    (group,) = groups_of([*runs(1.0), *runs(1.0), *runs(1.0)])
    assert len(group.runs) == 3
    assert len(group.counted) == 1
    assert group.interval is None


def test_one_seed_tells_nothing() -> None:
    one, other = groups_of([*runs(1.0), *runs(9.0, 9.1, alike="b")])
    found = verdict(one, other)
    assert not found.claimed and found.interval is None
    assert found.words == (
        "No difference can be claimed between A1 and B1 and B2. One seed tells nothing of how far results scatter: "
        "train A1 with more seeds."
    )


def test_a_difference_within_the_scatter_is_not_claimed() -> None:
    one, other = groups_of([*runs(1.0, 2.0, 3.0), *runs(1.5, 2.5, 3.1, alike="b")])
    found = verdict(one, other)
    assert not found.claimed
    assert "No difference can be claimed" in found.words and found.words.endswith("contains 0.")


def test_a_difference_beyond_the_scatter_is_told_with_its_limits() -> None:
    one, other = groups_of([*runs(5.0, 5.1, 5.2), *runs(3.0, 3.1, 3.2, alike="b")])
    found = verdict(one, other)
    assert found.claimed and found.interval is not None
    assert found.words.startswith("B1, B2 and B3 err 2.00 points less than A1, A2 and A3: −2.23 to −1.77 points at 95%")


def test_groups_without_a_result_have_no_verdict() -> None:
    assert verdicts(groups_of([*runs(None, None), *runs(3.0, alike="b")])) == []


def test_of_many_groups_each_is_held_against_the_first() -> None:
    many = groups_of([run for name in "abcdef" for run in runs(1.0, 2.0, alike=name)])
    assert [(v.one.runs[0].alike, v.other.runs[0].alike) for v in verdicts(many)] == [("a", name) for name in "bcdef"]
    assert len(verdicts(many[:3])) == 3


def test_alike_networks_are_called_different_no_more_often_than_said() -> None:
    chance = random.Random(1)
    claimed = 0
    for _ in range(2000):
        errors = [[chance.gauss(5, 0.3) for _ in range(4)] for _ in range(2)]
        one, other = groups_of([*runs(*errors[0]), *runs(*errors[1], alike="b")])
        found = verdict(one, other)
        claimed += found.claimed
        if len(errors[0]) > 1:
            assert found.claimed == (stats.ttest_ind(*errors, equal_var=False).pvalue < 0.05)
    assert 0.03 < claimed / 2000 < 0.06


@pytest.mark.parametrize(("points", "words"), [(0.004, "0.00"), (-0.3, "−0.30"), (1.2, "+1.20")])
def test_points_carry_their_sign(points: float, words: str) -> None:
    assert signed(points) == words
