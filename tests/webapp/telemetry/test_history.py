"""What a late viewer is given: all of it, coarse where it is long, exact at the end, without what was superseded."""

from __future__ import annotations

import time

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.protocol import Rows, decode, pack, unpack
from tests.webapp.telemetry.conftest import leased_run
from webapp.runs.models import Run
from webapp.telemetry.chunks import CHUNK_ROWS, Table, append, table_from
from webapp.telemetry.history import Part, as_json, as_records, attempt_limits, history
from webapp.telemetry.models import Chunk

pytestmark = pytest.mark.django_db


def feed(run: Run, steps: range, batch: int = 100, attempt: int = 1, columns: int = 2, offset: float = 0.0) -> None:
    for start in range(0, len(steps), batch):
        some = np.array(steps[start : start + batch], dtype=np.uint32)
        values = np.stack([np.sin(some / 50) + column + offset for column in range(columns)]).astype(np.float32)
        append(run.pk, attempt, "steps", Table(some, values))


def bounds(part: Part) -> tuple[np.ndarray, np.ndarray]:
    values = part.table.values
    return (values, values) if part.level == 0 else tuple(np.split(values, 2))


def test_chunks_are_sealed_at_512_rows_and_the_last_one_grows(run: Run) -> None:
    feed(run, range(1, 1100))
    chunks = Chunk.objects.filter(level=0).order_by("part")
    places = [(chunk.step0, chunk.last, chunk.n) for chunk in chunks]
    assert places == [
        (1, 512, 512),
        (513, 1024, 512),
        (1025, 1099, 75),
    ]
    assert Chunk.objects.get(level=1).n == 16


def test_the_second_level_stands_for_4096_rows_each(run: Run) -> None:
    with transaction.atomic():
        feed(run, range(1, 32_768 + 1), batch=8192)
    top = Chunk.objects.get(level=2)
    assert (top.n, top.step0) == (8, 1)


def test_a_short_stream_is_given_exactly(run: Run) -> None:
    feed(run, range(1, 701))
    (part,) = history(run, "steps")
    assert part.level == 0
    assert part.table.steps.tolist() == list(range(1, 701))


def test_a_part_of_it(run: Run) -> None:
    feed(run, range(1, 2001))
    (part,) = history(run, "steps", first=600, last=1500)
    assert (part.table.steps[0], part.table.steps[-1], len(part.table)) == (600, 1500, 901)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(1, 6000), uploads=st.integers(1, 30), points=st.integers(16, 1000), data=st.data())
def test_coarse_rows_have_exact_bounds(length: int, uploads: int, points: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, length))
    last = data.draw(st.integers(first, length + 10))
    with transaction.atomic():
        run = leased_run()
        feed(run, range(1, length + 1), -(-length // uploads))
        parts = history(run, "steps", first, last, points)
        transaction.set_rollback(True)
    steps = np.concatenate([part.table.steps for part in parts]) if parts else np.array([])
    wanted = np.arange(max(first, 1), min(last, length) + 1)
    if not len(wanted):
        assert not parts
        return
    assert steps[0] == wanted[0] and (np.diff(steps) > 0).all()
    assert parts[-1].level == 0 and steps[-1] == wanted[-1]
    assert len(steps) <= points + 3 * 64
    low = np.concatenate([bounds(part)[0] for part in parts], axis=1)
    high = np.concatenate([bounds(part)[1] for part in parts], axis=1)
    truth = np.sin(wanted / 50).astype(np.float32)
    for row, start in enumerate(steps):
        stop = steps[row + 1] if row + 1 < len(steps) else wanted[-1] + 1
        group = truth[start - wanted[0] : stop - wanted[0]]
        assert (low[0, row], high[0, row]) == (group.min(), group.max())


def test_a_spike_and_a_hole_survive(run: Run) -> None:
    steps = np.arange(1, 20_001, dtype=np.uint32)
    values = np.zeros((1, steps.size), dtype=np.float32)
    values[0, 7777] = 1000
    append(run.pk, 1, "steps", Table(steps, values))
    parts = history(run, "steps", points=100)
    assert max(bounds(part)[1].max() for part in parts) == 1000


def test_a_later_attempt_supersedes_what_followed_its_checkpoint(run: Run) -> None:
    feed(run, range(1, 1501))
    feed(run, range(1201, 2001), attempt=2, offset=10)
    run.attempts = [{"attempt": 1, "first_step": 0}, {"attempt": 2, "first_step": 1200}]
    parts = history(run, "steps", points=20_000)
    assert [(part.attempt, int(part.table.steps[0]), int(part.table.steps[-1])) for part in parts] == [
        (1, 1, 1200),
        (2, 1201, 2000),
    ]
    coarse = history(run, "steps", points=50)
    assert all(bounds(part)[1][0].max() < 5 for part in coarse if part.attempt == 1)
    assert all(bounds(part)[0][0].min() > 5 for part in coarse if part.attempt == 2)


def test_an_attempt_that_has_told_nothing_yet_cuts_at_its_first_step(run: Run) -> None:
    feed(run, range(1, 101))
    run.attempts = [{"attempt": 1, "first_step": 0}, {"attempt": 2, "first_step": 60}, {"attempt": 3, "first_step": 40}]
    assert attempt_limits(run, "steps") == {1: 40, 2: 40, 3: 2**32 - 1}
    (part,) = history(run, "steps")
    assert part.table.steps[-1] == 40


def test_the_container_can_be_read_back(run: Run) -> None:
    feed(run, range(1, 5001))
    parts = history(run, "steps", points=200)
    for record, part in zip(unpack(pack(as_records("steps", parts))), parts, strict=True):
        header, payload = decode(record, {"rows": Rows})
        table = table_from(payload, header.count, header.columns * (2 if header.level else 1))
        assert (header.level, header.attempt) == (part.level, 1)
        assert (table.values == part.table.values).all()


def test_scripts_get_numbers_and_null_for_what_was_not_measured(run: Run) -> None:
    values = np.array([[1, np.nan, np.inf]], dtype=np.float32)
    append(run.pk, 1, "steps", Table(np.array([1, 2, 3], dtype=np.uint32), values))
    answer = as_json(run, "steps", history(run, "steps"))
    assert (answer["steps"], answer["values"]) == ([1, 2, 3], [[1, None, None]])


def test_nothing_yet(run: Run) -> None:
    assert history(run, "layers") == []
    assert as_json(run, "layers", [])["steps"] == []


def test_a_hundred_thousand_steps_of_sixty_series_come_quickly(run: Run) -> None:
    steps = np.arange(1, 100_001, dtype=np.uint32)
    values = np.random.default_rng(1).normal(size=(60, steps.size)).astype(np.float32)
    with transaction.atomic():
        append(run.pk, 1, "layers", Table(steps, values))
    seconds = []
    for _ in range(5):
        begin = time.process_time()
        container = pack(as_records("layers", history(run, "layers")))
        seconds.append(time.process_time() - begin)
    assert len(container) < 1_500_000
    assert min(seconds) < 0.15


def test_a_rewritten_chunk_is_one_row(run: Run) -> None:
    feed(run, range(1, 200), batch=10)
    assert Chunk.objects.count() == 1
    assert Chunk.objects.get().n == 199 < CHUNK_ROWS
