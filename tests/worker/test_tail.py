"""What is uploaded when: a run's first two moments at once, then in groups."""

from __future__ import annotations

from pathlib import Path

from playground.protocol import Event, Upload, decode, encode
from worker.folders import LeaseFolder
from worker.spool import SpoolWriter
from worker.tail import SPACING, Tail


def record(step: int) -> bytes:
    return encode(Event(step=step, name="epoch", message="", value=None, time=0.0))


def count(upload: bytes | None) -> int:
    if upload is None:
        return 0
    message, _ = decode(upload, {"upload": Upload})
    assert isinstance(message, Upload)
    return message.count


def test_after_a_pause_two_uploads_go_at_once_and_what_follows_together(tmp_path: Path) -> None:
    folder = LeaseFolder(tmp_path / "run" / "lease-1")
    folder.path.mkdir(parents=True)
    spool, tail = SpoolWriter(folder.spool), Tail(folder, alive=True)
    tail.begin(1)
    for pause in (100.0, 200.0):
        now, sent = pause, []
        for step in range(12):
            tail.ack(spool.append(record(step)))
            sent.append(count(tail.upload(now)))
            now += SPACING / 5 + 1e-6
        assert sent == [1, 1, 0, 0, 0, 4, 0, 0, 0, 0, 5, 0]
        assert count(tail.upload(now + 10)) == 1
        now += 20
    spool.close()
    tail.close()
