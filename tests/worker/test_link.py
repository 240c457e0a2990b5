import http
import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from playground.protocol import Revoked, WireError
from tests.worker.scripted_site import ScriptedSite, scripted_site
from worker.config import ConfigError, read_config
from worker.link import LONGEST_DELAY, LostError, RefusedError, delays, dial, read_message


async def answering(status: int, tmp_path: Path) -> None:
    """Dial in to a server that answers the handshake with this status."""

    async def answer(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(http.HTTPStatus(status), "")

    async def nothing(connection: ServerConnection) -> None:
        pass

    async with serve(nothing, "127.0.0.1", 0, process_request=answer) as server:
        site = ScriptedSite()
        site.port = server.sockets[0].getsockname()[1]
        await dial(site.config(tmp_path))


async def test_the_token_travels_in_the_header(tmp_path: Path) -> None:
    async with scripted_site() as site:
        connection = await dial(site.config(tmp_path, token="s3cret"))
        await connection.close()
        assert site.connection is not None and site.connection.request is not None
        assert site.connection.request.headers["Authorization"] == "Bearer s3cret"


async def test_a_wrong_token_is_one_sentence_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"does not know this token. On the site, `python manage.py worker_token"):
        await answering(401, tmp_path)


async def test_another_kind_of_server_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"has no place for workers\. Is it the address of a playground"):
        await answering(404, tmp_path)


async def test_a_failing_or_absent_site_is_worth_another_try(tmp_path: Path) -> None:
    for status in (403, 503):  # 403: so answers Daphne when it is slow, too
        with pytest.raises(LostError, match=f"status {status}"):
            await answering(status, tmp_path)
    async with scripted_site() as site:
        config = site.config(tmp_path)
    with pytest.raises(LostError):
        await dial(config)


def test_delays_grow_with_jitter_to_a_limit() -> None:
    series = [list(islice(delays(), 30)) for _ in range(50)]
    assert all(0 <= delay <= LONGEST_DELAY for delays_ in series for delay in delays_)
    assert max(first for first, *_ in series) <= 0.1
    assert max(delays_[-1] for delays_ in series) > 2


def test_what_the_site_says_is_read_and_what_is_new_passed_over() -> None:
    revoked = Revoked(run="r", lease=1, reason="x")
    assert read_message(revoked.model_dump_json()) == revoked
    assert read_message('{"kind": "from_the_future"}') is None
    for nonsense in ("", "[]", "{}", '{"kind": []}', '{"kind": "ack"}', "[" * 100_000):
        with pytest.raises(WireError):
            read_message(nonsense)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No site is named. Add --site http://host:8000 or set PLAYGROUND_SITE."),
        (["--site", "nowhere"], "'nowhere' is not the address of a site. Write it like http://127.0.0.1:8000."),
        (["--site", "http://h"], "No token is given. Add --token TOKEN or set PLAYGROUND_TOKEN;"),
        (["--site", "http://h", "--token", "a b"], "The token has characters that no token has."),
        (["--site", "http://h", "--token", "é"], "The token has characters that no token has."),
        (["--site", "http://h", "--token", "t", "--slots", "0"], "--slots 0 leaves no room for a run."),
    ],
)
def test_what_is_wrong_with_the_arguments_is_said(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SITE", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"PLAYGROUND_{name}", raising=False)
    with pytest.raises(ConfigError) as caught:
        read_config(arguments)
    assert str(caught.value).startswith(message)


def test_the_environment_may_name_site_and_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    monkeypatch.delenv("PLAYGROUND_TOKEN", raising=False)
    monkeypatch.setenv("PLAYGROUND_SITE", "https://play.example.org/")
    monkeypatch.setenv("PLAYGROUND_TOKEN_FILE", str(tmp_path / "token"))
    config = read_config([])
    assert (config.socket, config.token) == ("wss://play.example.org/ws/worker/", "from-a-file")
    monkeypatch.setenv("PLAYGROUND_TOKEN_FILE", str(tmp_path / "absent"))
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_config([])


def test_a_second_worker_in_one_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    hold = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); "
    with subprocess.Popen(
        [sys.executable, "-c", hold + "time.sleep(60)", tmp_path / "agent"], stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        first.stdout.readline()
        command = ["--site", "http://127.0.0.1:1", "--token", "t", "--folder", str(tmp_path)]
        second = subprocess.run([sys.executable, "-m", "worker", *command], capture_output=True, text=True, check=False)
        first.kill()
    assert second.returncode == 2
    assert second.stderr == (
        f"Another worker uses the folder {tmp_path}. End it, or name another folder with --folder.\n"
    )


def test_the_agent_never_loads_torch() -> None:
    code = "import sys, json, worker.serve; print(json.dumps([m for m in ('torch', 'django') if m in sys.modules]))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(loaded) == []
