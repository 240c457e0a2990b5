"""Sharing and taking back."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from webapp.experiments.models import Experiment
from webapp.experiments.services import experiment_create, network_read
from webapp.identifiers import token_hash
from webapp.problems import Refusal
from webapp.runs.models import Run
from webapp.sharing.models import Publication, ShareLink, expired_between, new_token
from webapp.telemetry.hub import hub

MOST_LINKS = 50
"""Live ones of an experiment."""


@transaction.atomic
def link_create(
    *, experiment: Experiment, run: Run | None = None, days: int | None = None, note: str = ""
) -> tuple[ShareLink, str]:
    """A new link and its token, which nobody can see again. `run`: opens that one alone; `days`: till it is over."""
    if experiment.share_links.live().count() >= MOST_LINKS:
        message = f"There are {MOST_LINKS} links to this experiment, the most there is room for. Revoke one."
        raise Refusal(429, "too_many", message)
    token = new_token()
    expires = None if days is None else timezone.now() + timedelta(days=days)
    link = ShareLink.objects.create(
        owner=experiment.owner, experiment=experiment, run=run, hash=token_hash(token), note=note, expires=expires
    )
    return link, token


def link_found(token: str) -> ShareLink | None:
    """The link with this token, live or over."""
    return ShareLink.objects.select_related("experiment", "run").filter(hash=token_hash(token)).first()


def link_opened(*, link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened=timezone.now())


@transaction.atomic
def links_revoke(*, links: QuerySet[ShareLink]) -> int:
    """They open nothing any more; sockets of those who came by them are closed at once. Gives how many were live."""
    runs = {run for link in links.live().select_related(None) for run in _runs_of(link)}
    number = links.live().update(revoked=timezone.now())
    _look_again(runs)
    return number


def links_expire(*, since: datetime, until: datetime) -> None:
    """Sockets of those who came by links that expired meanwhile are closed."""
    for link in expired_between(since, until):
        _look_again(_runs_of(link))


@transaction.atomic
def experiment_publish(*, experiment: Experiment) -> Publication:
    """Into the gallery. Refused where staff took it down."""
    network_read(experiment.network)
    found, _ = Publication.objects.select_for_update().get_or_create(experiment=experiment)
    if found.taken_down is not None:
        message = f"Staff took this experiment out of the gallery: {found.reason} Ask who runs the site."
        raise Refusal(409, "taken_down", message)
    if found.withdrawn is not None:
        found.withdrawn, found.published = None, timezone.now()
        found.save()
    return found


@transaction.atomic
def experiment_withdraw(*, experiment: Experiment) -> None:
    """Out of the gallery, by its owner."""
    if Publication.objects.filter(experiment=experiment, withdrawn=None).update(withdrawn=timezone.now()):
        _look_again(_all_runs(experiment.pk))


@transaction.atomic
def publication_take_down(*, publication: Publication, reason: str) -> None:
    """Out of the gallery, by staff. Links of the owner's stay."""
    publication.taken_down, publication.reason = timezone.now(), reason
    publication.save()
    _look_again(_all_runs(publication.pk))


def publication_let_back(*, publication: Publication) -> None:
    publication.taken_down, publication.reason = None, ""
    publication.save()


@transaction.atomic
def experiment_make_private(*, experiment: Experiment) -> None:
    """Nobody but its owner opens it: out of the gallery, and every link is revoked."""
    experiment_withdraw(experiment=experiment)
    links_revoke(links=ShareLink.objects.filter(experiment=experiment))


def run_fork(*, run: Run, owner: str) -> Experiment:
    """The network and recipe that a run was trained with, as an experiment of the owner's own; not yet trained."""
    return experiment_create(
        owner=owner,
        network=run.network,
        recipe=run.recipe,
        name=run.name,
        notes=f"Forked from run {run.number} of “{run.name}”.",
        parent=run.experiment,
        parent_version=run.version,
    )


def _runs_of(link: ShareLink) -> set[str]:
    return {link.run_id} if link.run_id else _all_runs(link.experiment_id)


def _all_runs(experiment: str) -> set[str]:
    return set(Run.objects.filter(experiment=experiment).values_list("pk", flat=True))


def _look_again(runs: set[str]) -> None:
    """After the commit whoever watches these runs is asked again whether they may."""
    for run in runs:
        transaction.on_commit(partial(hub.announce, run))
