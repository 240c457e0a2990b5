"""Optional parts take no more than their share of the time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.governor import Governor


@given(st.lists(st.floats(1e-6, 2.0), min_size=5, max_size=50))
def test_the_share_holds_whatever_the_turns_cost(costs: list[float]) -> None:
    governor, now, spent = Governor(hertz=20, share=0.05), 100.0, 0.0
    for cost in costs:
        while not governor.due(now):
            now += 0.01
        now += cost
        spent += cost
        governor.spent(cost, now)
    while not governor.due(now):
        now += 0.01
    assert spent <= 0.0501 * (now - 100.0)


def test_cheap_turns_come_at_their_frequency_and_a_hurried_one_at_once() -> None:
    governor = Governor(hertz=10, share=0.5)
    governor.spent(0.001, now=100.0)
    assert not governor.due(100.05)
    assert governor.due(100.1)
    governor.hurry()
    assert governor.due(100.0)


def test_turns_in_time_keep_their_frequency_however_seldom_one_asks() -> None:
    governor, now, turns = Governor(hertz=5, share=0.5, in_time=True), 100.0, 0
    for _ in range(200):
        if governor.due(now):
            governor.spent(0.001, now + 0.001)
            turns += 1
        now += 0.15
    assert 4.9 < turns / (now - 100.0) <= 5.1
