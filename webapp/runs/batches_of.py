"""Batches and twins as the API answers them."""

from __future__ import annotations

from django.db.models import Count, Q

from playground.about import BatchCard, BatchRun, BatchView, CostView, TwinOffer
from playground.sweep import Setting
from playground.twins import Twin
from playground.twins.registry import Cost, called
from webapp.runs.models import ENDED, Batch, BatchQuerySet, RunState
from webapp.runs.views_of import run_cards

WAITING = Q(runs__state__in=(RunState.QUEUED, RunState.LOST))


def batch_cards(batches: BatchQuerySet) -> list[BatchCard]:
    """The newest first."""
    counted = batches.annotate(
        made=Count("runs"), waiting=Count("runs", filter=WAITING), live=Count("runs", filter=~Q(runs__state__in=ENDED))
    )
    return [
        BatchCard(
            id=batch.pk, kind=batch.kind, title=batch.title, created=batch.created.isoformat(),
            experiment=batch.experiment_id, runs=batch.made, waiting=batch.waiting, live=batch.live,
        )
        for batch in counted.order_by("-created", "id")
    ]  # fmt: skip


def batch_card(batch: Batch) -> BatchCard:
    return batch_cards(Batch.objects.filter(pk=batch.pk))[0]


def batch_view(batch: Batch) -> BatchView:
    varied = dict(batch.runs.values_list("pk", "varied"))
    members = [
        BatchRun(**card.model_dump(), settings=[Setting.model_validate(each) for each in varied[card.id]])
        for card in run_cards(batch.runs.order_by("created", "number"))
    ]
    return BatchView(**batch_card(batch).model_dump(), members=members)


def twin_offer(name: str, twin: Twin) -> TwinOffer:
    variant, kind = twin.variant, twin.kind
    return TwinOffer(
        kind=kind.id, title=kind.title, asks=kind.asks, lecture=list(kind.lecture), option=variant.option,
        label=variant.label, name=called(name, variant.ending), says=variant.says, fair=twin.fair,
        caution=variant.caution, before=cost_view(twin.before), after=cost_view(twin.after),
    )  # fmt: skip


def cost_view(cost: Cost) -> CostView:
    return CostView(parameters=cost.parameters, macs=cost.macs, depth=cost.depth)
