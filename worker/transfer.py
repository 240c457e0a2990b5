"""One file over HTTP: what came stays when the connection breaks and is gone on with; its hash is checked."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

Progress = Callable[[int, int], None]
"""Bytes that are here, and those there will be."""
PART = 1 << 18
TRIES = 4
"""In a row that bring nothing."""
PAUSE_SECONDS = 0.2
TIMEOUT_SECONDS = 30.0
SPARE_BYTES = 64 << 20
"""A server may send this much more than was announced, and half as much again."""
LOCAL = ("127.0.0.1", "localhost", "::1")


class TransferError(Exception):
    """The file could not be had; the message is a clause: "the host cannot be reached"."""


class WrongContentError(TransferError):
    """It came whole, and is not what it should be."""


def download(
    url: str, target: Path, *, about: int, checksum: str, progress: Progress, headers: dict[str, str] | None = None
) -> None:
    """The file at `url`, into `target` when it is whole and its checksum ("sha256:…" or "md5:…") is right.

    What has come is in `target` with `.part` behind it, from which the next call goes on. Raises TransferError.
    """
    part = target.with_name(f"{target.name}.part")
    most = about + about // 2 + SPARE_BYTES
    vain = 0
    while True:
        before = _size(part)
        try:
            if _receive(url, part, about, most, progress, headers or {}):
                break
        except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
            vain = 0 if _size(part) > before else vain + 1
            if vain == TRIES:
                raise TransferError(f"the connection to {_host(url)} broke: {_words(error)}") from error
            time.sleep(PAUSE_SECONDS * 2**vain)
    if not checksum_right(part, checksum):
        part.unlink(missing_ok=True)
        raise WrongContentError(f"{_host(url)} sent a file that is not the one expected: its checksum differs")
    part.replace(target)


def checksum_right(path: Path, checksum: str) -> bool:
    kind, _, wanted = checksum.partition(":")
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest() == wanted


def _receive(url: str, part: Path, about: int, most: int, progress: Progress, headers: dict[str, str]) -> bool:
    """Append what one answer gives of what is missing. True when it is all there."""
    have = _size(part)
    asked = {**headers, "User-Agent": "cnn-playground", "Range": f"bytes={have}-"}
    try:
        answer = _opener(url).open(urllib.request.Request(url, headers=asked), timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416:  # all of it was here: its checksum decides
                return True
            raise TransferError(f"{_host(url)} answered with status {error.code}") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError | ConnectionResetError):
            raise ConnectionError(_words(error.reason)) from error
        raise TransferError(f"{_host(url)} cannot be reached ({_words(error.reason)})") from error
    with answer:
        if answer.status != 206:
            have = 0  # this server sends whole files alone
        length = answer.headers.get("Content-Length", "")
        until = have + int(length) if length.isdigit() else 0
        whole = answer.headers.get("Content-Range", "").rpartition("/")[2]
        total = int(whole) if whole.isdigit() else until or about
        with part.open("ab" if have else "wb") as file:
            while data := answer.read1(PART):
                have += len(data)
                if have > most:
                    raise WrongContentError(f"{_host(url)} sends far more than the {about:,} bytes expected")
                file.write(data)
                progress(have, max(total, have))
    if have < until:
        raise ConnectionError("it ended early")
    return not whole.isdigit() or have >= total


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Without a proxy for this machine itself, whatever the environment says."""
    handlers = [urllib.request.ProxyHandler({})] if urlsplit(url).hostname in LOCAL else []
    return urllib.request.build_opener(*handlers)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _words(error: object) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return text.rstrip(".") or type(error).__name__
