"""A viewer's credit: rows all and in order, pictures the newest, memory bounded, nobody waits for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from playground.protocol import decode_header, unpack
from tests.webapp.telemetry.conftest import effective_field_record, event_record, maps_record, rows_record
from webapp.telemetry.hub import Hub, Room
from webapp.telemetry.tick import MOST_FRAME_BYTES, Tick
from webapp.telemetry.viewer import TOO_SLOW, WINDOW_BYTES, CreditError, Viewer


class Page:
    """The other end of a viewer: what it was sent, and whether it confirms."""

    def __init__(self, confirms: bool = True) -> None:
        self.frames: list[bytes] = []
        self.runs = 0
        self.closed: int | None = None
        self.confirms = confirms
        self.viewer = Viewer(self.send, self.send_run, self.close)

    async def send(self, frame: bytes) -> None:
        self.frames.append(frame)
        if self.confirms:
            self.confirm()

    async def send_run(self) -> None:
        self.runs += 1

    async def close(self, code: int) -> None:
        self.closed = code

    def confirm(self) -> None:
        self.viewer.credit(sum(map(len, self.frames)))

    @property
    def records(self) -> list[dict]:
        return [decode_header(record)[0] for frame in self.frames for record in unpack(bytes(decode_header(frame)[1]))]

    def steps(self, kind: str) -> list[int]:
        return [record["step"] for record in self.records if record["kind"] == kind]


def tick_of(seq: int, *records: bytes) -> Tick:
    tick = Tick()
    tick.add(seq, 1, records)
    return tick


@asynccontextmanager
async def pumping(*pages: Page) -> AsyncIterator[None]:
    pumps = [asyncio.create_task(page.viewer.pump()) for page in pages]
    try:
        yield
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_viewer_that_keeps_up_gets_the_shared_bytes() -> None:
    first, second = Page(), Page()
    tick = tick_of(3, rows_record([1, 2, 3]))
    async with pumping(first, second):
        for page in (first, second):
            page.viewer.offer(tick)
        await settle()
    assert first.frames[0] is second.frames[0] is tick.frames[0]
    assert decode_header(first.frames[0])[0] == {"kind": "frame", "seq": 3, "attempt": 1}


async def test_a_slow_viewer_gets_every_row_in_order_and_the_newest_pictures() -> None:
    page = Page(confirms=False)
    async with pumping(page):
        for step in range(400):
            page.viewer.offer(
                tick_of(step, event_record(step), maps_record(step, "c1", 8000), maps_record(step, "c2", 8000))
            )
            await settle()
            assert page.viewer.unconfirmed <= WINDOW_BYTES
            if step % 150 == 149:
                page.confirm()
        page.confirms = True
        page.confirm()
        await settle()
    assert page.steps("event") == list(range(400))
    maps = [record for record in page.records if record["kind"] == "maps"]
    assert len(maps) < 200
    assert [record["step"] for record in maps if record["layer"] == "c1"][-1] == 399
    assert page.closed is None


def test_only_the_newest_effective_field_of_a_layer_waits_beside_its_maps() -> None:
    tick = tick_of(1, effective_field_record(1), maps_record(1), effective_field_record(1, "c2"))
    tick.merge(tick_of(2, effective_field_record(2)))
    assert list(tick.pictures.values()) == [maps_record(1), effective_field_record(1, "c2"), effective_field_record(2)]


async def test_a_stalled_viewer_is_sent_away_before_it_costs_much() -> None:
    page = Page(confirms=False)
    async with pumping(page):
        for step in range(4000):
            page.viewer.offer(tick_of(step, rows_record(range(step, step + 40)), maps_record(step, "c1", 50_000)))
            await settle()
            waiting = page.viewer._backlog.row_bytes + page.viewer._backlog.picture_bytes
            assert waiting < 1_100_000
            if page.closed:
                break
    assert page.closed == TOO_SLOW


async def test_a_silent_viewer_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.telemetry.viewer.PATIENCE_SECONDS", 0.05)
    page = Page(confirms=False)
    async with pumping(page):
        for step in range(10):
            page.viewer.offer(tick_of(step, maps_record(step, "c1", 100_000)))
            await settle()
        async with asyncio.timeout(5):
            while page.closed is None:
                await asyncio.sleep(0.01)
    assert page.closed == TOO_SLOW


async def test_one_that_has_nothing_to_confirm_may_be_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.telemetry.viewer.PATIENCE_SECONDS", 0.02)
    page = Page(confirms=False)
    async with pumping(page):
        page.viewer.offer(tick_of(1, event_record(1)))
        await asyncio.sleep(0.1)
    assert page.closed is None and len(page.frames) == 1


async def test_a_record_larger_than_half_the_window_goes_alone() -> None:
    page = Page(confirms=False)
    async with pumping(page):
        page.viewer.offer(tick_of(1, maps_record(1, "c1", 400_000), maps_record(1, "c2", 400_000)))
        await settle()
        assert page.steps("maps") == [1]
        page.confirm()
        await settle()
        assert page.steps("maps") == [1, 1]


@pytest.mark.parametrize("confirmed", [-1, 10**9])
async def test_confirming_what_was_never_sent(confirmed: int) -> None:
    with pytest.raises(CreditError):
        Page().viewer.credit(confirmed)


async def test_a_change_of_state_follows_the_records_that_led_to_it() -> None:
    page = Page()
    async with pumping(page):
        page.viewer.offer(tick_of(1, event_record(1)))
        page.viewer.run_changed()
        page.viewer.run_changed()
        await settle()
    assert (len(page.frames), page.runs) == (1, 1)


def test_frames_are_cut_before_they_fill_the_window() -> None:
    tick = tick_of(9, *(rows_record(range(1000)) for _ in range(100)))
    assert len(tick.frames) > 5
    assert all(len(frame) < MOST_FRAME_BYTES + 20_000 for frame in tick.frames)


class Listener:
    def __init__(self, fails: bool = False) -> None:
        self.ticks: list[Tick] = []
        self.changes = 0
        self.fails = fails

    def offer(self, tick: Tick) -> None:
        if self.fails:
            raise RuntimeError("broken")
        self.ticks.append(tick)

    def run_changed(self) -> None:
        self.changes += 1


async def test_the_first_two_records_after_a_pause_leave_at_once_and_the_next_ones_together() -> None:
    hub, listener = Hub(), Listener()
    hub.join("a", listener)
    for seq in (1, 2):
        hub.publish("a", seq, 1, [event_record(seq)])
        await settle()
        assert len(listener.ticks) == seq
    for seq in range(3, 7):
        hub.publish("a", seq, 1, [event_record(seq), maps_record(seq)])
        await settle()
    assert len(listener.ticks) == 2
    async with asyncio.timeout(5):
        while len(listener.ticks) == 2:
            await asyncio.sleep(0.01)
    (third,) = listener.ticks[2:]
    assert (third.seq, len(third.rows), len(third.pictures)) == (6, 4, 1)


async def test_one_viewers_failure_does_not_reach_the_others() -> None:
    room = Room(asyncio.get_running_loop())
    listeners = [Listener(), Listener(fails=True), Listener()]
    room.viewers.update(listeners)
    room.add(1, 1, [event_record(1)])
    room.flush()
    assert [len(listener.ticks) for listener in listeners] == [1, 0, 1]
    assert listeners[1] not in room.viewers


async def test_publishing_from_another_thread_and_announcing() -> None:
    hub, listener = Hub(), Listener()
    hub.join("a", listener)
    await asyncio.to_thread(hub.publish, "a", 1, 1, [event_record(1)])
    await asyncio.to_thread(hub.announce, "a")
    await settle()
    assert (len(listener.ticks), listener.changes) == (1, 1)


async def test_an_empty_room_is_cleared_away() -> None:
    hub, listener = Hub(), Listener()
    hub.join("a", listener)
    assert hub.watched() == ["a"]
    hub.leave("a", listener)
    hub.leave("a", listener)
    hub.publish("a", 1, 1, [event_record(1)])
    assert hub.watched() == []


async def test_viewers_of_a_role_share_one_look_until_the_run_changes() -> None:
    hub, listener, looks = Hub(), Listener(), []
    hub.join("a", listener)

    async def load() -> int:
        looks.append(1)
        await asyncio.sleep(0)
        return len(looks)

    assert await asyncio.gather(*(hub.look("a", None, load) for _ in range(50))) == [1] * 50
    assert await hub.look("a", "owner", load) == 2
    hub.announce("a")
    await settle()
    assert await hub.look("a", None, load) == 3
