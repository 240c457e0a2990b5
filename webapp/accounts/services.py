"""What a member does with the account itself: name, address, sign-ins, and the end of it."""

from __future__ import annotations

from functools import partial

from allauth.account.models import EmailAddress
from django.db import transaction

from webapp.accounts.models import SignIn, User
from webapp.datasets.services import files_tidy
from webapp.owned import owned_models
from webapp.problems import Refusal
from webapp.runs import connections
from webapp.runs.models import Run
from webapp.telemetry.hub import hub


def profile_change(*, user: User, name: str) -> None:
    user.name = name
    user.save(update_fields=["name"])


@transaction.atomic
def address_change(*, user: User, email: str) -> None:
    """Another e-mail address at once, where the site sends no mail that could confirm it. Raises Refusal."""
    email = email.lower()
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise Refusal(409, "taken", f"There is another account with the address {email}.", "email")
    user.email = email
    user.save(update_fields=["email"])
    user.emailaddress_set.all().delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)


def sign_ins_end(*, user: User, but: int | None = None) -> int:
    """Sign the member out everywhere, `but` in one place; gives the number of places."""
    ended, _ = SignIn.objects.filter(user=user).exclude(pk=but).delete()
    return ended


@transaction.atomic
def account_delete(*, user: User) -> None:
    """The member, and everything of theirs. Workers let go of runs that are gone; pages that show them are told."""
    for run in Run.objects.filter(experiment__owner=user.owner).values_list("pk", flat=True):
        transaction.on_commit(partial(hub.announce, run))
    transaction.on_commit(connections.wake)
    transaction.on_commit(files_tidy)
    for model in owned_models():
        model._base_manager.filter(owner=user.owner).delete()
    user.delete()
