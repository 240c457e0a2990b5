"""Who may do what, in one table: every route and every socket, as everybody. A route that is not in it fails the test.

The columns: a stranger; another guest; another member; the guest and the member whose things they are; staff. A
number is the answer's status, `+` says that the answer shows the thing's name. Pages answer everybody alike: their
script asks the API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.db import connection, transaction
from django.test import Client

from playground.protocol import CLOSE_TOKEN
from tests.webapp.accounts.builders import PASSWORD, member
from tests.webapp.conftest import guest, saved, small_network
from tests.webapp.routes import operations, routes
from tests.webapp.things import Things, folders_apart, things_of
from webapp.accounts.models import User
from webapp.accounts.tokens import token_create
from webapp.routing import VIEWERS, WORKERS, sockets
from webapp.security import Access, WorkerAccess

pytestmark = pytest.mark.django_db

SECRET = "Vault 7f3a"
"""The name of what is somebody's."""

TABLE = """
                                            stranger  guest  member  owning guest  owning member  staff
GET /api/experiments                          200     200    200     200+          200+           200
POST /api/experiments                         201     201    201     201           201            201
GET /api/experiments/{experiment}             404     404    404     200+          200+           200+
PATCH /api/experiments/{experiment}           404     404    404     200+          200+           403
DELETE /api/experiments/{experiment}          404     404    404     204           204            403
POST /api/experiments/{experiment}/duplicate  404     404    404     201+          201+           201+
POST /api/experiments/{experiment}/runs       404     404    404     201+          201+           403
GET /api/experiments/{experiment}/about       404     404    404     200+          200+           200+
GET /api/experiments/{experiment}/versions    404     404    404     200           200            200
GET /api/experiments/{experiment}/versions/{number}          404     404    404     200           200            200
POST /api/experiments/{experiment}/versions/{number}/revert  404     404    404     200+          200+           403
GET /api/experiments/{experiment}/difference  404     404    404     200+          200+           200+
GET /api/experiments/{experiment}/twins       404     404    404     200+          200+           200+
POST /api/experiments/{experiment}/twins      404     404    404     201+          201+           403
GET /api/experiments/{experiment}/sweep       404     404    404     200           200            200
POST /api/experiments/{experiment}/sweep      404     404    404     201           201            403
GET /api/batches/{batch}                      404     404    404     200+          200+           200+
POST /api/batches/{batch}/cancel              404     404    404     202+          202+           403
GET /api/runs                                 200     200    200     200+          200+           200
GET /api/runs/{run}                           200+    200+   200+    200+          200+           200+
PUT /api/runs/{run}                           404     404    404     201+          201+           403
PATCH /api/runs/{run}                         403     403    403     200           200            403
DELETE /api/runs/{run}                        403     403    403     204           204            403
POST /api/runs/{run}/commands                 403     403    403     202+          202+           403
GET /api/runs/{run}/continuation              403     403    403     200           200            403
POST /api/runs/{run}/continuation             403     403    403     409           409            403
POST /api/runs/{run}/remedy                   404     404    404     404           404            404
GET /api/runs/{run}/frames                    200     200    200     200           200            200
GET /api/runs/{run}/history                   200     200    200     200           200            200
GET /api/runs/{run}/recording                 200     200    200     200           200            200
GET /api/tags                                 200     200    200     200+          200+           200
GET /api/compare                              200+    200+   200+    200+          200+           200+
GET /api/compare/profiles                     200     200    200     200           200            200
GET /api/runs/{ended}/takeaways               200     200    200     200           200            200
GET /api/runs/{ended}/weights                 200+    200+   200+    200+          200+           200+
GET /api/runs/{ended}/code                    200+    200+   200+    200+          200+           200+
GET /api/runs/{ended}/onnx                    200+    200+   200+    200+          200+           200+
GET /api/runs/{ended}/experiment.json         200+    200+   200+    200+          200+           200+
GET /api/runs/{ended}/metrics.csv             200     200    200     200           200            200
GET /api/runs/{ended}/metrics.json            200+    200+   200+    200+          200+           200+
GET /api/runs/{ended}/tensorboard.zip         200     200    200     200           200            200
GET /api/runs/{ended}/report.html             200+    200+   200+    200+          200+           200+

GET /api/datasets                             200     200    200     200+          200+           200
GET /api/datasets/{own}/samples.png           404     404    404     200           200            404
GET /api/own-data                             200     200    200     200+          200+           200
POST /api/own-data                            201     201    201     201           201            201
GET /api/own-data/{id}                        404     404    404     200+          200+           404
PATCH /api/own-data/{id}                      404     404    404     200           200            404
DELETE /api/own-data/{id}                     404     404    404     204           204            404
PUT /api/own-data/{id}/file                   404     404    404     200+          200+           404

GET /api/experiments/{experiment}/sharing     404     404    404     200+          200+           403
PUT /api/experiments/{experiment}/visibility  404     404    404     200+          200+           403
GET /api/experiments/{experiment}/links       404     404    404     200           200            403
POST /api/experiments/{experiment}/links      404     404    404     201           201            403
DELETE /api/links/{link}                      404     404    404     204           204            404
POST /api/runs/{run}/fork                     201+    201+   201+    201+          201+           201+
GET /api/gallery                              200     200    200     200           200            200
GET /api/embed/{key}                          404     404    404     404           404            404

GET /e/{experiment}                           200     200    200     200           200            200
POST /e/{experiment}                          405     405    405     405           405            405
GET /e/{experiment}/about                     200     200    200     200           200            200
POST /e/{experiment}/about                    405     405    405     405           405            405
GET /e/{experiment}/runs/{run}                200+    200    200     200           200            200
POST /e/{experiment}/runs/{run}               405     405    405     405           405            405
GET /e/{experiment}/preview.png               404     404    404     200           200            200
POST /e/{experiment}/preview.png              405     405    405     405           405            405
GET /e/{experiment}/runs/{run}/preview.png    200     200    200     200           200            200
POST /e/{experiment}/runs/{run}/preview.png   405     405    405     405           405            405
GET /s/{link_token}                           200+    200+   200+    200+          200+           200+
POST /s/{link_token}                          405     405    405     405           405            405
GET /s/{link_token}/preview.png              200     200    200     200           200            200
POST /s/{link_token}/preview.png             405     405    405     405           405            405

GET /account/                                 302     302    200     302           200            200
POST /account/                                405     405    405     405           405            405
GET /account/address/                         405     405    405     405           405            405
POST /account/address/                        302     302    422     302           422            422
GET /account/delete/                          302     302    200     302           200            200
POST /account/delete/                         302     302    422     302           422            422
GET /account/elsewhere/                       405     405    405     405           405            405
POST /account/elsewhere/                      302     302    302     302           302            302
GET /account/export/                          405     405    405     405           405            405
POST /account/export/                         302     302    200     302           200            200
GET /account/profile/                         405     405    405     405           405            405
POST /account/profile/                        302     302    302     302           302            302
GET /account/tokens/                          405     405    405     405           405            405
POST /account/tokens/                         302     302    200     302           200            200
GET /account/tokens/{token}/revoke/           405     405    405     405           405            405
POST /account/tokens/{token}/revoke/          302     302    404     302           302            404
GET /account/password/change/                 302     302    200     302           200            200
POST /account/password/change/                302     302    200     302           200            200
GET /account/password/set/                    302     302    302     302           302            302
POST /account/password/set/                   302     302    302     302           302            302
GET /account/reauthenticate/                  302     302    200     302           200            200
POST /account/reauthenticate/                 302     302    200     302           200            200
GET /account/login/                           200     200    302     200           302            302
POST /account/login/                          200     200    302     200           302            302
GET /account/logout/                          302     302    200     302           200            200
POST /account/logout/                         302     302    302     302           302            302
GET /account/signup/                          200     200    302     200           302            302
POST /account/signup/                         200     200    302     200           302            302
GET /account/inactive/                        200     200    200     200           200            200
POST /account/inactive/                       405     405    405     405           405            405
"""
"""Everything that is somebody's, or depends on who asks."""

ALL = {
    **dict.fromkeys(
        (
            "GET /",
            "GET /new",
            "GET /compare",
            "GET /data",
            "GET /plane",
            "GET /zoo",
            "GET /zoo/{network}",
            "GET /gallery",
            "GET /embed/{key}",
            "GET /why",
            "GET /why/{guideline}",
            "GET /api/blocks",
            "GET /api/guidelines",
            "GET /api/health",
            "GET /api/recipe",
            "GET /api/workers",
            "GET /api/zoo",
            "GET /api/zoo/{name}",
            "GET /api/docs",
            "GET /api/openapi.json",
            "POST /api/analyse",
            "POST /api/code",
            "POST /api/onnx",
            "POST /api/docs",
            "POST /api/openapi.json",
        ),
        200,
    ),
    "GET /api/worker/files/{digest}": 401,  # for workers, whose token no one of these has
    "POST /api/fix": 404,  # nothing is wrong with the network
    "POST /api/import": 422,  # the file is none
    "GET /api/": 404,
    "POST /api/": 404,
    **dict.fromkeys(
        (
            "POST /",
            "POST /new",
            "POST /compare",
            "POST /data",
            "POST /plane",
            "POST /zoo",
            "POST /zoo/{network}",
            "POST /gallery",
            "POST /embed/{key}",
            "POST /why",
            "POST /why/{guideline}",
        ),
        405,
    ),
    # the site sends no mail, and says so
    **{
        f"{method} /account/{path}/": 200 if method == "GET" else 409
        for method in ("GET", "POST")
        for path in (
            "email",
            "confirm-email",
            "confirm-email/{key}",
            "password/reset",
            "password/reset/done",
            "password/reset/key/done",
            "password/reset/key/{uidb36}-{key}",
        )
    },
}
"""What is the same for everybody: the language of networks, pages, and pages about mail."""

STATELESS = {"/api/analyse", "/api/fix", "/api/code", "/api/onnx", "/api/import"}
"""Operations that take a body and change nothing."""

BODIES: dict[str, Any] = {
    "POST /api/experiments": {"network": small_network()},
    "PATCH /api/experiments/{experiment}": {"version": 1, "notes": "changed"},
    "PUT /api/runs/{run}": {"experiment": "{experiment}"},
    "PATCH /api/runs/{run}": {"name": "renamed"},
    "POST /api/runs/{run}/commands": {"kind": "stop"},
    "POST /api/runs/{run}/continuation": {"epochs": 1},
    "POST /api/runs/{run}/remedy": {"alert": "none", "remedy": "none"},
    "POST /api/experiments/{experiment}/links": {},
    "PUT /api/experiments/{experiment}/visibility": {"visibility": "public", "confirmed": True},
    "POST /api/experiments/{experiment}/versions/{number}/revert": {"version": 1},
    "POST /api/experiments/{experiment}/twins": {"kind": "initialisation", "options": {"to": "small_normal"}},
    "POST /api/experiments/{experiment}/sweep": {"seeds": 2},
    "POST /api/own-data": {"title": "Pets", "file": "pets.zip", "bytes": 10},
    "PATCH /api/own-data/{id}": {"title": "renamed"},
    **{f"POST {path}": small_network() for path in STATELESS - {"/api/import"}},
}
BYTES = {"POST /api/import": b"no model", "PUT /api/own-data/{id}/file": b"a part"}
QUERIES = {
    "POST /api/fix": "notice=filters.W001",
    "GET /api/compare": "runs={run},{ended}",
    "GET /api/compare/profiles": "runs={run},{ended}",
    "PUT /api/own-data/{id}/file": "offset=0",
}
FORMS: dict[str, dict[str, str]] = {
    "POST /account/profile/": {"name": "Somebody"},
    "POST /account/tokens/": {"name": "one", "scopes": "read"},
}


@dataclass
class Thing(Things):
    """What somebody made, and where."""

    token: int = 0
    link: int = 0
    link_token: str = ""

    def fill(self, path: str) -> str:
        values = {
            **vars(self),
            **{"network": "lenet-5", "name": "lenet-5", "guideline": "filters.W001"},
            **{"key": "abc-def", "uidb36": "1", "digest": "0" * 64},
        }
        return re.sub(r"{(\w+)}", lambda match: str(values[match[1]]), path)


def thing_of(client: Client) -> Thing:
    thing = Thing(**vars(things_of(client, SECRET)))
    link = client.post(f"/api/experiments/{thing.experiment}/links", {}, content_type="application/json").json()
    thing.link, thing.link_token = link["id"], link["token"]
    return thing


def in_session(user: User) -> Client:
    client = guest()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def everybody(settings: Any, tmp_path: Path) -> Iterator[dict[str, tuple[Client, list[Thing]]]]:
    """Each viewer, and the things that the table tells of: one's own, else those of both owners."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    folders_apart(settings, tmp_path)
    owning_guest, ada = guest(), member("ada@example.org")
    owning_member = in_session(ada)
    token, _ = token_create(user=ada, name="hers", scopes=["read"])
    guests, members = thing_of(owning_guest), thing_of(owning_member)
    guests.token = members.token = token.pk
    another = guest()
    saved(another, name="mine")
    yield {
        "stranger": (guest(), [guests, members]),
        "guest": (another, [guests, members]),
        "member": (in_session(member("bob@example.org")), [guests, members]),
        "owning guest": (owning_guest, [guests]),
        "owning member": (owning_member, [members]),
        "staff": (in_session(member("root@example.org", is_staff=True, is_superuser=True)), [guests, members]),
    }


def table() -> dict[str, dict[str, str]]:
    head, *lines = (re.split(r"\s{2,}", line.strip()) for line in TABLE.strip().splitlines() if line.strip())
    return {route: dict(zip(head, cells, strict=True)) for route, *cells in lines}


def ask(client: Client, route: str, thing: Thing) -> str:
    """The answer as the table writes it. Whatever was changed is undone."""
    method, path = route.split(" ")
    extra: dict[str, Any] = {"data": FORMS[route]} if route in FORMS else {}
    if route in BODIES:
        extra = {"data": thing.fill(json.dumps(BODIES[route])), "content_type": "application/json"}
    if route in BYTES:
        extra = {"data": BYTES[route], "content_type": "application/octet-stream"}
    address = f"{path}?{QUERIES[route]}" if route in QUERIES else path
    with transaction.atomic():
        cookies = client.cookies.copy()
        response = getattr(client, method.lower())(thing.fill(address), **extra)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        client.cookies = cookies
        transaction.set_rollback(True)
    return f"{response.status_code}{'+' if SECRET.encode() in content else ''}"


def test_the_table_names_every_route() -> None:
    told = {route.replace("{ended}", "{run}").replace("{own}", "{name}") for route in table()} | set(ALL)
    found = {route for route in routes() if not route.split(" ")[1].startswith("/admin/")}
    assert told - found == set(), "no such route"
    assert found - told == set(), "a route that nobody has thought about: who may do it?"


def test_who_may_do_what(everybody: dict[str, tuple[Client, list[Thing]]], bundle: None) -> None:
    found = {
        route: {
            who: ", ".join(sorted({ask(client, route, thing) for thing in things}))
            for who, (client, things) in everybody.items()
        }
        for route in table()
    }
    assert found == table()


WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
NOTED = {"GET /s/{link_token}": "sharing_sharelink"}
"""The one thing that looking writes down: that a link was opened, and when."""


def test_looking_changes_nothing(everybody: dict[str, tuple[Client, list[Thing]]], bundle: None) -> None:
    written: list[tuple[str, str]] = []

    def watched(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql) and NOTED.get(route, "-") not in sql:
            written.append((route, sql))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watched):
        for route in sorted(table()):
            for who in ("stranger", "owning member"):
                client, things = everybody[who]
                if route.startswith("GET "):
                    ask(client, route, things[-1])
    assert written == []


LINK_HOLDER = {
    "GET /api/experiments/{experiment}": "200+",
    "PATCH /api/experiments/{experiment}": "403",
    "DELETE /api/experiments/{experiment}": "403",
    "POST /api/experiments/{experiment}/duplicate": "201+",
    "POST /api/experiments/{experiment}/runs": "403",
    "PUT /api/runs/{run}": "403",
    "GET /api/experiments/{experiment}/sharing": "403",
    "PUT /api/experiments/{experiment}/visibility": "403",
    "GET /api/experiments/{experiment}/links": "403",
    "POST /api/experiments/{experiment}/links": "403",
    "GET /api/experiments/{experiment}/about": "200+",
    "GET /api/experiments/{experiment}/versions": "200",
    "GET /api/experiments/{experiment}/versions/{number}": "200",
    "POST /api/experiments/{experiment}/versions/{number}/revert": "403",
    "GET /api/experiments/{experiment}/difference": "200+",
    "GET /api/experiments/{experiment}/twins": "200+",
    "POST /api/experiments/{experiment}/twins": "403",
    "GET /api/experiments/{experiment}/sweep": "200",
    "POST /api/experiments/{experiment}/sweep": "403",
    "GET /e/{experiment}": "200+",
    "GET /e/{experiment}/about": "200+",
    "GET /e/{experiment}/preview.png": "200",
}
"""What a stranger who came by a link may do more than one who did not: see, and fork."""


def test_what_a_link_lets_in_to(everybody: dict[str, tuple[Client, list[Thing]]], bundle: None) -> None:
    client, things = everybody["stranger"]
    for thing in things:
        assert client.get(f"/s/{thing.link_token}?open").status_code == 302
    found = {route: ", ".join(sorted({ask(client, route, thing) for thing in things})) for route in table()}
    assert found == {route: LINK_HOLDER.get(route, cells["stranger"]) for route, cells in table().items()}


def test_what_is_for_everybody(everybody: dict[str, tuple[Client, list[Thing]]], bundle: None) -> None:
    for route, status in ALL.items():
        for who, (client, things) in everybody.items():
            assert ask(client, route, things[0]) == str(status), (route, who)


def test_the_administration_is_for_staff(everybody: dict[str, tuple[Client, list[Thing]]]) -> None:
    found = sorted(route for route in routes() if route.split(" ")[1].startswith("/admin/"))
    assert len(found) > 40
    for route in found:
        method, path = route.split(" ")
        address = re.sub(r"{\w+}", "1", path)
        for who, (client, _) in everybody.items():
            if who == "staff":
                continue
            cookies = client.cookies.copy()
            response = getattr(client, method.lower())(address)
            client.cookies = cookies
            signed_in = "member" in who
            outside = path in {"/admin/logout/", "/admin/jsi18n/"} or "{url}" in path
            assert response.status_code in ({302, 403, 405} if signed_in or outside else {302}), (route, who)
            assert SECRET not in response.content.decode()
    staff = everybody["staff"][0]
    for name in ("experiments/experiment", "runs/run", "accounts/user", "accounts/apitoken", "runs/worker"):
        assert staff.get(f"/admin/{name}/").status_code == 200


def test_every_operation_on_somebodys_things_names_a_scope() -> None:
    open_to_all = {path for method, path in (route.split(" ") for route in ALL) if path.startswith("/api/")}
    for method, path, operation in operations():
        scopes = [auth for auth in operation.auth_callbacks if isinstance(auth, Access)]
        workers = any(isinstance(auth, WorkerAccess) for auth in operation.auth_callbacks)
        assert len(scopes) == (0 if path in open_to_all else 1) and workers == ("/worker/" in path), (method, path)
        if method != "GET" and scopes:
            assert scopes[0].scope != "read", (method, path)


def test_nothing_is_changed_from_another_site() -> None:
    headers = {"host": "localhost", "origin": "https://evil.example"}
    strict = Client(enforce_csrf_checks=True, headers=headers)
    for route in sorted(routes()):
        method, path = route.split(" ")
        if method == "GET" or path in STATELESS:
            continue
        response = getattr(strict, method.lower())(re.sub(r"{\w+}", "1", path))
        assert response.status_code in {403, 404, 405} or (path, response.status_code) == ("/admin/logout/", 403), route
        assert response.status_code == 403 or not path.startswith(("/account/login", "/account/tokens", "/api/e")), (
            route
        )


SOCKETS = {"ws/runs/<str:run>/", "ws/worker/"}


def test_the_table_names_every_socket() -> None:
    assert {str(entry.pattern) for entry in (*VIEWERS, *WORKERS)} == SOCKETS


@pytest.mark.django_db(transaction=True)
def test_who_may_open_which_socket(everybody: dict[str, tuple[Client, list[Thing]]]) -> None:
    """Whoever has a run's address may watch; it is the owner's alone to command. A worker's socket wants its token."""
    for who, (client, things) in everybody.items():
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        headers = [(b"cookie", cookie.encode()), (b"host", b"localhost")]
        here = [*headers, (b"origin", b"http://localhost")]
        for thing in things:
            opened, said = async_to_sync(watch)(f"/ws/runs/{thing.run}/", here)
            assert opened and json.loads(said)["run"]["mine"] == who.startswith("owning"), who
        assert async_to_sync(watch)(f"/ws/runs/{'0' * 32}/", here) == (False, 4404)
        assert async_to_sync(watch)("/ws/elsewhere/", here) == (False, 4404)
        evil = [*headers, (b"origin", b"https://evil.example")]
        assert async_to_sync(watch)(f"/ws/runs/{things[0].run}/", evil)[0] is False, who
        assert async_to_sync(watch)("/ws/worker/", headers) == (True, CLOSE_TOKEN), who


async def watch(path: str, headers: list[tuple[bytes, bytes]]) -> tuple[bool, Any]:
    """Whether the handshake is accepted; then what is said first, or the code that the socket is closed with."""
    socket = WebsocketCommunicator(sockets, path, headers=headers)
    opened, code = await socket.connect(timeout=10)
    if not opened:
        return False, code
    first = await socket.receive_output(10)
    if first["type"] == "websocket.close":
        return True, first["code"]
    await socket.disconnect()
    return True, first["text"]


def test_the_password_of_a_member_opens_the_page() -> None:
    """The rest of these tests sign in beside the page."""
    member()
    response = guest().post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert response["Location"] == "/"
