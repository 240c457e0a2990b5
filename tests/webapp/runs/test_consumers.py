"""The viewer's socket on a real site: who gets in, what comes, what closes it."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from playground.protocol import VERSION, Hello, Upload, decode_header, encode, pack, unpack
from tests.webapp.conftest import LiveSite, small_network, wait_for
from tests.webapp.telemetry.conftest import event_record, finished_record, maps_record, rows_record, started_record


class Browser:
    """Cookies, and requests to the live site."""

    def __init__(self, site: LiveSite) -> None:
        self.site = site
        self.cookie = ""

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        content = response.read()
        connection.close()
        return response.status, json.loads(content) if content else None

    def run(self, **recipe: str) -> dict[str, Any]:
        body = {"network": small_network(), "recipe": {"dataset": "digits", **recipe}}
        _, experiment = self.call("POST", "/api/experiments", body)
        status, run = self.call("POST", f"/api/experiments/{experiment['id']}/runs")
        assert status == 201, run
        return run

    def watch(self, run: str, origin: str | None = None) -> ClientConnection:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        return connect(
            f"{self.site.socket_address}/ws/runs/{run}/",
            additional_headers=headers,
            origin=origin or self.site.address,
            compression=None,
        )


class FakeAgent:
    """Speaks the worker's protocol over a real socket, so that records take the whole way."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seq: dict[str, int] = {}
        self.leases: dict[str, int] = {}

    @classmethod
    @contextmanager
    def dial(cls, site: LiveSite) -> Iterator[FakeAgent]:
        name = uuid.uuid4().hex
        issue = f"from webapp.runs.tokens import worker_token_issue; print(worker_token_issue(name='{name}'))"
        headers = {"Authorization": f"Bearer {site.python(issue).strip()}"}
        machine: dict[str, Any] = {"device": "cpu", "cuda": False, "cores": 1, "memory_bytes": 1, "torch": ""}
        hello = Hello(version=VERSION, name=name, slots=100, datasets=["digits"], **machine)
        with connect(f"{site.socket_address}/ws/worker/", additional_headers=headers) as socket:
            socket.send(hello.model_dump_json())
            yield cls(socket)

    def lease(self, run: str) -> None:
        while run not in self.leases:
            message = json.loads(self.socket.recv(timeout=20))
            if message["kind"] == "lease":
                self.leases[message["run"]] = message["lease"]

    def send(self, run: str, *records: bytes) -> None:
        """Upload, and wait for the acknowledgement."""
        first = self.seq.get(run, 0) + 1
        upload = Upload(run=run, lease=self.leases[run], first=first, count=len(records))
        self.socket.send(encode(upload, pack(records)))
        self.seq[run] = first + len(records) - 1
        while True:
            message = json.loads(self.socket.recv(timeout=20))
            if message["kind"] == "ack" and message["run"] == run and message["seq"] == self.seq[run]:
                return


@pytest.fixture
def person(live_site: LiveSite) -> Browser:
    return Browser(live_site)


@pytest.fixture(scope="module")
def agent(live_site: LiveSite) -> Iterator[FakeAgent]:
    with FakeAgent.dial(live_site) as agent:
        yield agent


def read(socket: ClientConnection, until: str, seconds: float = 20.0) -> list[dict[str, Any]]:
    """Headers of records and messages up to the first of a kind; confirms what it reads."""
    heard: list[dict[str, Any]] = []
    received = getattr(socket, "received", 0)
    deadline = time.monotonic() + seconds
    while not any(message["kind"] == until for message in heard):
        data = socket.recv(timeout=max(0.1, deadline - time.monotonic()))
        if isinstance(data, str):
            heard.append(json.loads(data))
            continue
        received += len(data)
        socket.received = received  # type: ignore[attr-defined]
        socket.send(json.dumps({"kind": "credit", "bytes": received}))
        heard += [decode_header(record)[0] for record in unpack(bytes(decode_header(data)[1]))]
    return heard


def closing(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=10)
    return closed.value.rcvd.code


def test_two_browsers_see_the_same_run_from_queue_to_end(person: Browser, agent: FakeAgent) -> None:
    run = person.run()
    visitor = Browser(person.site)
    with person.watch(run["id"]) as own, visitor.watch(run["id"]) as other:
        for socket, mine in ((own, True), (other, False)):
            (snapshot,) = read(socket, "snapshot")
            assert (snapshot["run"]["id"], snapshot["run"]["mine"]) == (run["id"], mine)
        agent.lease(run["id"])
        agent.send(run["id"], started_record())
        agent.send(run["id"], rows_record([1, 2]), maps_record(2))
        agent.send(run["id"], event_record(2), finished_record(2))
        for socket in (own, other):
            heard = read(socket, "finished")
            kinds = [message["kind"] for message in heard]
            rows = [kind for kind in kinds if kind not in {"run", "maps"}]
            assert (rows, kinds.count("maps")) == (["started", "rows", "event", "finished"], 1)
            changes = [m["run"]["state"] for m in heard if m["kind"] == "run"] + [
                read(socket, "run")[-1]["run"]["state"]
            ]
            assert changes[-1] == "finished"


def test_a_late_viewer_is_told_where_storage_ends(person: Browser, agent: FakeAgent) -> None:
    run = person.run()
    agent.lease(run["id"])
    agent.send(run["id"], started_record(), *(rows_record([step]) for step in range(1, 50)))
    with person.watch(run["id"]) as socket:
        (snapshot,) = read(socket, "snapshot")
        assert (snapshot["seq"], snapshot["run"]["state"], snapshot["run"]["step"]) == (50, "running", 49)
    status, history = person.call("GET", f"/api/runs/{run['id']}/history")
    assert (status, history["steps"]) == (200, list(range(1, 50)))


def test_the_first_record_arrives_well_within_the_tick(person: Browser, agent: FakeAgent) -> None:
    run = person.run()
    agent.lease(run["id"])
    agent.send(run["id"], started_record())
    with person.watch(run["id"]) as socket:
        read(socket, "snapshot")
        delays = []
        for step in range(1, 6):
            time.sleep(0.15)
            begin = time.monotonic()
            agent.send(run["id"], rows_record([step]))
            read(socket, "rows")
            delays.append(time.monotonic() - begin)
    assert min(delays) < 0.09


def test_a_run_that_is_not_there(person: Browser) -> None:
    for run in ("0" * 32, "nothing", "%00"):
        with pytest.raises(InvalidStatus) as refused, person.watch(run):
            pass
        assert refused.value.response.status_code == 403


def test_a_page_of_another_site_gets_no_socket(person: Browser) -> None:
    run = person.run()
    for origin in ("http://evil.example", "null", "http://127.0.0.1.evil.example"):
        with pytest.raises(InvalidStatus) as refused, person.watch(run["id"], origin=origin):
            pass
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "message",
    [
        "stop",
        '{"kind": "stop"}',
        '{"kind": "credit"}',
        '{"kind": "credit", "bytes": 1e3}',
        '{"kind": "credit", "bytes": 1}',
        '{"kind": "credit", "bytes": -1}',
        "[" * 60,
        "x" * 65,
        b"\x00",
        b"x" * 100_000,
    ],
)
def test_nonsense_closes_the_socket(person: Browser, message: str | bytes) -> None:
    run = person.run()
    with person.watch(run["id"]) as socket:
        socket.send(message)
        assert closing(socket) == 4400


def test_a_flood_closes_the_socket(person: Browser) -> None:
    run = person.run()
    with person.watch(run["id"]) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(5000):
                socket.send('{"kind": "credit", "bytes": 0}')
            while True:
                socket.recv(timeout=10)
        assert closed.value.rcvd.code == 4400


def test_a_viewer_that_does_not_read_delays_nobody(person: Browser, agent: FakeAgent) -> None:
    run = person.run()
    agent.lease(run["id"])
    agent.send(run["id"], started_record())
    with person.watch(run["id"]), person.watch(run["id"]) as socket:
        read(socket, "snapshot")
        for step in range(1, 40):
            agent.send(run["id"], rows_record([step]), maps_record(step, "c1", 50_000))
        agent.send(run["id"], finished_record(40))
        heard = read(socket, "finished")
        assert sum(message["count"] for message in heard if message["kind"] == "rows") == 39


def test_a_deleted_run_closes_its_sockets(person: Browser) -> None:
    run = person.run(device="cuda")  # which no worker here has, so that it waits
    with person.watch(run["id"]) as socket:
        read(socket, "snapshot")
        person.call("POST", f"/api/runs/{run['id']}/commands", {"kind": "stop"})
        assert read(socket, "run")[-1]["run"]["state"] == "stopped"
        assert person.call("DELETE", f"/api/runs/{run['id']}")[0] == 204
        assert closing(socket) == 4404


def test_no_request_fails_while_workers_write(person: Browser, agent: FakeAgent) -> None:
    """SQLite: one writer at a time, none refused."""
    run = person.run()
    agent.lease(run["id"])
    agent.send(run["id"], started_record())
    until = time.monotonic() + 4

    def save(number: int) -> int:
        guest, saves = Browser(person.site), 0
        status, made = guest.call("POST", "/api/experiments", {"network": small_network()})
        assert status == 201
        while time.monotonic() < until:
            change = {"version": saves + 1, "name": f"{number} {saves}"}
            status, answer = guest.call("PATCH", f"/api/experiments/{made['id']}", change)
            assert status == 200, answer
            saves += 1
        return saves

    with ThreadPoolExecutor(4) as pool:
        savers = [pool.submit(save, number) for number in range(4)]
        step = 0
        while time.monotonic() < until:
            agent.send(run["id"], rows_record([step]))
            step += 1
        assert all(saver.result() for saver in savers)
    wait_for(lambda: person.call("GET", f"/api/runs/{run['id']}")[1]["step"] == step - 1)
    assert step > 5
