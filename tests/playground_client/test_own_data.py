"""Uploads: in parts, gone on with, refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from playground.own_data import OwnDataView
from playground_client import Playground, PlaygroundError
from tests.webapp.datasets.zips import class_folders, zip_at


def test_an_upload_that_broke_off_goes_on(
    site: Playground, pets: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.own_data()
    small = page.limits.model_copy(update={"part_bytes": pets.stat().st_size // 4 + 1})
    listed = Playground.own_data
    monkeypatch.setattr(Playground, "own_data", lambda self: listed(self).model_copy(update={"limits": small}))
    really, sent, silent = Playground._answer, list[int](), [False]

    @contextmanager
    def unsure(self: Playground, method: str, path: str, body: Any, query: Any) -> Iterator[Any]:
        """The second part arrives, and its answer does not; then nothing is heard for a while."""
        if silent[0]:
            raise PlaygroundError(0, "unreachable", "")
        with really(self, method, path, body, query) as response:
            if method == "PUT":
                sent.append(query["offset"])
                silent[0] = len(sent) == 2
            if silent[0]:
                raise PlaygroundError(0, "unreachable", "")
            yield response

    monkeypatch.setattr(Playground, "_answer", unsure)
    with pytest.raises(PlaygroundError) as broken:
        site.upload(pets, "Pets", size=8, colour="grey")
    assert broken.value.status == 0
    silent[0] = False
    told: list[str] = []
    done = site.upload(pets, "Pets", size=8, colour="grey", tell=lambda seen: told.append(seen.state))
    part = small.part_bytes
    assert sent == [0, part, 2 * part, 3 * part] and told[0] == "uploading" and told[-1] == "ready"
    assert done.dataset is not None and done.dataset.classes == ("cats", "dogs") and done.dataset.channels == 1
    assert done.name in {view.dataset.name for view in site.datasets()}
    assert site.samples(done.name).startswith(b"\x89PNG")
    assert site.rename_dataset(done.id, "Our pets").title == "Our pets" == site.own_dataset(done.id).title
    site.delete_dataset(done.id)
    assert site.own_data().sets == []


def test_an_upload_that_cannot_be_used_says_why(site: Playground, tmp_path: Path, quick: None) -> None:
    with pytest.raises(PlaygroundError, match="Only one class was found") as refused:
        site.upload(zip_at(tmp_path / "cats.zip", class_folders({"cats": 20})), "Cats")
    assert refused.value.code == "refused"
    with pytest.raises(PlaygroundError) as refused:
        site.upload(tmp_path / "cats.zip", "Cats", size=5000)
    assert (refused.value.status, refused.value.path) == (422, "options.size")


def test_a_check_that_was_not_waited_for_is_waited_for_by_the_next_call(
    site: Playground, pets: Path, quick: None
) -> None:
    def interrupted(view: OwnDataView) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site.upload(pets, "Pets", tell=interrupted)
    (begun,) = site.own_data().sets
    assert begun.received == pets.stat().st_size
    done = site.upload(pets, "Pets")
    assert done.id == begun.id or begun.state == "ready"  # the check may be that quick
