"""Who looks, and what is theirs. What a viewer may see or change is said by the models' querysets, and only there.

A guest owns what they make by an id in their signed cookie, a member by their account, a script by its member's token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from django.contrib.auth import SESSION_KEY, get_user
from django.http import HttpRequest

from webapp.identifiers import new_id

if TYPE_CHECKING:
    from webapp.accounts.models import ApiToken, User

Role = Literal["anonymous", "guest", "member", "staff"]

GUEST = "guest"
"""The guest's id in the session."""
LINKS = "links"
"""Numbers of the share links in the session, the last opened at the end."""
MOST_LINKS = 30
"""The session is a cookie, and must stay small: one more lets go of the one opened first."""


@dataclass(frozen=True)
class Viewer:
    """`owner` is what stands in the `owner` of their things; None for one who has made nothing yet."""

    role: Role = "anonymous"
    owner: str | None = None
    user: User | None = None
    links: frozenset[int] = frozenset()
    """Share links that were opened in this browser, by their numbers; whether they still count, the models say."""

    @property
    def staff(self) -> bool:
        return self.role == "staff"

    def owns(self, owner: str) -> bool:
        return self.owner is not None and self.owner == owner


ANONYMOUS = Viewer()


def viewer_of(source: HttpRequest | Mapping[str, Any]) -> Viewer:
    """Who sent a request, or opened a socket (its scope). For members this asks the database."""
    if not isinstance(source, HttpRequest):
        return _of_session(source.get("session"))
    token: ApiToken | None = getattr(source, "api_token", None)  # set where an operation takes tokens
    if token is not None:
        return _of_user(token.user)
    return _of_user(source.user, source.session) if source.user.is_authenticated else _of_guest(source.session)


def link_remembered(request: HttpRequest, link: int) -> None:
    """This browser came by the share link."""
    known = [number for number in request.session.get(LINKS, []) if number != link]
    request.session[LINKS] = [*known, link][-MOST_LINKS:]


def owner_made(request: HttpRequest) -> str:
    """The viewer's `owner`; a guest is made of one who has none, at the first thing they make."""
    viewer = viewer_of(request)
    if viewer.owner is not None:
        return viewer.owner
    guest: str = new_id()
    request.session[GUEST] = guest
    return guest


def _of_session(session: Any) -> Viewer:
    if session is None:
        return ANONYMOUS
    if SESSION_KEY in session:
        user = get_user(SimpleNamespace(session=session))  # checks that the password is still the same
        if user.is_authenticated:
            return _of_user(user, session)
    return _of_guest(session)


def _of_guest(session: Any) -> Viewer:
    guest = session.get(GUEST)
    links = _links(session)
    if isinstance(guest, str):
        return Viewer(role="guest", owner=guest, links=links)
    return Viewer(links=links) if links else ANONYMOUS


def _of_user(user: Any, session: Any = None) -> Viewer:
    return Viewer(role="staff" if user.is_staff else "member", owner=user.owner, user=user, links=_links(session))


def _links(session: Any) -> frozenset[int]:
    return frozenset(session.get(LINKS, ())) if session is not None else frozenset()
