"""The best for their cost are those that brute force finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.comparing.pareto import best_for_cost

POINTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30)


@given(points=POINTS)
def test_nobody_beats_the_best_and_everybody_else_is_beaten(points: list[tuple[int, int]]) -> None:
    best = best_for_cost((index, *point) for index, point in enumerate(points))

    def beaten(one: tuple[int, int]) -> bool:
        return any(other[0] <= one[0] and other[1] <= one[1] and other != one for other in points)

    unbeaten = {point for point in points if not beaten(point)}
    assert {points[index] for index in best} == unbeaten
    assert len(best) == len(unbeaten)
    assert [points[index][0] for index in best] == sorted(points[index][0] for index in best)


def test_of_two_alike_the_first_is_named() -> None:
    assert best_for_cost([("a", 1, 1), ("b", 1, 1)]) == ["a"]
    assert best_for_cost([]) == []
