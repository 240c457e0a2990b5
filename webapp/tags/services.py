"""Everything that changes tags, and who carries which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count

from playground.protocol import TagCount
from webapp.problems import Refusal
from webapp.runs.models import Run
from webapp.tags.models import MOST_TAGS, TAG_LENGTH, RunTag
from webapp.viewers import Viewer


def run_tag(*, run: Run, tags: Sequence[str]) -> None:
    """Put exactly these tags on the run. Raises Refusal (422) for too many, and for one that is empty or too long."""
    names = list(dict.fromkeys(" ".join(tag.split()) for tag in tags))
    if len(names) > MOST_TAGS:
        raise Refusal(422, "too_many", f"A run carries at most {MOST_TAGS} tags; {len(names)} were given.", "tags")
    for name in names:
        if not name or len(name) > TAG_LENGTH or "," in name:
            message = f"'{name[:60]}' cannot be a tag. A tag has 1 to {TAG_LENGTH} letters and no comma."
            raise Refusal(422, "tag", message, "tags")
    with transaction.atomic():
        RunTag.objects.filter(run=run).exclude(name__in=names).delete()
        RunTag.objects.bulk_create([RunTag(run=run, name=name) for name in names], ignore_conflicts=True)


def tags_of(runs: Iterable[str]) -> dict[str, list[str]]:
    """The tags of these runs, each run's in the order of letters; one query."""
    found: dict[str, list[str]] = {}
    for run, name in RunTag.objects.filter(run__in=list(runs)).values_list("run_id", "name").order_by("name"):
        found.setdefault(run, []).append(name)
    return found


def tag_counts(viewer: Viewer) -> list[TagCount]:
    """The tags on the viewer's runs, in the order of letters."""
    tags = RunTag.objects.filter(run__in=Run.objects.owned_by(viewer))
    counts = tags.values_list("name").annotate(runs=Count("pk")).order_by("name")
    return [TagCount(name=name, runs=runs) for name, runs in counts]
