"""Everything that changes data sets of somebody's own, and what runs read of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from pydantic import ValidationError

from playground.datasets import DATASETS, Dataset, is_own
from playground.own_data import OwnDataLimits, OwnDataOptions
from playground.words import megabytes
from webapp.datasets import checker, storage
from webapp.datasets.models import FrozenDataset, OwnDataset, OwnState
from webapp.identifiers import new_id
from webapp.problems import Refusal
from webapp.quotas import check_storage
from webapp.runs.models import ENDED, DatasetCardRow, Run
from webapp.text import path_of


def limits() -> OwnDataLimits:
    found: OwnDataLimits = settings.OWN_DATA_LIMITS
    return found


# Uploading


def upload_begin(*, owner: str, title: str, file: str, size: int, options: dict[str, Any]) -> OwnDataset:
    """Room for an upload of `size` bytes; refuses what will be too large before a byte is sent."""
    most = limits()
    read = options_read(options)
    if size > most.zip_bytes:
        raise Refusal(
            422,
            "too_large",
            f"“{file}” has {megabytes(size)}; at most {megabytes(most.zip_bytes)} are taken. Make the images smaller "
            f"before you pack them: they are brought to {read.size}×{read.size} anyway.",
            "bytes",
        )
    with transaction.atomic():
        mine = OwnDataset.objects.filter(owner=owner)
        if mine.count() >= most.sets:
            raise Refusal(429, "too_many", f"You have {most.sets} data sets, the most there is room for. Delete some.")
        check_storage(owner, more=size, what=f"“{file}”")
        id = new_id()
        row = OwnDataset.objects.create(
            id=id,
            name=f"own-{id}",
            owner=owner,
            title=title,
            file=file,
            bytes=size,
            options=read.model_dump(mode="json"),
        )
    storage.upload_path(row.pk).write_bytes(b"")
    return row


def options_read(data: dict[str, Any]) -> OwnDataOptions:
    try:
        return OwnDataOptions.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = path_of(("options", *first["loc"]))
        raise Refusal(422, "value", f"{where}: {first['msg']}.", where) from error


def upload_part(*, dataset: OwnDataset, offset: int, data: bytes) -> OwnDataset:
    """Append a part. One that is here already, because its answer was lost, is passed over; a gap is refused (409)."""
    with transaction.atomic():
        row = OwnDataset.objects.select_for_update().defer("png").get(pk=dataset.pk)
        if row.state != OwnState.UPLOADING:
            raise Refusal(409, "not_now", f"“{row.title}” is no longer being uploaded. Look at it again.")
        if offset > row.received:
            raise Refusal(409, "gap", f"{row.received:,} bytes are here; go on from there.", "offset")
        new = data[row.received - offset :]
        if row.received + len(new) > row.bytes:
            raise Refusal(
                422,
                "value",
                f"{row.bytes:,} bytes were announced, and more have come. Upload the file again.",
                "offset",
            )
        try:
            with storage.upload_path(row.pk).open("r+b") as file:
                file.seek(row.received)
                file.write(new)
        except FileNotFoundError as error:
            raise Refusal(409, "not_now", "What had come of the upload is gone. Delete it and upload again.") from error
        except OSError as error:
            raise Refusal(507, "disk", "The site's disk is full. Tell who runs the site, and try again.") from error
        row.received += len(new)
        if row.received == row.bytes:
            row.state = OwnState.CHECKING
            transaction.on_commit(checker.wake)
        row.save(update_fields=["received", "state", "updated"])
    return row


# Changing


def own_rename(*, dataset: OwnDataset, title: str) -> OwnDataset:
    """Runs that were started keep the title they know."""
    with transaction.atomic():
        row = OwnDataset.objects.select_for_update().get(pk=dataset.pk)
        row.title = title
        if row.record is not None:
            row.record = {**row.record, "title": title}
        row.save(update_fields=["title", "record", "updated"])
    return row


def own_delete(*, dataset: OwnDataset) -> None:
    """Remove the images; refuses while a run waits for them or trains on them. Ended runs keep their record."""
    with transaction.atomic():
        row = OwnDataset.objects.select_for_update().defer("png").get(pk=dataset.pk)
        live = Run.objects.filter(frozen_dataset__name=row.name).exclude(state__in=ENDED).only("number", "name").first()
        if live is not None:
            raise Refusal(
                409,
                "live_run",
                f"Run {live.number} of “{live.name}” waits for “{row.title}” or trains on it. Stop it first, or wait "
                "for its end.",
            )
        id = row.pk
        row.delete()
        transaction.on_commit(partial(storage.upload_forget, id))
        transaction.on_commit(files_tidy)


def files_tidy() -> None:
    """Remove the files that no data set and no run that may still train has, and uploads without a row."""
    with storage.TIDYING:
        for id in storage.upload_ids() - set(OwnDataset.objects.values_list("pk", flat=True)):
            storage.upload_forget(id)
        used = set(OwnDataset.objects.exclude(digest="").values_list("digest", flat=True))
        live = FrozenDataset.objects.exclude(run__state__in=ENDED)
        used |= set(live.values_list("digest", flat=True))
        for digest in storage.stored_digests() - used:
            storage.file_path(digest).unlink(missing_ok=True)


# For experiments and runs


def record_found(name: str) -> Dataset | None:
    """The record of a data set by its name; None where there is none, or it is not ready.

    Names of uploads hold 128 random bits: whoever has one has seen a run with it.
    """
    if name in DATASETS or not is_own(name):
        return DATASETS.get(name)
    record = OwnDataset.objects.ready().filter(name=name).values_list("record", flat=True).first()
    return Dataset.model_validate(record) if record else None


def dataset_missing(name: str) -> Refusal:
    """Why a data set cannot be had, and the way out."""
    if is_own(name):
        message = "This data set is not here any more, or is not ready. Choose another one, or upload it again."
        return Refusal(422, "dataset", message, "dataset")
    known = ", ".join(DATASETS)
    return Refusal(422, "dataset", f"There is no data set named '{name[:60]}'. Choose one of: {known}.", "dataset")


def own_trained(*, name: str, owner: str) -> OwnDataset | None:
    """The data set that a run of this owner is about to be started with; None for one that every site knows.

    Raises Refusal where it is not theirs.
    """
    if not is_own(name):
        return None
    row = OwnDataset.objects.open_to(owner).ready().filter(name=name).defer("png").first()
    if row is None:
        raise dataset_missing(name)
    return row


def dataset_freeze(*, run: Run, dataset: OwnDataset) -> None:
    """Keep with the run what it is started with."""
    FrozenDataset.objects.create(
        run=run,
        name=dataset.name,
        record=dataset.record,
        card=dataset.card,
        digest=dataset.digest,
        bytes=dataset.stored_bytes,
    )


def run_dataset(run: Run) -> Dataset:
    """The record that a run is, or was, trained with."""
    frozen = FrozenDataset.objects.filter(run=run).values_list("record", flat=True).first()
    return Dataset.model_validate(frozen) if frozen else DATASETS[run.recipe.get("dataset", "mnist")]


def run_card(run: Run) -> dict[str, Any] | None:
    """What is known of those images, a protocol.DatasetCard; None before a worker has told."""
    frozen = FrozenDataset.objects.filter(run=run).values_list("card", flat=True)
    told = DatasetCardRow.objects.filter(pk=run.recipe.get("dataset", "mnist")).values_list("card", flat=True)
    return frozen.first() or told.first()


def images_gone(run: Run) -> bool:
    """The images that a run was started with are not here any more: it can be looked at, not trained further."""
    digest = FrozenDataset.objects.filter(run=run).values_list("digest", flat=True).first()
    return digest is not None and not storage.file_path(digest).is_file()
