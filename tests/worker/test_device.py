"""How many threads and how much memory a run takes."""

from __future__ import annotations

import pytest

from worker import device, host


def test_small_networks_take_one_thread_and_large_ones_leave_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_THREADS", raising=False)
    monkeypatch.setattr(device, "cores", lambda: 8)
    assert [device.threads(macs) for macs in (0, 27_000_000, 100_000_000, 10**12)] == [1, 1, 2, 7]
    monkeypatch.setattr(device, "cores", lambda: 1)
    assert device.threads(10**12) == 1
    monkeypatch.setenv("PLAYGROUND_THREADS", "5")
    assert device.threads(0) == 5


def test_memory_is_a_share_of_the_machine_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_MEMORY_BYTES", raising=False)
    assert device.memory_limit() == int(0.8 * host.memory_bytes())
    monkeypatch.setenv("PLAYGROUND_MEMORY_BYTES", "123456789")
    assert device.memory_limit() == 123456789
