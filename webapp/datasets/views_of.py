"""Data sets as the API answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from playground.datasets import DATASETS, Dataset, is_own
from playground.fields import describe
from playground.own_data import OwnDataOptions, OwnDataPage, OwnDataView, OwnFinding
from playground.protocol import DatasetCard, DatasetView
from webapp.datasets import checker
from webapp.datasets.models import FrozenDataset, OwnDataset, OwnState
from webapp.datasets.services import limits
from webapp.runs.models import DatasetCardRow, Run
from webapp.sharing.models import address_is_enough
from webapp.viewers import Viewer


def dataset_views(viewer: Viewer) -> list[DatasetView]:
    """Those that every site knows, then the folders of this one, then the viewer's own, the newest first."""
    cards = {row.name: row.card for row in DatasetCardRow.objects.defer("png")}
    known = [
        DatasetView(dataset=record, card=DatasetCard.model_validate(cards[name]) if name in cards else None)
        for name, record in DATASETS.items()
    ]
    rows = OwnDataset.objects.seen_by(viewer).ready().defer("png").order_by("owner", "-created")
    return known + [_dataset_view(row.record, row.card) for row in rows]


def _dataset_view(record: object, card: object, gone: bool = False) -> DatasetView:
    return DatasetView(
        dataset=Dataset.model_validate(record), card=DatasetCard.model_validate(card) if card else None, gone=gone
    )


def frozen_view(run: Run) -> DatasetView | None:
    """What a run was started with, where that was somebody's own: whoever sees the run sees its classes by name."""
    frozen = FrozenDataset.objects.filter(run=run).first()
    if frozen is None:
        return None
    there = OwnDataset.objects.filter(name=frozen.record["name"], digest=frozen.digest).exists()
    return _dataset_view(frozen.record, frozen.card if there else None, gone=not there)  # its samples went with it


@dataclass(frozen=True)
class Samples:
    """The picture of a data set's card, and when it was drawn."""

    png: bytes
    drawn: datetime


def samples_of(name: str, viewer: Viewer) -> Samples | None:
    """Those of a data set that every site knows: for all. Those of somebody's own: for whoever sees it or a run on it.

    What a run's address alone opens counts as long as nothing on these images was taken back: whoever was sent away
    knows the name, and must not come in by a run of which they never had the address.
    """
    shown: Any = DatasetCardRow.objects
    if is_own(name):
        shown = OwnDataset.objects.ready()
        trained = Run.objects.filter(frozen_dataset__name=name)
        if not OwnDataset.objects.seen_by(viewer).filter(name=name).exists():
            taken_back = trained.exclude(address_is_enough()).exists()
            if not (trained.shown_to(viewer) if taken_back else trained.seen_by(viewer)).exists():
                return None
    found = shown.filter(name=name).values_list("png", "updated").first()
    return Samples(bytes(found[0]), found[1]) if found else None


def own_view(row: OwnDataset, viewer: Viewer, runs: int | None = None) -> OwnDataView:
    if runs is None:
        runs = FrozenDataset.objects.filter(name=row.name).count()
    ready = bool(row.digest)
    return OwnDataView(
        id=row.pk,
        name=row.name,
        title=row.title,
        state=row.state,  # type: ignore[arg-type]
        origin="uploaded" if row.owner else "folder",
        file=row.file,
        bytes=row.bytes,
        received=row.received,
        stored_bytes=row.stored_bytes,
        created=row.created.isoformat(),
        options=OwnDataOptions.model_validate(row.options),
        progress=checker.progress_of(row.pk) if row.state == OwnState.CHECKING else None,
        problem=row.problem,
        findings=[OwnFinding.model_validate(finding) for finding in row.findings],
        dataset=Dataset.model_validate(row.record) if ready else None,
        card=DatasetCard.model_validate(row.card) if ready else None,
        runs=runs,
        mine=viewer.owns(row.owner),
    )


def own_page(viewer: Viewer) -> OwnDataPage:
    rows = list(OwnDataset.objects.seen_by(viewer).defer("png"))
    used = FrozenDataset.objects.filter(name__in=[row.name for row in rows]).values_list("name")
    counts = dict(used.annotate(count=Count("pk")).order_by())
    return OwnDataPage(
        limits=limits(),
        fields=describe(OwnDataOptions),
        sets=[own_view(row, viewer, counts.get(row.name, 0)) for row in rows],
    )
