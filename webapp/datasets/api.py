"""Data sets of your own: upload in parts, look, rename, delete; and their files for workers."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from playground.own_data import OwnDataPage, OwnDataView
from playground.protocol import Problem
from webapp.answers import answer, no_content
from webapp.datasets import services, storage
from webapp.datasets.models import OwnDataset
from webapp.datasets.views_of import own_page, own_view
from webapp.problems import Refusal
from webapp.security import READ, WORKER, WRITE
from webapp.viewers import owner_made, viewer_of

router = Router(tags=["own data"])

BYTES = "application/octet-stream"
MOST_FILE_PART = 8 * 1024 * 1024
"""Bytes of one answer to a worker: Django would hold a whole file in memory before it sends the first."""
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
FileName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
PART_IN: dict[str, Any] = {
    "requestBody": {"required": True, "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}
}
FILE_OUT: dict[str, Any] = {
    "responses": {
        206: {
            "description": "The bytes; Content-Range says which.",
            "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
}


class NewOwnData(BaseModel):
    """What will be uploaded, and how its images become a data set; what `options` leaves out has its default."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    file: FileName
    """The zip's name, for people."""
    bytes: int = Field(gt=0, le=2**53)
    options: dict[str, Any] = {}


class OwnDataChange(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Title


def _seen(request: HttpRequest, id: str) -> OwnDataset:
    found = OwnDataset.objects.seen_by(viewer_of(request)).filter(pk=id).defer("png").first()
    if found is None:
        raise Refusal(404, "not_found", "There is no such data set among yours. It may have been deleted.")
    return found


def _changed(request: HttpRequest, id: str) -> OwnDataset:
    seen = _seen(request, id)
    if not OwnDataset.objects.changed_by(viewer_of(request)).filter(pk=seen.pk).exists():
        message = f"“{seen.title}” is a folder of the site's machine. Ask who runs the site to change it."
        raise Refusal(403, "not_yours", message)
    return seen


@router.get("/own-data", response=OwnDataPage, auth=READ)
def own_data(request: HttpRequest) -> HttpResponse:
    """Your data sets, the newest first, those of the site's folders, and what a new one may be."""
    return answer(own_page(viewer_of(request)))


@router.post("/own-data", response={201: OwnDataView}, auth=WRITE)
def begin(request: HttpRequest, body: NewOwnData) -> HttpResponse:
    """Begin an upload. Then PUT the zip's bytes in parts."""
    services.options_read(body.options)  # before a guest is made for what cannot be taken
    row = services.upload_begin(
        owner=owner_made(request), title=body.title, file=body.file, size=body.bytes, options=body.options
    )
    return answer(own_view(row, viewer_of(request), 0), 201)


@router.get("/own-data/{id}", response=OwnDataView, auth=READ)
def one(request: HttpRequest, id: str) -> HttpResponse:
    """A data set of yours: how far its upload or its check is, what was found, and its record."""
    return answer(own_view(_seen(request, id), viewer_of(request)))


@router.put("/own-data/{id}/file", response={200: OwnDataView, 507: Problem}, auth=WRITE, openapi_extra=PART_IN)
def part(request: HttpRequest, id: str, offset: int) -> HttpResponse:
    """The zip's bytes from `offset` on. With the last the check begins. After a break go on from `received`."""
    if request.content_type != BYTES:
        raise Refusal(415, "not_bytes", f"Send the bytes as they are, with the header Content-Type: {BYTES}.")
    if offset < 0:
        raise Refusal(
            422, "value", f"offset: {offset} is below 0. Send the number of bytes that are here already.", "offset"
        )
    row = _changed(request, id)
    most = services.limits().part_bytes
    data = request.read(most + 1)
    if len(data) > most:
        raise Refusal(413, "too_large", f"A part has at most {most:,} bytes. Send smaller ones.")
    return answer(own_view(services.upload_part(dataset=row, offset=offset, data=data), viewer_of(request)))


@router.patch("/own-data/{id}", response=OwnDataView, auth=WRITE)
def rename(request: HttpRequest, id: str, body: OwnDataChange) -> HttpResponse:
    """Give it another title. Runs that were started keep the one they know."""
    row = services.own_rename(dataset=_changed(request, id), title=body.title)
    return answer(own_view(row, viewer_of(request)))


@router.delete("/own-data/{id}", response={204: None}, auth=WRITE)
def delete(request: HttpRequest, id: str) -> HttpResponse:
    """Delete it with its images; refused (409) while a run waits for it or trains on it."""
    services.own_delete(dataset=_changed(request, id))
    return no_content()


@router.get("/worker/files/{digest}", response={416: Problem}, auth=WORKER, openapi_extra=FILE_OUT)
def file(request: HttpRequest, digest: str) -> HttpResponse:
    """For workers, with their token: a data set's file, up to 8 MB of it from where `Range: bytes=N-` says."""
    asked = re.match(r"bytes=(\d{1,16})-", request.headers.get("Range", ""))
    start = int(asked.group(1)) if asked else 0
    try:
        with storage.file_path(digest).open("rb") as found:
            whole = found.seek(0, 2)
            found.seek(start)
            data = found.read(MOST_FILE_PART)
    except (OSError, ValueError) as error:
        raise Refusal(404, "not_found", "There is no such file. Its data set may have been deleted.") from error
    if not data:
        raise Refusal(416, "range", f"The file has {whole:,} bytes.")
    headers = {"Content-Range": f"bytes {start}-{start + len(data) - 1}/{whole}"}
    return HttpResponse(data, status=206, content_type=BYTES, headers=headers)
