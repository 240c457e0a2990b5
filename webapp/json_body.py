"""Reading a request's JSON: refuses what no document needs and no database takes, and says where."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest, RawPostDataException
from ninja.parser import Parser

from webapp.problems import Refusal, refuse


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise refuse(415)
        try:
            body = request.body
        except RawPostDataException as error:
            raise refuse(400) from error
        return read_json(body)


def read_json(body: bytes) -> Any:
    """The value. Raises Refusal for what is not JSON, for NaN, lone surrogates and the null character."""
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Refusal(400, "not_json", f"The body is not JSON: {error.msg} at {where}.", where) from error
    except UnicodeDecodeError as error:
        raise Refusal(400, "not_json", "The body is not UTF-8. Send JSON in UTF-8.") from error
    except RecursionError as error:
        raise Refusal(400, "too_deep", "The body is nested too deeply. Send a flatter document.") from error
    except ValueError as error:
        raise Refusal(400, "bad_number", "A number has too many digits. Send a smaller one.") from error
    if b"\\u" in body and not _storable(value):
        raise Refusal(400, "bad_text", "A text holds a null or half a character, which cannot be stored. Remove it.")
    return value


def _no_constant(name: str) -> NoReturn:
    raise Refusal(400, "bad_number", f"{name} is not a number in JSON. Send a finite number or null.")


def _storable(value: Any) -> bool:
    """Lone surrogates cannot be encoded; PostgreSQL takes no null character."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return "\\u0000" not in text
