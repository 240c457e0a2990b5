"""What is shared, as the API answers it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from playground.protocol import RunCard
from playground.sharing import EmbedView, GalleryCard, GalleryPage, LinkView, NewLink, SharingView, Visibility
from playground.words import counted
from webapp.datasets.services import record_found
from webapp.experiments.models import Experiment
from webapp.experiments.services import recipe_read
from webapp.runs.models import ENDED, Run
from webapp.runs.views_of import run_cards
from webapp.sharing.curves import held_out_of, loss_of
from webapp.sharing.models import Publication, ShareLink
from webapp.viewers import Viewer

CARDS_ON_A_PAGE = 24
STATES = {"queued": "waiting", "leased": "starting", "running": "training", "lost": "waiting"}


def sharing_view(request: HttpRequest, experiment: Experiment) -> SharingView:
    """For its owner."""
    links = list(experiment.share_links.live().select_related("run"))
    publication = Publication.objects.filter(experiment=experiment).first()
    public = publication is not None and publication.stands
    visibility: Visibility = "public" if public else "link" if links else "private"
    return SharingView(
        visibility=visibility,
        links=[link_view(link) for link in links],
        public=_what_becomes_visible(experiment),
        taken_down=publication.reason if publication and publication.taken_down else "",
        address=request.build_absolute_uri(reverse("about", args=[experiment.pk])),
        embed=request.build_absolute_uri(reverse("embed", args=[experiment.pk])) if public else "",
        framed=bool(settings.EMBED_ANCESTORS),
    )


def _what_becomes_visible(experiment: Experiment) -> list[str]:
    runs, versions = experiment.runs.count(), experiment.versions.count()
    dataset = experiment.recipe.get("dataset", "")
    found = record_found(dataset)
    return [
        f"its name, “{experiment.name}”, its network and its recipe",
        f"its notes ({len(experiment.notes.split()):,} words)" if experiment.notes.strip() else "its notes (none yet)",
        f"{counted(runs, 'run', 'runs')} with every curve and picture, and those to come, live",
        f"{counted(versions, 'version', 'versions')}, and those to come",
        f"the name of its data set{f', {found.title},' if found else ''} and images that its runs show",
    ]


def link_view(link: ShareLink) -> LinkView:
    return LinkView(
        id=link.pk,
        run=link.run_id,
        run_number=link.run.number if link.run else None,
        note=link.note,
        created=link.created.isoformat(),
        expires=_when(link.expires),
        last_opened=_when(link.last_opened),
        opened=link.opened,
    )


def new_link_view(request: HttpRequest, link: ShareLink, token: str) -> NewLink:
    return NewLink(
        **link_view(link).model_dump(),
        token=token,
        address=request.build_absolute_uri(reverse("shared", args=[token])),
        embed=request.build_absolute_uri(reverse("embed", args=[token])),
    )


# The gallery


def gallery_page(viewer: Viewer, *, q: str = "", sort: str = "new", page: int = 1) -> GalleryPage:
    """Public experiments: in their names every word of `q`. Three queries, however many there are."""
    others = Q(experiment__forks__isnull=False) & ~Q(experiment__forks__owner=F("experiment__owner"))
    found = Publication.objects.standing().annotate(
        forks=Count("experiment__forks", filter=others, distinct=True),
    )
    for word in q.split():
        found = found.filter(Q(experiment__name__icontains=word) | Q(experiment__recipe__dataset__icontains=word))
    order = ["-forks", "-published", "pk"] if sort == "forks" else ["-published", "pk"]
    total = found.count()
    pages = max(1, -(-total // CARDS_ON_A_PAGE))
    start = (page - 1) * CARDS_ON_A_PAGE
    rows = list(found.select_related("experiment").order_by(*order)[start : start + CARDS_ON_A_PAGE])
    runs = Run.objects.filter(experiment__in=[row.pk for row in rows]).order_by().values("experiment")
    best = {
        row["experiment"]: row
        for row in runs.annotate(count=Count("pk"), test=Max("test_accuracy"), held=Max("best_validation_accuracy"))
    }
    titles = {name: _title(name) for name in {row.experiment.recipe.get("dataset", "") for row in rows}}
    return GalleryPage(
        cards=[_card(row, best.get(row.pk, {}), titles, viewer) for row in rows], total=total, page=page, pages=pages
    )


def _card(row: Publication, best: dict[str, float], titles: dict[str, str], viewer: Viewer) -> GalleryCard:
    experiment = row.experiment
    dataset = experiment.recipe.get("dataset", "")
    test, held = best.get("test"), best.get("held")
    return GalleryCard(
        id=experiment.pk,
        name=experiment.name,
        published=row.published.isoformat(),
        network=experiment.network,
        dataset=dataset,
        dataset_title=titles[dataset],
        forks=row.forks,  # type: ignore[attr-defined]
        runs=int(best.get("count", 0)),
        accuracy=held if test is None else test,
        measured_on="test" if test is not None else None if held is None else "validation",
        mine=viewer.owns(experiment.owner),
    )


def _title(dataset: str) -> str:
    found = record_found(dataset)
    return found.title if found else "a data set that is no longer here"


# Frames


def embed_view(experiment: Experiment, run: Run | None, href: str) -> EmbedView:
    """Of the run; without one of the newest, or of the network alone. It tells no id, for a link may be taken back."""
    shown = run or newest(experiment)
    card = run_cards(Run.objects.filter(pk=shown.pk))[0] if shown else None
    recipe = recipe_read(shown.recipe if shown else experiment.recipe)
    dataset = record_found(recipe.dataset)
    network = shown.network if shown else experiment.network
    loss = loss_of(shown) if shown else ([], [])
    held = held_out_of(shown) if shown else ([], [])
    return EmbedView(
        name=shown.name if shown else experiment.name,
        title=run_title(card) if card else "not trained yet",
        network=network,
        dataset=dataset.title if dataset else "",
        parameters=parameters_of(experiment, shown),
        run=card.model_copy(update={"id": "", "experiment": "", "batch": None}) if card else None,
        live=shown is not None and shown.state not in ENDED,
        steps=loss[0],
        loss=loss[1],
        held_out_steps=held[0],
        held_out=held[1],
        href=href,
    )


def newest(experiment: Experiment) -> Run | None:
    return experiment.runs.order_by("-number").first()


def run_title(run: RunCard) -> str:
    return f"run {run.number}, {STATES.get(run.state, run.state)}"


def parameters_of(experiment: Experiment, run: Run | None) -> int | None:
    """As they were counted when it was saved or started: a preview must not wait for an analysis."""
    if run is not None:
        return run.parameters
    return experiment.versions.order_by("-number").values_list("parameters", flat=True).first()


def links_of(experiment: Experiment) -> QuerySet[ShareLink]:
    return experiment.share_links.live().select_related("run")


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
