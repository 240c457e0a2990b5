"""What somebody reads whose link is over."""

from __future__ import annotations

from webapp.problems import STANDARD, Refusal
from webapp.sharing.models import ShareLink
from webapp.viewers import Viewer

LINK_OVER = STANDARD[410][1]


def link_over(viewer: Viewer, *, experiment: str) -> Refusal | None:
    """For somebody who came by a link to the experiment that is over; None for all others."""
    over = ShareLink.objects.over().filter(pk__in=viewer.links, experiment=experiment)
    return Refusal(404, "link_over", LINK_OVER) if viewer.links and over.exists() else None
