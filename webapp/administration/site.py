"""The administration site, and what its lists share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from webapp.accounts.models import User, user_id_of


class PlaygroundAdmin(admin.AdminSite):
    site_title = site_header = "CNN playground, administration"
    index_title = "What there is"
    site_url = "/"
    enable_nav_sidebar = False  # it takes a third of the width from lists, for what the first page says

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """By the site's own page, so that its limit on tries counts here too."""
        return secure_admin_login(super().login)(request, extra_context)


site = PlaygroundAdmin(name="admin")

MOST_LETTERS = 24
"""Of a text in a list: several such columns stand beside each other without the page being wider than the window."""


def shortened(text: str) -> str:
    """The beginning of a text that is long, with all of it as the title."""
    if len(text) <= MOST_LETTERS:
        return text
    return format_html('<span title="{}">{}…</span>', text, text[: MOST_LETTERS - 1].rstrip())


def short(field: str, ordering: str = "") -> Callable[[Any], str | None]:
    """A column of a list with what the field says, shortened. `ordering`: where it is ordered by something else."""

    @admin.display(description=field.replace("_", " "), ordering=ordering or field)
    def column(row: Any) -> str | None:
        value = getattr(row, field)
        return None if value is None else shortened(str(value))

    column.__name__ = field
    return column


class ReadOnly(admin.ModelAdmin):
    """Rows that the site itself makes: looked at, acted on and deleted, never typed in."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Heavy(admin.ModelAdmin):
    """What brings telemetry along when it is deleted: Django would load every row of it to show a list of them."""

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        found = [str(each) for each in objs]
        return (
            [f"{name}, with all that belongs to it" for name in found],
            {str(self.opts.verbose_name_plural): len(found)},
            set(),
            [],
        )


class OwnedList:
    """Adds `whose`: the member with a link, or the guest's id."""

    @admin.display(description="owner", ordering="owner")
    def whose(self, row: Any) -> str:
        return whose(row.owner)


def whose(owner: str) -> str:
    number = user_id_of(owner)
    if number is None:
        return f"guest {owner[:8]}"
    member = User.objects.filter(pk=number).first()
    address = reverse("admin:accounts_user_change", args=[number])
    return format_html('<a href="{}">{}</a>', address, shortened(str(member or owner)))
