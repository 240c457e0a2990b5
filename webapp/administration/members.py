"""Members, their tokens and the places where they are signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from webapp.accounts.models import ApiToken, SignIn, User
from webapp.accounts.services import account_delete, sign_ins_end
from webapp.accounts.tokens import token_revoke
from webapp.administration.site import Heavy, ReadOnly, short, site
from webapp.quotas import quotas_of


class NewMember(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User, site=site)
class MemberAdmin(Heavy, UserAdmin):
    list_display = [short("email"), short("name"), "is_staff", "is_active", "joined", "last_login"]
    list_filter = ["is_staff", "is_active", "joined", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    date_hierarchy = "joined"
    add_form = NewMember
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("What they may do", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("What they use", {"fields": ["quotas", "joined", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]
    readonly_fields = ["quotas", "joined", "last_login"]
    actions = ["shut_out", "let_in", "sign_out", "revoke_tokens"]

    @admin.display(description="quotas")
    def quotas(self, user: User) -> str:
        if user.pk is None:
            return ""
        rows = (
            (quota.words, f"{quota.used:,.0f}", f"{quota.most:,}" if quota.most else "∞")
            for quota in quotas_of(user.owner)
        )
        return format_html_join("\n", "<div>{}: {} of {}</div>", rows)

    @admin.action(description="Shut out: no signing in, no tokens")
    def shut_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        others = users.exclude(pk=request.user.pk)
        for user in others:
            sign_ins_end(user=user)
            self.log_change(request, user, "Shut out.")
        self.message_user(request, f"{others.update(is_active=False)} shut out.")

    @admin.action(description="Let in again")
    def let_in(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self.message_user(request, f"{users.update(is_active=True)} let in.")

    @admin.action(description="Sign out everywhere")
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        ended = sum(sign_ins_end(user=user) for user in users)
        self.message_user(request, f"{ended} sign-ins ended.")

    @admin.action(description="Revoke all their tokens")
    def revoke_tokens(self, request: HttpRequest, users: QuerySet[User]) -> None:
        tokens = list(ApiToken.objects.filter(user__in=users, revoked=None))
        for token in tokens:
            token_revoke(token=token)
        self.message_user(request, f"{len(tokens)} tokens revoked.")

    def delete_model(self, request: HttpRequest, user: Any) -> None:
        account_delete(user=user)

    def delete_queryset(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            account_delete(user=user)


@admin.register(ApiToken, site=site)
class TokenAdmin(ReadOnly):
    list_display = [short("name"), "hint", short("user", "user__email"), "scopes", "created", "last_used", "revoked"]
    list_filter = ["created", "last_used", ("revoked", admin.EmptyFieldListFilter)]
    search_fields = ["name", "hint", "user__email"]
    list_select_related = ["user"]
    exclude = ["hash"]
    actions = ["revoke"]

    @admin.action(description="Revoke", permissions=["delete"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        chosen = list(tokens.filter(revoked=None))
        for token in chosen:
            token_revoke(token=token)
            self.log_change(request, token, "Revoked.")
        self.message_user(request, f"{len(chosen)} tokens revoked.")


@admin.register(SignIn, site=site)
class SignInAdmin(ReadOnly):
    list_display = [short("user", "user__email"), "begun", short("browser")]
    list_filter = ["begun"]
    search_fields = ["user__email", "browser"]
    list_select_related = ["user"]


@admin.register(EmailAddress, site=site)
class AddressAdmin(admin.ModelAdmin):
    list_display = [short("email"), short("user", "user__email"), "verified", "primary"]
    list_filter = ["verified", "primary"]
    search_fields = ["email", "user__email"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]


site.register(Group, GroupAdmin)
