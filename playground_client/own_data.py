"""Data sets of your own: upload, look, rename, delete."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from playground.own_data import OwnDataOptions, OwnDataPage, OwnDataView
from playground_client.connection import Connection, Place, PlaygroundError

TRIES = 5
"""In vain, one after another, before an upload is given up."""
PAUSE = 1.0
"""Seconds before another try, and between looks at a check."""


class OwnData(Connection):
    """A recipe names such a data set by its `name`: `recipe={"dataset": pets.name}`."""

    def own_data(self) -> OwnDataPage:
        """Yours, the newest first, those of the site's folders, and what a new one may be."""
        return self._get("/own-data", OwnDataPage)

    def own_dataset(self, id: str) -> OwnDataView:
        """One: how far its upload or its check is, what was found, and its record."""
        return self._get(f"/own-data/{id}", OwnDataView)

    def upload(
        self, path: Place, title: str, *, tell: Callable[[OwnDataView], object] | None = None, **options: Any
    ) -> OwnDataView:
        """Send a zip of class folders in parts, and wait until the site has checked it.

        An upload that broke off, in this call or in an earlier one, goes on where it was: one with this title, these
        options, and the file's name and size. `options`: size, colour, fit and test_share (`playground.own_data`).
        `tell` gets the data set after each part and while it is checked. Raises PlaygroundError with the reason where
        it is refused.
        """
        file = Path(path)
        page = self.own_data()
        row = _broken_off(page, file, title, options) or self._begun(file, title, options)
        vain = 0
        with file.open("rb") as content:
            while row.state == "uploading":
                try:
                    row = self._sent(row, content, page.limits.part_bytes)
                    vain = 0
                except PlaygroundError as error:
                    vain += 1
                    if vain == TRIES or not (error.status == 0 or error.code == "gap"):
                        raise
                    time.sleep(PAUSE)
                    row = self._again(row)
                if tell:
                    tell(row)
        while row.state == "checking":
            time.sleep(PAUSE)
            row = self.own_dataset(row.id)
            if tell:
                tell(row)
        if row.state == "refused":
            raise PlaygroundError(422, "refused", row.problem)
        return row

    def rename_dataset(self, id: str, title: str) -> OwnDataView:
        """Runs that were started keep the title they know."""
        return self._send("PATCH", f"/own-data/{id}", OwnDataView, {"title": title})

    def delete_dataset(self, id: str) -> None:
        """With its images; refused (409) while a run waits for it or trains on it."""
        self._bytes("DELETE", f"/own-data/{id}")

    def _begun(self, file: Path, title: str, options: dict[str, Any]) -> OwnDataView:
        body = {"title": title, "file": file.name, "bytes": file.stat().st_size, "options": options}
        return self._send("POST", "/own-data", OwnDataView, body)

    def _sent(self, row: OwnDataView, content: BinaryIO, most: int) -> OwnDataView:
        """The data set with the next part of the file."""
        content.seek(row.received)
        if not (data := content.read(most)):
            raise PlaygroundError(422, "file", f"“{row.file}” became shorter while it was sent. Upload it again.")
        return self._send("PUT", f"/own-data/{row.id}/file", OwnDataView, data, {"offset": row.received})

    def _again(self, row: OwnDataView) -> OwnDataView:
        """As the site has it now; as it was, where the site does not answer."""
        try:
            return self.own_dataset(row.id)
        except PlaygroundError as error:
            if error.status:
                raise
            return row


def _broken_off(page: OwnDataPage, file: Path, title: str, options: dict[str, Any]) -> OwnDataView | None:
    """An upload of a file of this name and size that was not finished, or is still being checked."""
    wanted = (title.strip(), file.name, file.stat().st_size, OwnDataOptions().model_dump() | options)
    for each in page.sets:
        known = (each.title, each.file, each.bytes, each.options.model_dump())
        if each.mine and each.state in {"uploading", "checking"} and known == wanted:
            return each
    return None
