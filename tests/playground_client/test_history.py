"""Rows of a run."""

from __future__ import annotations

import pytest

from playground_client import History


def test_series_of_rows_that_stand_for_several() -> None:
    columns: list[dict[str, str | None]] = [
        {"quantity": "loss", "layer": None},
        {"quantity": "gradient_rms", "layer": "c1"},
    ]
    history = History("r", "steps", columns, [1, 9], [1, 1], [[1.0, None], [3.0, 4.0]], [[2.0, None], [3.0, 5.0]])
    assert history.series("loss") == [1.5, None]
    assert history.series("gradient_rms", "c1") == [3.0, 4.5]
    with pytest.raises(KeyError, match=r"has no accuracy of the network\. It has: gradient_rms, loss"):
        history.series("accuracy")
