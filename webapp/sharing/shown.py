"""What an address shows to those who have no cookie: frames on other pages, and programs that make previews."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from webapp.experiments.models import Experiment
from webapp.problems import Refusal
from webapp.runs.models import Run
from webapp.sharing.models import ShareLink
from webapp.sharing.over import over, runs_over
from webapp.sharing.services import link_found
from webapp.sharing.views_of import newest
from webapp.viewers import Viewer


@dataclass(frozen=True)
class Shown:
    """An experiment, or one run of it; and the link that opens it, where one does."""

    experiment: Experiment
    run: Run | None
    link: ShareLink | None = None

    def state(self) -> tuple[object, ...]:
        """Changes with whatever there is to see."""
        run = self.run or newest(self.experiment)
        told = (run.pk, run.lease, run.cursor, run.state, run.step, run.name) if run else ()
        return (self.experiment.pk, self.experiment.version, *told)

    def href(self, key: str) -> str:
        """The page that it stands for. Of a link the address that opens it: the page's own does not."""
        if self.link is not None:
            return reverse("shared", args=[key])
        return self.page

    @property
    def page(self) -> str:
        if self.run is None:
            return reverse("about", args=[self.experiment.pk])
        return reverse("run", args=[self.experiment.pk, self.run.pk])


def shown_by(key: str, viewer: Viewer) -> Shown:
    """By a link's token, or by the id of a run or an experiment that this viewer sees. Raises Refusal (404)."""
    link = link_found(key)
    if link is not None:
        if not link.is_live:
            raise over()
        return Shown(link.experiment, link.run, link)
    run = Run.objects.seen_by(viewer).filter(pk=key).first()
    if run is not None:
        return Shown(run.experiment, run)
    experiment = Experiment.objects.seen_by(viewer).filter(pk=key).first()
    if experiment is not None:
        return Shown(experiment, None)
    nothing = Refusal(404, "not_found", "Nothing is shared at this address. Check it, or ask whoever sent it.")
    raise runs_over([key]).get(key, nothing)
