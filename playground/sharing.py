"""What the page reads of links, of the gallery, and in a frame on another page."""

from __future__ import annotations

from typing import Any, Literal

from playground.protocol.page import RunCard
from playground.protocol.wire import Message

Visibility = Literal["private", "link", "public"]
"""Its owner alone; whoever came by a link; everybody."""


class LinkView(Message):
    """A link, as the one who made it sees it. Its address is shown once, when it is made."""

    id: int
    run: str | None
    """The one that it opens; None: the experiment with all its runs."""
    run_number: int | None
    note: str
    created: str
    expires: str | None
    last_opened: str | None
    opened: int
    """How often."""


class NewLink(LinkView):
    """POST /api/experiments/{id}/links"""

    token: str
    address: str
    """To hand on: with the site's name."""
    embed: str
    """Address for a frame on another page."""


class SharingView(Message):
    """GET /api/experiments/{id}/sharing"""

    visibility: Visibility
    links: list[LinkView]
    """Those that open something, the newest first."""
    public: list[str]
    """What everybody sees of a public experiment, a phrase each, with how much there is of it."""
    taken_down: str
    """Why staff took it out of the gallery, or nothing."""
    address: str
    """Of its page, with the site's name."""
    embed: str
    """Of a public experiment: address for a frame on another page; else nothing."""
    framed: bool
    """This site lets other pages show runs in frames."""


class GalleryCard(Message):
    """A public experiment."""

    id: str
    name: str
    published: str
    network: dict[str, Any]
    dataset: str
    dataset_title: str
    forks: int
    """Made from it by others."""
    runs: int
    accuracy: float | None
    """The best of its runs, 0 to 1: of the test images, where there is none of the held-out ones."""
    measured_on: Literal["test", "validation"] | None
    mine: bool


class GalleryPage(Message):
    """GET /api/gallery"""

    cards: list[GalleryCard]
    total: int
    page: int
    pages: int


class EmbedView(Message):
    """GET /api/embed/{key}: what a frame on another page shows."""

    name: str
    title: str
    """Which run, and how it stands."""
    network: dict[str, Any]
    dataset: str
    parameters: int | None
    run: RunCard | None
    """None where nothing was trained yet."""
    live: bool
    steps: list[float]
    loss: list[float]
    """Of the training batches, means over groups of steps."""
    held_out_steps: list[float]
    held_out: list[float]
    """Accuracy on the held-out images, 0 to 1."""
    href: str
    """The page that it stands for."""
