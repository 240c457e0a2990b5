"""The doctor as a whole: what is told once stays told once, whoever goes on with the run."""

from __future__ import annotations

import json
import math
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.doctor.base import Sign
from playground.doctor.doctor import MOST_ALERTS
from playground.protocol import TELEMETRY, decode, encode
from tests.playground.doctor.ward import Figure, Ward

ILL: dict[str, Figure] = {"gradient_rms 1_conv2d": 2e-6}


def test_an_alert_is_told_once_while_it_lasts() -> None:
    assert len(Ward().train(1000, ILL)) == 1


@settings(max_examples=25, deadline=None)
@given(cuts=st.sets(st.integers(1, 39), max_size=8))
def test_whoever_goes_on_from_the_state_tells_the_same(cuts: set[int]) -> None:
    """A run that falls ill, gets well and falls ill again, broken off anywhere."""
    whole, broken = Ward(), Ward()
    for part in range(40):
        figures = ILL if 5 <= part < 15 or part >= 28 else {"loss": 2.3 if part < 20 else 0.4}
        if part in cuts:
            json.loads(json.dumps(broken.doctor.state()))
            broken.changes_hands()
        whole.train(10, figures)
        broken.train(10, figures)
    assert whole.told == broken.told
    assert [alert.ended is None for alert in whole.told if alert.rule == "doctor.vanishing"] == [True, False, True]


def test_one_that_comes_and_goes_is_told_of_only_so_often() -> None:
    ward = Ward()
    for _ in range(MOST_ALERTS + 5):
        ward.train(60, ILL)
        ward.train(60)
    assert sum(alert.ended is None for alert in ward.told) == MOST_ALERTS


def test_figures_that_are_no_numbers_are_no_fault_of_the_doctors() -> None:
    for value in (math.nan, math.inf, -math.inf, 0.0):
        everything: dict[str, Figure] = dict.fromkeys(
            ("loss", "gradient_rms", "update_ratio", "dead", "saturated"), value
        )
        ward = Ward()
        ward.train(100, everything, held_out=value)
        ward.changes_hands()
        ward.train(100, everything, held_out=value)
        words = " ".join(f"{alert.title} {alert.evidence}" for alert in ward.told)
        assert not re.search(r"\b(nan|inf)\b", words)


def test_an_alert_travels_as_a_record() -> None:
    (alert,) = Ward().train(100, ILL)
    read, payload = decode(encode(alert), TELEMETRY)
    assert (read, bytes(payload)) == (alert, b"")


@given(shown=st.lists(st.booleans(), max_size=60), hold=st.integers(1, 40), rest=st.integers(1, 40))
def test_a_sign_is_on_only_after_it_held_and_off_only_after_it_rested(shown: list[bool], hold: int, rest: int) -> None:
    sign, on = Sign(hold, rest), False
    for at, present in enumerate(shown):
        sign.see(10 * at, 10 * at + 9, present)
        recent = 0
        for earlier in reversed(shown[: at + 1]):
            if earlier is not (not on):
                break
            recent += 10
        on = (not on) if recent >= (rest if on else hold) else on
        assert sign.on is on
