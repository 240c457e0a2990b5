"""Time axes leave pauses and breaks out, and end at what the worker measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.comparing.clock import MOST_POINTS, Moment, clock


def epoch(step: int, time: float, attempt: int = 1) -> Moment:
    return Moment(attempt, step, "epoch", time)


def test_epochs_are_anchors_and_the_first_takes_as_long_as_others() -> None:
    moments = [epoch(100, 1010), epoch(200, 1020), epoch(300, 1032)]
    assert clock(moments, [(1, 0)], 350) == [(0, 0.0), (100, 11.0), (200, 21.0), (300, 33.0), (350, 38.5)]


def test_a_pause_takes_no_time() -> None:
    moments = [epoch(100, 10), Moment(1, 150, "paused", 15), Moment(1, 150, "resumed", 500), epoch(200, 505)]
    assert clock(moments, [(1, 0)], 200)[-1] == (200, 20.0)


def test_a_break_takes_no_time_and_steps_done_again_count_once() -> None:
    moments = [epoch(100, 10), epoch(200, 20), epoch(300, 30), epoch(300, 1000, 2), epoch(400, 1010, 2)]
    assert clock(moments, [(1, 0), (2, 250)], 400)[-1] == (400, 40.0)


def test_the_whole_is_what_the_worker_measured() -> None:
    found = clock([epoch(100, 10), epoch(200, 20)], [(1, 0)], 200, seconds=50.0)
    assert found == [(0, 0.0), (100, 25.0), (200, 50.0)]


def test_with_nothing_else_time_passes_evenly() -> None:
    assert clock([], [(1, 0)], 100, seconds=5.0) == [(0, 0.0), (100, 5.0)]
    assert clock([], [(1, 0)], 100, pace=0.1) == [(0, 0.0), (100, 10.0)]
    assert clock([], [], 100) == []


@given(
    seconds=st.lists(st.floats(0.01, 100), min_size=2, max_size=600),
    paused=st.floats(0, 1000),
)
def test_time_never_runs_back_and_is_not_longer_than_it_took(seconds: list[float], paused: float) -> None:
    moments = [epoch(0, 0.0)]
    for index, each in enumerate(seconds):
        moments.append(epoch((index + 1) * 10, moments[-1].time + each))
    found = clock(moments, [(1, 0)], len(seconds) * 10)
    steps, times = zip(*found, strict=True)
    assert list(steps) == sorted(set(steps)) and list(times) == sorted(times)
    assert len(found) <= MOST_POINTS + 2
    assert times[-1] == pytest.approx(sum(seconds), abs=0.01)
