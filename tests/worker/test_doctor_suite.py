"""The planted-fault suite: every fault is found, nothing on the controls; with a seed that no threshold was set by."""

from __future__ import annotations

import pytest

from benchmarks.doctor import PLANTED, Planted, examined
from playground.doctor import RULES

SEED = 5

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("planted", [each for each in PLANTED if each.quick], ids=lambda planted: planted.name)
def test_what_was_planted_is_found_and_nothing_else_is_imagined(planted: Planted) -> None:
    outcome = examined(planted, SEED)
    if planted.rules:
        assert outcome.hit is not None, f"Told of {outcome.rules} {outcome.failed}"
    else:
        assert outcome.alerts == []


def test_the_suite_plants_every_rule_and_has_six_controls() -> None:
    assert frozenset().union(*(planted.rules for planted in PLANTED)) == frozenset(RULES)
    assert sum(not planted.rules for planted in PLANTED) >= 6
