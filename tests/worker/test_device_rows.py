"""Rows leave a device late, whole and in order, and nobody waits for them unless too many are on their way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from playground.protocol import TELEMETRY, Column, Rows, decode
from worker import device_rows
from worker.device_rows import MOST_ON_THEIR_WAY, DeviceRows, SampledRows
from worker.leaving import Leaving

COLUMNS = [Column(quantity="loss"), Column(quantity="accuracy")]


class Slow(Leaving):
    """A copy that arrives when the test lets it, as on a GPU."""

    arrived: ClassVar[int] = 0
    made: ClassVar[int] = 0
    waited: ClassVar[list[int]] = []

    def __init__(self, tensor: torch.Tensor) -> None:
        super().__init__(tensor)
        self._number = Slow.made
        Slow.made += 1

    @property
    def there(self) -> bool:
        return self._number < Slow.arrived

    def numbers(self) -> NDArray[np.float32]:
        if not self.there:
            Slow.waited.append(self._number)
        return super().numbers()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Slow]]:
    Slow.arrived, Slow.made, Slow.waited = 0, 0, []
    monkeypatch.setattr(device_rows, "Leaving", Slow)
    yield Slow


class Device:
    """Writes rows [step, step / 2] and counts its steps itself."""

    def __init__(self, first: int = 0, capacity: int | None = None) -> None:
        self.clock = torch.tensor([first])
        self.rows = DeviceRows("steps", COLUMNS, 1, self.clock)
        if capacity is not None:
            self.rows._capacity, self.rows._ring = capacity, torch.zeros(capacity, len(COLUMNS) + 1)

    def go(self, steps: int, *, loss: float | None = None) -> None:
        for _ in range(steps):
            step = int(self.clock)
            self.rows.write(torch.tensor([step if loss is None else loss, step / 2]))
            self.rows.launched(step)
            self.clock.add_(1)


def values(records: list[bytes]) -> tuple[list[int], list[float], list[float]]:
    """Steps, and both columns."""
    steps: list[int] = []
    columns: list[list[float]] = [[], []]
    for record in records:
        message, payload = decode(record, TELEMETRY)
        assert isinstance(message, Rows)
        steps += np.frombuffer(payload, np.uint32, message.count).tolist()
        numbers = np.frombuffer(payload, np.float32, offset=4 * message.count).reshape(2, -1)
        for column, part in zip(columns, numbers.tolist(), strict=True):
            column += part
    return steps, columns[0], columns[1]


def test_every_row_comes_once_with_its_step_however_the_ring_lies() -> None:
    device = Device(first=5, capacity=7)
    records = []
    for steps in (3, 7, 1, 6, 5):
        device.go(steps)
        assert device.rows.full == (steps == 7)
        records += device.rows.records()
    steps, loss, half = values(records)
    assert steps == list(range(5, 27))
    assert loss == [float(step) for step in steps] and half == [step / 2 for step in steps]
    assert len(device.rows) == 0


def test_rows_that_have_not_arrived_come_later_and_are_not_waited_for(slow: type[Slow]) -> None:
    device = Device(capacity=4)
    device.go(4)
    assert device.rows.records(wait=False) == []
    device.go(4)  # into the same places of the ring
    slow.arrived = 1
    assert values(device.rows.records(wait=False))[0] == [0, 1, 2, 3]
    assert len(device.rows) == 4
    slow.arrived = 2
    assert values(device.rows.records(wait=False))[:2] == ([4, 5, 6, 7], [4.0, 5.0, 6.0, 7.0])
    assert slow.waited == []


def test_the_host_waits_when_the_device_is_too_far_behind(slow: type[Slow]) -> None:
    device = Device()
    for _ in range(MOST_ON_THEIR_WAY):
        device.go(2)
        assert device.rows.records(wait=False) == []
    device.go(2)
    assert values(device.rows.records(wait=False))[0] == [0, 1]
    assert slow.waited == [0]
    assert values(device.rows.records(wait=True))[0] == [2, 3, 4, 5]


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_the_device_knows_of_a_broken_step_at_once_and_the_host_when_its_row_arrives(
    slow: type[Slow], loss: float
) -> None:
    device = Device()
    device.go(3)
    assert float(device.rows.broken or 0) == 0
    device.go(1, loss=loss)
    assert float(device.rows.broken or 0) == 1
    device.go(2)  # of weights that no longer change
    assert device.rows.records(wait=False) == []
    assert device.rows.last_is_finite() and device.rows.broke_at is None
    device.go(2)
    slow.arrived = 1
    assert values(device.rows.records(wait=False))[0] == [0, 1, 2, 3]
    assert not device.rows.last_is_finite() and device.rows.broke_at == 3
    assert device.rows.records(wait=True) == []


def test_completion_and_the_doctor_see_rows_as_they_are_sent(slow: type[Slow]) -> None:
    device, seen = Device(), []
    device.rows.watch = lambda steps, numbers: seen.append((steps, numbers.tolist()))

    def complete(numbers: NDArray[np.float32]) -> None:
        numbers[:, 1] = 9

    device.go(2)
    (record,) = device.rows.records(complete)
    assert values([record]) == ([0, 1], [0.0, 1.0], [9.0, 9.0])
    assert seen == [([0, 1], [[0.0, 9.0], [1.0, 9.0]])]


def test_a_sampled_row_joins_what_the_host_knows_with_what_the_device_made(slow: type[Slow]) -> None:
    columns = [Column(quantity="dead", layer=name) for name in "abcd"]
    rows = SampledRows("layers", columns, 1)
    for step in (3, 8):
        rows.add_parts(step, [[1.0], torch.tensor([2.0, 3.0]) * step, [4.0]])
    assert len(rows) == 2 and not rows.full
    assert rows.records(wait=False) == []
    slow.arrived = 1
    message, payload = decode(rows.records(wait=False)[0], TELEMETRY)
    assert isinstance(message, Rows) and message.count == 1
    assert np.frombuffer(payload, np.float32, offset=4).tolist() == [1.0, 6.0, 9.0, 4.0]
    message, payload = decode(rows.records()[0], TELEMETRY)
    assert np.frombuffer(payload, np.uint32, 1).tolist() == [8]
    assert np.frombuffer(payload, np.float32, offset=4).tolist() == [1.0, 16.0, 24.0, 4.0]
    assert rows.records() == []


def test_a_row_of_numbers_alone_waits_for_nothing(slow: type[Slow]) -> None:
    rows = SampledRows("layers", [Column(quantity="dead", layer="a")], 1)
    rows.add_parts(0, [[7.0]])
    assert len(rows.records(wait=False)) == 1 and slow.made == 0
