"""Asking a site: one request, its answer as a model, a page or a file, and what it refuses as an error."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import BaseModel, TypeAdapter, ValidationError

from playground.recipe import Recipe

TOKEN_VARIABLE = "PLAYGROUND_API_TOKEN"
JSON = "application/json"
BYTES = "application/octet-stream"
BLOCK = 256 * 1024
"""Bytes of a file that are in memory at once."""

Document = Mapping[str, Any] | BaseModel
"""A network or a recipe: as parsed JSON, or as a model."""
Place = str | os.PathLike[str]
T = TypeVar("T")


class PlaygroundError(Exception):
    """What the site refuses: `message` says what is wrong and what to do, `path` where in the body. `status` 0: it does
    not answer, or broke off."""

    def __init__(self, status: int, code: str, message: str, path: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.path = status, code, message, path


class _SameSite(HTTPRedirectHandler):
    """Follows no redirect: the token must not travel to another site, nor a change become a GET."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Connection:
    """A site and a token; what the sections of the client ask with."""

    def __init__(self, address: str = "http://127.0.0.1:8000", token: str | None = None, timeout: float = 60.0) -> None:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError(f"'{address}' is no address of a site. Give one such as http://127.0.0.1:8000.")
        self.address = address.rstrip("/")
        self.timeout = timeout
        self._token = os.environ.get(TOKEN_VARIABLE, "") if token is None else token
        self._opener = build_opener(_SameSite)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"

    def _get(self, path: str, answer: type[T], **query: Any) -> T:
        return self._send("GET", path, answer, None, query)

    def _send(
        self,
        method: str,
        path: str,
        answer: type[T],
        body: Document | bytes | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> T:
        return _model(answer, self._bytes(method, path, body, query))

    def _bytes(
        self,
        method: str,
        path: str,
        body: Document | bytes | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> bytes:
        with self._answer(method, path, body, query) as response:
            return b"".join(self._blocks(response))

    def _pages(self, path: str, answer: type[list[T]], most: int | None, query: Mapping[str, Any]) -> list[T]:
        """A list that the site gives in pages, to its end or until there are `most`."""
        found: list[T] = []
        after = ""
        while True:
            with self._answer("GET", path, None, {**query, "after": after}) as response:
                found += _model(answer, b"".join(self._blocks(response)))
                after = _after(response.headers.get("Link", ""))
            if not after or (most is not None and len(found) >= most):
                return found[:most]

    def _save(self, path: str, to: Place, **query: Any) -> Path:
        """Write the answer to the file `to`, or under the name that the site gives it into the folder `to`. A download
        that breaks off leaves no file."""
        with self._answer("GET", path, None, query) as response:
            target = Path(to)
            if target.is_dir():
                target /= _file_name(response.headers)
            partial = target.with_name(f"{target.name}.part")
            try:
                with partial.open("wb") as file:
                    for block in self._blocks(response):
                        file.write(block)
                partial.replace(target)
            finally:
                partial.unlink(missing_ok=True)
            return target

    @contextmanager
    def _answer(
        self, method: str, path: str, body: Document | bytes | None, query: Mapping[str, Any] | None
    ) -> Iterator[HTTPResponse]:
        """The one way to the site. Raises PlaygroundError for what it refuses, and where it does not answer."""
        asked = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        url = f"{self.address}/api{path}" + (f"?{urlencode(asked)}" if asked else "")
        headers = {"Accept": f"{JSON}, */*;q=0.5"}
        data: bytes | None = None
        if isinstance(body, bytes):
            data, headers["Content-Type"] = body, BYTES
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(plain(body)).encode(), JSON
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            response: HTTPResponse = self._opener.open(Request(url, data, headers, method=method), timeout=self.timeout)
        except HTTPError as error:
            raise _problem(error) from None
        except (OSError, HTTPException) as error:
            raise self._silent(getattr(error, "reason", error)) from error
        with response:
            yield response

    def _blocks(self, response: HTTPResponse) -> Iterator[bytes]:
        """The answer's bytes. Raises PlaygroundError where fewer come than were announced."""
        announced = response.headers.get("Content-Length")
        came = 0
        while True:
            try:
                block = response.read(BLOCK)
            except (OSError, HTTPException) as error:
                raise self._silent(error) from error
            if not block:
                break
            came += len(block)
            yield block
        if announced is not None and came < int(announced):
            raise self._silent(f"the answer broke off after {came:,} of {int(announced):,} bytes")

    def _silent(self, reason: object) -> PlaygroundError:
        message = f"{self.address} does not answer: {reason}. Check the address, and that the site runs."
        return PlaygroundError(0, "unreachable", message)


def plain(value: Any) -> Any:
    """A model as JSON; of a network or recipe only what was given, so that the site's own defaults fill the rest."""
    if isinstance(value, Recipe):
        return value.model_dump(mode="json")
    return value.model_dump(mode="json", exclude_unset=True) if isinstance(value, BaseModel) else value


def part(text: str) -> str:
    """A name as a part of an address."""
    return quote(text, safe="")


def _model(answer: type[T], content: bytes) -> T:
    try:
        return TypeAdapter(answer).validate_json(content)
    except ValidationError as error:
        raise PlaygroundError(
            200, "unknown_answer", f"The site's answer does not fit this client. Update the older one. {error}"
        ) from error


def _after(link: str) -> str:
    """The cursor of the next page; of the address only that is taken, so that the token stays with this site."""
    found = re.search(r'<([^>]*)>; rel="next"', link)
    return parse_qs(urlsplit(found[1]).query).get("after", [""])[0] if found else ""


def _file_name(headers: Message) -> str:
    """A name without folders, whatever the site says."""
    name = (headers.get_filename() or "").replace("\\", "/").rpartition("/")[2]
    return name if name.strip(".") else "download"


def _problem(error: HTTPError) -> PlaygroundError:
    with error:
        try:
            told = json.loads(error.read())["error"]
            return PlaygroundError(error.code, told["code"], told["message"], told["path"])
        except (ValueError, KeyError, TypeError):
            return PlaygroundError(error.code, "error", f"The site answered with status {error.code} and no reason.")
