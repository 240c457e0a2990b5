"""Members, the places where they are signed in, their tokens, and how long workers worked for whom."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from webapp.identifiers import HASH_LENGTH

SIGN_IN_DAYS = 30
"""After so long a member signs in again."""
TOKEN_PREFIX = "cnn_"
TOKEN_HINT = 8


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A member needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A member, known by an e-mail address. Staff may use the administration pages."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=80, blank=True, default="")
    """As others see it; may be left out."""
    is_staff = models.BooleanField("staff", default=False)
    is_active = models.BooleanField("active", default=True)
    joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "member"
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Addresses are kept in small letters, however they were typed."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @property
    def owner(self) -> str:
        """What stands in the `owner` of everything that this member made."""
        return owner_of(self.pk)


def owner_of(user_id: int) -> str:
    return f"user-{user_id}"


def user_id_of(owner: str) -> int | None:
    """The member whose things these are; None for a guest's. A guest's id is hexadecimal and never begins so."""
    number = owner.removeprefix("user-")
    return int(number) if number != owner and number.isdecimal() else None


class SignInQuerySet(models.QuerySet["SignIn"]):
    def alive(self) -> SignInQuerySet:
        return self.filter(begun__gt=timezone.now() - timedelta(days=SIGN_IN_DAYS))

    def ended(self) -> SignInQuerySet:
        """Those that no longer count."""
        return self.filter(begun__lte=timezone.now() - timedelta(days=SIGN_IN_DAYS))


class SignIn(models.Model):
    """A browser in which a member is signed in. Its cookie names this row and is worth nothing without it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    begun = models.DateTimeField(auto_now_add=True)
    browser = models.CharField(max_length=200, blank=True, default="")

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = "sign-in"
        ordering = ["-begun"]

    def __str__(self) -> str:
        return f"{self.user} since {self.begun:%Y-%m-%d %H:%M}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> ApiTokenQuerySet:
        return self.filter(revoked=None, user__is_active=True)


class ApiToken(models.Model):
    """A member's token for scripts. Only the hash is kept: a token is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    """What it is for, as its owner says."""
    hash = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)
    hint = models.CharField(max_length=20, editable=False)
    """How it begins, so that its owner knows it again."""
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @classmethod
    def new_text(cls) -> str:
        return TOKEN_PREFIX + secrets.token_urlsafe(32)


class WorkedSpan(models.Model):
    """A worker's time at one lease of a run. Kept when the run is deleted: the time was used."""

    owner = models.CharField(max_length=64)
    run = models.CharField(max_length=32)
    lease = models.PositiveIntegerField()
    worker = models.BigIntegerField()
    begun = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    """When the worker was last heard of while it held the run."""

    class Meta:
        verbose_name = "worked span"
        ordering = ["-begun"]
        indexes = [models.Index(fields=["owner", "seen"], name="worked_owner_seen")]
        constraints = [models.UniqueConstraint(fields=["run", "lease"], name="worked_lease")]

    def __str__(self) -> str:
        return f"{self.run} {self.lease}"
