"""What a page is told when it opens a run: in one answer what the streams and pictures tell one by one."""

from __future__ import annotations

import pytest
from django.test import Client

from playground.protocol import decode_header, unpack
from tests.webapp.telemetry.conftest import leased_run, maps_record, rows_record, started_record
from webapp.telemetry.ingest import store

pytestmark = pytest.mark.django_db
BINARY = {"HTTP_ACCEPT": "application/octet-stream"}


def told(client: Client, path: str) -> list[bytes]:
    return [bytes(record) for record in unpack(client.get(path, **BINARY).content)]


def test_it_is_the_history_of_every_stream_and_the_newest_pictures(client: Client) -> None:
    run = leased_run()
    store(run.pk, 1, 1, [started_record(layers=2), rows_record(range(1, 41)), maps_record(3), maps_record(30)])
    address = f"/api/runs/{run.pk}"
    streams = ("steps", "layers", "validation", "training")
    parts = [*(f"{address}/history?stream={name}" for name in streams), f"{address}/frames"]
    assert told(client, f"{address}/recording") == [record for part in parts for record in told(client, part)] != []


def test_rows_come_from_the_step_that_is_asked_for(client: Client) -> None:
    run = leased_run()
    store(run.pk, 1, 1, [started_record(), rows_record(range(1, 41)), maps_record(3)])
    rows, maps = (decode_header(record)[0] for record in told(client, f"/api/runs/{run.pk}/recording?steps=31"))
    assert (rows["kind"], rows["count"], maps["kind"]) == ("rows", 10, "maps")


def test_nothing_is_sent_twice_to_who_has_it(client: Client) -> None:
    run = leased_run()
    store(run.pk, 1, 1, [started_record(), rows_record(range(1, 41))])
    address = f"/api/runs/{run.pk}/recording"
    etag = client.get(address).headers["ETag"]
    assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 304
    store(run.pk, 1, 3, [rows_record([41])])
    assert client.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 200
