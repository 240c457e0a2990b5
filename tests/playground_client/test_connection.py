"""What a site may answer, and where the token and the files go."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from playground_client import Playground, PlaygroundError
from tests.webapp.conftest import LiveSite


def test_a_wrong_token_and_a_silent_site_are_told_in_words(live_site: LiveSite) -> None:
    with pytest.raises(PlaygroundError, match="This token is not known") as refused:
        Playground(live_site.address, token="cnn_wrong").experiments()
    assert refused.value.status == 401
    with pytest.raises(PlaygroundError, match="does not answer") as refused:
        Playground("http://127.0.0.1:9", token="").experiments()
    assert refused.value.status == 0
    with pytest.raises(ValueError, match="is no address of a site"):
        Playground("file:///etc/passwd")


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        if self.path.endswith("/weights"):
            self.send_response(200)
            self.send_header("Content-Disposition", 'attachment; filename="../../out.txt"')
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"0123456789"[: 4 if "broken" in self.path else 10])
            return
        self.send_response(302)
        self.send_header("Location", "/stolen")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_token_follows_no_redirect(elsewhere: str) -> None:
    with pytest.raises(PlaygroundError, match="status 302"):
        Playground(elsewhere, token="cnn_secret").experiments()
    assert "/stolen" not in _Elsewhere.heard


def test_a_download_that_breaks_off_leaves_no_file(elsewhere: str, tmp_path: Path) -> None:
    with pytest.raises(PlaygroundError, match="broke off after 4 of 10 bytes"):
        Playground(elsewhere, token="").save_weights("broken", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_stays_in_its_folder_whatever_the_site_calls_it(elsewhere: str, tmp_path: Path) -> None:
    saved = Playground(elsewhere, token="").save_weights("whole", tmp_path)
    assert saved == tmp_path / "out.txt" and saved.read_bytes() == b"0123456789"
