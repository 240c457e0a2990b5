"""Rows go out as they were put in, and broken ones are noticed."""

import math

import numpy as np
import pytest

from playground.protocol import TELEMETRY, Column, Rows, decode
from worker.rows import RowBuffer

COLUMNS = [Column(quantity="loss"), Column(quantity="accuracy")]


def buffer() -> RowBuffer:
    return RowBuffer("steps", COLUMNS, 1)


def test_rows_are_sent_by_column_with_their_steps() -> None:
    rows = buffer()
    rows.add(4, [0.5, 0.25])
    rows.add(5, [0.75, 1.0])
    message, payload = decode(rows.record(), TELEMETRY)
    assert isinstance(message, Rows) and (message.count, message.columns) == (2, 2)
    assert np.frombuffer(payload[:8], np.uint32).tolist() == [4, 5]
    assert np.frombuffer(payload[8:], np.float32).tolist() == [0.5, 0.75, 0.25, 1.0]
    assert len(rows) == 0


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_a_broken_row_is_noticed_at_once(broken: float) -> None:
    rows = buffer()
    rows.add(1, [0.5, 0.5])
    assert rows.last_is_finite()
    rows.add(2, [broken, 0.5])
    assert not rows.last_is_finite()
