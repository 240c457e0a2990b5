"""What somebody reads whose link is over, and whether that is why they do not see a thing."""

from __future__ import annotations

from collections.abc import Collection

from webapp.problems import STANDARD, Refusal
from webapp.runs.models import Run
from webapp.sharing.models import ShareLink
from webapp.viewers import Viewer

NO_RUN = "There is no such run. It may have been deleted."
_CODE, _WORDS = STANDARD[410]


def over() -> Refusal:
    return Refusal(404, _CODE, _WORDS)


def experiment_over(viewer: Viewer, experiment: str) -> Refusal | None:
    """For somebody who came by a link to the experiment that is over; None for all others: it may be anybody's."""
    links = ShareLink.objects.over().filter(pk__in=viewer.links, experiment=experiment)
    return over() if viewer.links and links.exists() else None


def runs_over(unseen: Collection[str]) -> dict[str, Refusal]:
    """Of runs that somebody asked for and does not see those that there are: their address opened them once."""
    there = Run.objects.filter(pk__in=unseen).values_list("pk", flat=True) if unseen else ()
    return {run: over() for run in there}


def why_no_run(run: str) -> Refusal:
    """Why somebody does not see a run."""
    return runs_over([run]).get(run) or Refusal(404, "not_found", NO_RUN)
