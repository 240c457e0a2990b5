"""The one form of every error answer: {"error": {"code", "message", "path"}}."""

from __future__ import annotations

from django.http import HttpResponse

from playground.protocol import Problem, ProblemBody

STANDARD: dict[int, tuple[str, str]] = {
    400: (
        "bad_request",
        "The request could not be read. Check its address, its headers, and that PLAYGROUND_HOSTS names the host.",
    ),
    401: ("unauthorised", "This needs to know who you are. Sign in, or send a token that counts."),
    403: ("forbidden", "This is not allowed here. Reload the page and try again."),
    404: ("not_found", "There is nothing at this address. Check it, or start from the first page."),
    405: ("method_not_allowed", "This address does not take that method. /api/docs lists what it takes."),
    410: (
        "link_over",
        "This was shared, and no longer is: the link was revoked or has expired. Ask whoever sent it for a new one.",
    ),
    413: ("too_large", "The request is larger than 2 MB. Send a smaller one."),
    415: ("not_json", "Send JSON, with the header Content-Type: application/json."),
    429: ("too_many", "That is too much at once. Wait a little and try again."),
    500: (
        "internal",
        "The site failed on this request, and has logged why. Try again; if it stays, tell who runs the site.",
    ),
}
"""Status to code and message, where nothing more exact is known."""


class Refusal(Exception):
    """A request that is refused. `message` says what is wrong with the value, then the way out; `path` is where."""

    def __init__(self, status: int, code: str, message: str, path: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.path = path


def refuse(status: int) -> Refusal:
    """The standard refusal of a status."""
    return Refusal(status, *STANDARD[status])


def problem_response(status: int, code: str, message: str, path: str = "") -> HttpResponse:
    body = Problem(error=ProblemBody(code=code, message=message, path=path))
    response = HttpResponse(body.model_dump_json(), status=status, content_type="application/json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def standard_problem(status: int) -> HttpResponse:
    code, message = STANDARD.get(status, ("error", f"The request was answered with status {status}."))
    return problem_response(status, code, message)
