"""A lease's spool on its way to the site: what to send next, what is confirmed, and whether all of it is there."""

from __future__ import annotations

from playground.protocol import MAX_FRAME_BYTES, UPLOAD_WINDOW, Upload, WireError, decode_header, encode, pack
from worker.folders import LeaseFolder
from worker.spool import SpoolReader

SPACING = 0.05
"""Seconds between uploads of a run: what comes meanwhile is committed in groups. After a pause two go at once, for a
run's start and its first step come one after the other, and somebody waits for the step."""
MOST_BYTES = MAX_FRAME_BYTES - 16 * 1024
"""Of records in an upload, so that lengths and the header fit."""
LAST_KINDS = ("finished", "failed")


class Tail:
    """Position in the spool of one lease."""

    def __init__(self, folder: LeaseFolder, *, alive: bool) -> None:
        self.folder = folder
        self.alive = alive
        self.reason = ""
        """How the process ended."""
        self.reported = False
        """The site was told, over this connection, that the process ended without a last record."""
        self.acked = 0
        self._next: int | None = None
        """Number to send next; None until the site has said where to go on."""
        self._reader = SpoolReader(folder.spool)
        self._size = -1
        self._may_send_at = 0.0
        self._last_kind = ""
        self._delivered = False

    def begin(self, seq: int) -> None:
        """Send from this number on, again if need be."""
        self._next, self.acked, self._size, self._may_send_at = seq, seq - 1, -1, 0.0
        self._delivered = False
        before = self._reader.read_from(seq - 1, 1) if seq > 1 else []
        self._last_kind = _kind(before[0][1]) if before else ""

    def pause(self) -> None:
        """The connection is gone."""
        self._next, self.reported = None, False

    def ack(self, seq: int) -> None:
        self.acked = max(self.acked, seq)

    def upload(self, now: float) -> bytes | None:
        """The next upload, None where there is nothing to send or too much on its way."""
        if self._next is None or self._delivered or now < self._may_send_at:
            return None
        room = UPLOAD_WINDOW - (self._next - 1 - self.acked)
        size = self._reader.size()
        if room <= 0 or size == self._size:
            return None
        found = self._reader.read_from(self._next, MOST_BYTES)[:room]
        records = [record for _, record in found]
        while len(records) > 1 and sum(map(len, records)) + 4 * len(records) > MOST_BYTES:
            records.pop()
        if not records:
            self._size = size
            return None
        first = self._next
        self._next += len(records)
        self._may_send_at = max(self._may_send_at + SPACING, now)
        self._last_kind = _kind(records[-1])
        header = Upload(run=self.folder.run, lease=self.folder.lease, first=first, count=len(records))
        return encode(header, pack(records))

    @property
    def delivered(self) -> bool:
        """The process is dead and the site has stored everything it wrote."""
        if self._delivered or self.alive or self._next is None or self.acked < self._next - 1:
            return self._delivered
        self._delivered = not self._reader.read_from(self._next, 1)
        if self._delivered:
            self._reader.close()
        return self._delivered

    @property
    def concluded(self) -> bool:
        """The last record that was sent ends the run."""
        return self._last_kind in LAST_KINDS

    @property
    def over(self) -> bool:
        """The site has the run's last record. The process may still be ending: seconds, on a busy machine."""
        return self.concluded and self._next is not None and self.acked >= self._next - 1

    def close(self) -> None:
        self._reader.close()


def _kind(record: bytes) -> str:
    try:
        return str(decode_header(record)[0]["kind"])
    except WireError:
        return ""
