"""The small curve: means over groups, thirty to sixty of them, finite."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.telemetry.spark import MOST, spark_cut, spark_extended, spark_values


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 3000), st.integers(1, 100))
def test_however_it_is_fed_the_curve_is_the_same(steps: int, batch: int) -> None:
    points = [(step, 1.0 / step) for step in range(1, steps + 1)]
    whole = spark_extended({}, points)
    parts: dict = {}
    for start in range(0, steps, batch):
        parts = json.loads(json.dumps(spark_extended(parts, points[start : start + batch])))
    assert spark_values(parts) == spark_values(whole)
    assert min(steps, MOST // 2) <= len(spark_values(whole)) <= MOST
    assert sum(whole["counts"]) == steps
    assert spark_values(whole) == sorted(spark_values(whole), reverse=True)


def test_a_curve_may_begin_anywhere() -> None:
    spark = spark_extended({}, [(step, 1.0) for step in range(101, 401)])
    assert spark["first"] * spark["width"] <= 101
    assert set(spark_values(spark)) == {1.0} and sum(spark["counts"]) == 300


def test_losses_that_are_no_number_are_left_out() -> None:
    assert spark_values(spark_extended({}, [(0, float("nan")), (1, 2.0), (2, float("inf"))])) == [2.0]


def test_a_run_that_goes_on_from_its_checkpoint_draws_the_rest_anew() -> None:
    spark = spark_extended({}, [(step, float(step)) for step in range(10)])
    assert spark_values(spark_extended(spark_cut(spark, 4), [(5, 100.0)])) == [0, 1, 2, 3, 4, 100]
