"""The connection to the site: dialling in, trying again, and saying why when that is pointless."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from playground.protocol import (
    CLOSE_NONSENSE,
    CLOSE_REPLACED,
    CLOSE_TOKEN,
    CLOSE_VERSION,
    FROM_SITE,
    Message,
    WireError,
)
from worker.config import Config

MAX_MESSAGE_BYTES = 8 << 20
"""A lease carries the whole network document."""
FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0  # seconds


class RefusedError(Exception):
    """The site will not have this worker, now or later; the message tells people what to do."""


class LostError(Exception):
    """The connection failed or broke; worth trying again."""


async def dial(config: Config) -> ClientConnection:
    """Raises RefusedError or LostError."""
    try:
        return await connect(
            config.socket,
            additional_headers={"Authorization": f"Bearer {config.token}"},
            compression=None,
            max_size=MAX_MESSAGE_BYTES,
            open_timeout=10,
            ping_interval=5,
            ping_timeout=20,
            close_timeout=1,
            proxy=None if "//127.0.0.1" in config.socket or "//localhost" in config.socket else True,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        if status == 401:
            raise RefusedError(_wrong_token(config)) from error
        if status == 404:
            raise RefusedError(f"{config.site} has no place for workers. Is it the address of a playground?") from error
        raise LostError(f"it answers with status {status}") from error
    except InvalidURI as error:
        raise RefusedError(f"'{config.site}' is not the address of a site.") from error
    except (OSError, TimeoutError, InvalidHandshake, EOFError) as error:
        raise LostError(str(error) or type(error).__name__) from error


def why_closed(error: ConnectionClosed, config: Config) -> Exception:
    """What a close by the site means for the agent."""
    code, reason = (error.rcvd.code, error.rcvd.reason) if error.rcvd else (1006, "the connection broke")
    match code:
        case _ if code == CLOSE_TOKEN:
            return RefusedError(_wrong_token(config))
        case _ if code == CLOSE_VERSION:
            return RefusedError(reason or "The site and this worker are of different versions. Update the older one.")
        case _ if code == CLOSE_REPLACED:
            return RefusedError(
                f"Another worker has dialled in to {config.site} with this token. Give each worker its own: "
                "`python manage.py worker_token NAME` on the site prints a new one."
            )
        case _ if code == CLOSE_NONSENSE:
            return LostError(f"the site did not understand: {reason}")
    return LostError(reason or f"closed with code {code}")


def delays() -> Iterator[float]:
    """Seconds to wait before each try: exponential with full jitter, so that many workers do not return at once."""
    longest = FIRST_DELAY
    while True:
        yield random.uniform(0, longest)
        longest = min(longest * 2, LONGEST_DELAY)


def read_message(data: str | bytes) -> Message | None:
    """A control message of the site's; None for what this side does not know. Raises WireError."""
    if isinstance(data, bytes):
        return None
    try:
        content = json.loads(data)
        model = FROM_SITE.get(content["kind"])
        return model.model_validate(content) if model else None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WireError(f"The site sent what is no message: {data[:80]!r}") from error


def _wrong_token(config: Config) -> str:
    return (
        f"{config.site} does not know this token. On the site, `python manage.py worker_token NAME` prints a new one; "
        "start the worker with it."
    )
