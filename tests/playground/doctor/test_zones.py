"""The zones that charts wash begin where the doctor's rules do."""

from __future__ import annotations

import json

import pytest

from playground import schema
from playground.doctor import DangerZone, danger_zones
from tests.playground.doctor.ward import Figure, Ward


def zone(quantity: str) -> DangerZone:
    (found,) = [zone for zone in danger_zones() if zone.quantity == quantity]
    return found


@pytest.mark.parametrize(
    ("quantity", "rule", "others"),
    [
        ("saturated", "doctor.saturation", {}),
        ("dead", "doctor.dying", {"loss": 2.0}),
    ],
)
def test_a_rule_tells_of_what_lies_in_its_zone_and_not_of_what_lies_below(
    quantity: str, rule: str, others: dict[str, Figure]
) -> None:
    limit = zone(quantity).low
    assert limit is not None
    units = 16 if quantity == "dead" else 1
    column = f"{quantity} 7_relu" if quantity == "dead" else quantity
    inside = Ward().train(200, {**others, column: 1.001 * limit * units})
    below = Ward().train(100, {**others, column: 0.999 * limit * units})
    assert rule in [alert.rule for alert in inside]
    assert rule not in [alert.rule for alert in below]


def test_vanishing_begins_where_the_zone_ends() -> None:
    vanishing = zone("gradient_rms")
    assert vanishing.high is not None and vanishing.last_part == 4
    first = "gradient_rms 1_conv2d"  # a quarter of the ward's four layers with weights
    inside = Ward().train(100, {"gradient_rms": 0.01, first: 0.99 * vanishing.high * 0.01})
    above = Ward().train(100, {"gradient_rms": 0.01, first: 1.01 * vanishing.high * 0.01})
    assert [alert.rule for alert in inside] == ["doctor.vanishing"]
    assert above == []


def test_every_zone_has_a_limit_and_says_so_and_reaches_the_page() -> None:
    for each in danger_zones():
        assert (each.low is None) != (each.high is None)
        assert each.name
    _, _, written = schema.typescript().partition("DANGER_ZONES: readonly DangerZone[] = ")
    told, _ = json.JSONDecoder().raw_decode(written)
    assert told == [each.model_dump() for each in danger_zones()]
