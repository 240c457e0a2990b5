"""Intervals are scipy's, to many figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from playground.comparing.student import LEVEL, beta_share, mean_interval, t_quantile, t_share, welch

FREEDOM = st.floats(0.5, 5_000)
SHARE = st.floats(0.001, 0.999)
ERRORS = st.floats(0, 100)


@given(t=st.floats(-200, 200), freedom=FREEDOM)
def test_the_share_below_a_value_is_scipys(t: float, freedom: float) -> None:
    assert t_share(t, freedom) == pytest.approx(stats.t.cdf(t, freedom), rel=1e-9, abs=1e-13)


@given(share=SHARE, freedom=FREEDOM)
def test_a_quantile_is_scipys(share: float, freedom: float) -> None:
    assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-8, abs=1e-9)


@given(a=st.floats(0.1, 2_000), b=st.floats(0.1, 50), x=st.floats(0, 1))
def test_the_incomplete_beta_function_is_scipys(a: float, b: float, x: float) -> None:
    assert beta_share(a, b, x) == pytest.approx(stats.beta.cdf(x, a, b), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(("freedom", "printed"), [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042)])
def test_the_limits_are_those_of_the_printed_table(freedom: int, printed: float) -> None:
    assert round(t_quantile(0.975, freedom), 3) == printed


@given(values=st.lists(ERRORS, min_size=2, max_size=20).filter(lambda v: len(set(v)) > 1 and max(v) - min(v) > 1e-6))
def test_the_interval_of_a_mean_is_scipys(values: list[float]) -> None:
    found = mean_interval(values)
    low, high = stats.t.interval(LEVEL, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-8, abs=1e-8)


@given(
    ones=st.lists(ERRORS, min_size=2, max_size=9).filter(lambda v: max(v) - min(v) > 1e-3),
    others=st.lists(ERRORS, min_size=2, max_size=9).filter(lambda v: max(v) - min(v) > 1e-3),
)
def test_the_interval_of_a_difference_is_scipys_welch(ones: list[float], others: list[float]) -> None:
    found = welch(ones, others)
    test = stats.ttest_ind(others, ones, equal_var=False)
    limits = test.confidence_interval(LEVEL)
    assert (found.low, found.high) == pytest.approx((limits.low, limits.high), rel=1e-7, abs=1e-7)
    assert found.freedom == pytest.approx(test.df)
    if abs(test.pvalue - (1 - LEVEL)) > 1e-6:
        assert found.holds_nought == (test.pvalue > 1 - LEVEL)


def test_what_does_not_scatter_leaves_no_width() -> None:
    same = welch([3.0, 3.0], [3.0, 3.0, 3.0])
    assert (same.low, same.high, same.holds_nought) == (0.0, 0.0, True)
    assert not welch([3.0, 3.0], [4.0, 4.0]).holds_nought
    assert mean_interval([2.0, 2.0]).low == 2.0


def test_a_scatter_so_small_that_its_square_vanishes_is_no_error() -> None:
    found = welch([0.0, 1e-160], [0.0, 0.0])
    assert math.isfinite(found.low)


@pytest.mark.parametrize(("ones", "others"), [([1.0], [1.0, 2.0]), ([1.0, 2.0], [1.0]), ([], [1.0, 2.0])])
def test_one_value_has_no_interval(ones: list[float], others: list[float]) -> None:
    with pytest.raises(ValueError, match="scatter"):
        welch(ones, others)
    with pytest.raises(ValueError, match="scatter"):
        mean_interval([1.0])


@pytest.mark.parametrize(("share", "freedom"), [(0.0, 3), (1.0, 3), (0.5, 0)])
def test_there_is_no_quantile_beyond_the_ends(share: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(share, freedom)
