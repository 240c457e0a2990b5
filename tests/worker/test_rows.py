"""Rows go out as they were put in, and broken ones are noticed wherever they lie."""

import math

import numpy as np
import pytest
import torch

from playground.protocol import TELEMETRY, Column, Rows, decode
from worker.rows import RowBuffer

COLUMNS = [Column(quantity="loss"), Column(quantity="accuracy")]


def buffer(*, on_device: bool = False) -> RowBuffer:
    """As on a GPU where `on_device`: its rows are not looked at until they are sent."""
    made = RowBuffer("steps", COLUMNS, 1, torch.device("cpu"))
    made._on_device = on_device
    return made


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
def test_a_broken_row_is_noticed_at_once_in_memory_and_with_its_packet_on_a_device(broken: float) -> None:
    here, there = buffer(), buffer(on_device=True)
    here.add(1, [0.5, 0.5])
    there.add(1, torch.tensor([0.5, 0.5]))
    assert here.last_is_finite() and there.last_is_finite()
    here.add(2, [broken, 0.5])
    there.add(2, torch.tensor([broken, 0.5]))
    assert not here.last_is_finite()
    assert there.last_is_finite()
    there.record()
    assert not there.last_is_finite()
