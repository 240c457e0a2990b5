"""Links, and the public gallery."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from webapp.administration.site import OwnedList, ReadOnly, short, site, whose
from webapp.sharing.models import Publication, ShareLink
from webapp.sharing.services import links_revoke, publication_let_back, publication_take_down


class Kept(ReadOnly):
    """Rows that say what may not be opened any more: without them it could be again. They go with the experiment."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, object]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


@admin.register(ShareLink, site=site)
class ShareLinkAdmin(OwnedList, Kept):
    list_display = [
        short("experiment", "experiment__name"),
        short("run", "run__name"),
        "whose",
        "created",
        "expires",
        "last_opened",
        "opened",
        "revoked",
    ]
    list_filter = ["created", "last_opened", ("revoked", admin.EmptyFieldListFilter)]
    search_fields = ["experiment__name", "experiment__id", "owner"]
    list_select_related = ["experiment", "run"]
    exclude = ["hash", "note"]
    actions = ["revoke"]

    @admin.action(description="Revoke: it opens nothing, and who watches by it is sent away", permissions=["delete"])
    def revoke(self, request: HttpRequest, links: QuerySet[ShareLink]) -> None:
        for link in links.filter(revoked=None):
            self.log_change(request, link, "Revoked.")
        number = links_revoke(links=ShareLink.objects.filter(pk__in=links.values("pk")))
        self.message_user(request, f"{number} links revoked.")


class WithReason(ActionForm):
    reason = forms.CharField(required=False, max_length=300, label="Reason, which the owner reads:")


@admin.register(Publication, site=site)
class PublicationAdmin(Kept):
    list_display = [
        short("experiment", "experiment__name"),
        "whose",
        "published",
        "withdrawn",
        "taken_down",
        short("reason"),
        "open",
    ]
    list_filter = ["published", ("taken_down", admin.EmptyFieldListFilter), ("withdrawn", admin.EmptyFieldListFilter)]
    search_fields = ["experiment__name", "experiment__id", "experiment__owner", "reason"]
    list_select_related = ["experiment"]
    action_form = WithReason
    actions = ["take_down", "let_back"]

    @admin.display(description="owner")
    def whose(self, publication: Publication) -> str:
        return whose(publication.experiment.owner)

    @admin.display(description="page")
    def open(self, publication: Publication) -> str:
        return format_html('<a href="{}">Look</a>', reverse("about", args=[publication.pk]))

    @admin.action(description="Take out of the gallery, with a reason", permissions=["delete"])
    def take_down(self, request: HttpRequest, publications: QuerySet[Publication]) -> None:
        reason = request.POST.get("reason", "").strip()[:300]
        if not reason:
            self.message_user(request, "Say why beside the action; the owner reads it. Nothing changed.", "ERROR")
            return
        chosen = list(publications.filter(taken_down=None))
        for publication in chosen:
            publication_take_down(publication=publication, reason=reason)
            self.log_change(request, publication, f"Taken out of the gallery: {reason}")
        self.message_user(request, f"{len(chosen)} taken out of the gallery.")

    @admin.action(description="Let back into the gallery", permissions=["delete"])
    def let_back(self, request: HttpRequest, publications: QuerySet[Publication]) -> None:
        chosen = list(publications.exclude(taken_down=None))
        for publication in chosen:
            publication_let_back(publication=publication)
            self.log_change(request, publication, "Let back into the gallery.")
        self.message_user(request, f"{len(chosen)} let back.")
