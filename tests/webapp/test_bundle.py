"""The bundle's files: from memory, packed for whoever takes that, for ever; everything else is left to the site."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from webapp.bundle import Bundle

SCRIPT = b"export const answer = 42;\n" * 100
NAME = "/static/editor/assets/main-AbCd1234.js"


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    (tmp_path / "main-AbCd1234.js").write_bytes(SCRIPT)
    (tmp_path / "font-AbCd1234.woff2").write_bytes(b"packed already")
    (tmp_path / "plain.js").write_bytes(SCRIPT)
    (tmp_path.parent / "secret-AbCd1234.js").write_bytes(b"not of the bundle")

    async def site(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"the site"})

    immutable = settings.WHITENOISE_IMMUTABLE_FILE_TEST
    return Bundle(site, tmp_path, prefix="/static/editor/assets/", immutable=immutable)


async def asked(bundle: Bundle, path: str, method: str = "GET", gzip: bool = True) -> tuple[int, dict[str, str], bytes]:
    headers = [(b"accept-encoding", b"gzip, br")] if gzip else []
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    one = ApplicationCommunicator(bundle, scope)
    start, body = await one.receive_output(5), await one.receive_output(5)
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], told, body["body"]


async def test_a_file_is_packed_for_whoever_takes_that_and_kept_for_ever(bundle: Bundle) -> None:
    status, told, body = await asked(bundle, NAME)
    assert (status, gzip.decompress(body), len(body)) == (200, SCRIPT, int(told["content-length"]))
    assert (told["content-encoding"], told["vary"]) == ("gzip", "Accept-Encoding")
    assert "immutable" in told["cache-control"] and told["content-type"].startswith("text/javascript")
    assert told["x-content-type-options"] == "nosniff" and "script-src" in told["content-security-policy"]
    status, told, body = await asked(bundle, NAME, gzip=False)
    assert (status, body) == (200, SCRIPT) and "content-encoding" not in told


async def test_it_is_read_once(bundle: Bundle, tmp_path: Path) -> None:
    await asked(bundle, NAME)
    (tmp_path / "main-AbCd1234.js").unlink()  # a new bundle was built: pages that are open still find theirs
    assert (await asked(bundle, NAME))[0] == 200


async def test_what_is_packed_already_goes_as_it_is(bundle: Bundle) -> None:
    status, told, body = await asked(bundle, "/static/editor/assets/font-AbCd1234.woff2")
    assert (status, told["content-type"], body) == (200, "font/woff2", b"packed already")


async def test_head_sends_no_body(bundle: Bundle) -> None:
    status, told, body = await asked(bundle, NAME, "HEAD")
    assert (status, body) == (200, b"") and int(told["content-length"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/editor/assets/plain.js",
        "/static/editor/assets/gone-AbCd1234.js",
        "/static/editor/assets/../secret-AbCd1234.js",
        "/static/editor/assets//etc/x-AbCd1234.js",
    ],
)
async def test_all_else_is_the_sites(bundle: Bundle, path: str) -> None:
    assert (await asked(bundle, path))[0] == 299


async def test_a_file_takes_no_post(bundle: Bundle) -> None:
    assert (await asked(bundle, NAME, "POST"))[0] == 299
