"""Who may see what: links, the gallery, frames, forks of runs."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from playground.protocol import ExperimentView
from playground.sharing import EmbedView, GalleryPage, LinkView, NewLink, SharingView, Visibility
from playground_client.connection import Connection


class Sharing(Connection):
    """What is shared; a section of Playground."""

    def sharing(self, experiment: str) -> SharingView:
        """Who may see an experiment of yours."""
        return self._get(f"/experiments/{experiment}/sharing", SharingView)

    def set_visibility(self, experiment: str, visibility: Visibility, *, confirmed: bool = False) -> SharingView:
        """Publish an experiment ("public", which needs `confirmed`), take it out of the gallery ("link"), or revoke
        every link as well ("private")."""
        body = {"visibility": visibility, "confirmed": confirmed}
        return self._send("PUT", f"/experiments/{experiment}/visibility", SharingView, body)

    def links(self, experiment: str) -> list[LinkView]:
        """Links to an experiment of yours and to its runs."""
        return self._get(f"/experiments/{experiment}/links", list[LinkView])

    def share(self, experiment: str, *, run: str | None = None, days: int | None = None, note: str = "") -> NewLink:
        """A link to an experiment, or to one of its runs; its address is told once. `days`: till it is over."""
        body = {"run": run, "days": days, "note": note}
        return self._send("POST", f"/experiments/{experiment}/links", NewLink, body)

    def revoke(self, link: int) -> None:
        """The link opens nothing any more, and whoever watches by it is sent away."""
        self._bytes("DELETE", f"/links/{link}")

    def fork_run(self, run: str) -> ExperimentView:
        """A new experiment of yours with the network and recipe that a run was trained with."""
        return self._send("POST", f"/runs/{run}/fork", ExperimentView)

    def gallery(self, q: str = "", *, sort: Literal["new", "forks"] = "new", page: int = 1) -> GalleryPage:
        """Public experiments with every word of `q` in their names."""
        return self._get("/gallery", GalleryPage, q=q, sort=sort, page=page)

    def embed(self, key: str) -> EmbedView:
        """What a frame shows of a link's token, of a run or of a public experiment."""
        return self._get(f"/embed/{quote(key, safe='')}", EmbedView)
