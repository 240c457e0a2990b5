"""A member's own page, and what is pressed on it. Signing in and up are allauth's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from webapp.accounts import services
from webapp.accounts.export import export_write
from webapp.accounts.forms import AddressForm, DeleteForm, ProfileForm, TokenForm
from webapp.accounts.sessions import SIGN_IN
from webapp.accounts.tokens import token_create, token_revoke
from webapp.pages import page_with_form
from webapp.problems import Refusal
from webapp.quotas import quotas_of
from webapp.security import SCOPE_WORDS
from webapp.streaming import download

IN_MEMORY_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 1024 * 1024


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    here = request.session.get(SIGN_IN)
    return page_with_form(
        request,
        "account/profile.html",
        {
            "profile_form": ProfileForm(initial={"name": user.name}),
            "address_form": AddressForm(initial={"email": user.email}, user=user),
            "token_form": TokenForm(),
            "tokens": user.tokens.filter(revoked=None),
            "scope_words": SCOPE_WORDS,
            "quotas": quotas_of(user.owner),
            "elsewhere": user.sign_ins.alive().exclude(pk=here).count(),
            "social": bool(settings.SOCIALACCOUNT_PROVIDERS),
            **forms,
        },
        status,
    )


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, address, password, tokens, quotas, and the ways out."""
    return _page(request)


@require_POST
@login_required
def change_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, profile_form=form)
    services.profile_change(user=request.user, name=form.cleaned_data["name"])
    messages.success(request, "Your name is saved.")
    return redirect("account")


@require_POST
@login_required
def change_address(request: HttpRequest) -> HttpResponse:
    """Only where no mail could confirm the address; else allauth's page does it by mail."""
    if settings.MAIL:
        return redirect("account_email")
    form = AddressForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, 422, address_form=form)
    try:
        services.address_change(user=request.user, email=form.cleaned_data["email"])
    except Refusal as refusal:
        form.add_error("email", refusal.message)
        return _page(request, refusal.status, address_form=form)
    messages.success(request, "Your e-mail address is changed. Sign in with it from now on.")
    return redirect("account")


@require_POST
@login_required
def make_token(request: HttpRequest) -> HttpResponse:
    """The token is in this answer and nowhere else."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, token_form=form)
    try:
        token, text = token_create(user=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, refusal.status, token_form=form)
    response = _page(request, new_token=token, new_text=text)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    found = get_object_or_404(request.user.tokens, pk=token)
    token_revoke(token=found)
    messages.success(request, f"“{found.name}” is revoked. Scripts that use it are refused from now on.")
    return redirect("account")


@require_POST
@login_required
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    services.sign_ins_end(user=request.user, but=request.session.get(SIGN_IN))
    messages.success(request, "You are signed out everywhere else.")
    return redirect("account")


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything of theirs in one zip."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115  closed with the answer
    export_write(user=request.user, file=file)
    size = file.tell()
    file.seek(0)
    name = f"playground-{timezone.now():%Y-%m-%d}.zip"
    return download(request, _pieces(file), name=name, content_type="application/zip", size=size)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Asked twice: on a page of its own, where the address is typed."""
    user = request.user
    form = DeleteForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        services.account_delete(user=user)
        logout(request)
        return render(request, "account/deleted.html")
    page = {"form": form, "quotas": quotas_of(user.owner)}
    return page_with_form(request, "account/delete.html", page, 422 if form.is_bound else 200)


def with_mail(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view where the site sends mail; else a page that says that it does not, and what to do instead."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.MAIL:
            return view(request, *args, **kwargs)
        return page_with_form(request, "account/no_mail.html", {}, 200 if request.method in {"GET", "HEAD"} else 409)

    return answer
