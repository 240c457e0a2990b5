"""Links that open an experiment or a run, and experiments that are public. The rules of who sees what are the
querysets of Experiment and Run, which ask these."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from webapp.identifiers import HASH_LENGTH
from webapp.viewers import Viewer

TOKEN_BYTES = 16


def new_token() -> str:
    """128 random bits, 22 characters that an address may hold."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def live(self) -> ShareLinkQuerySet:
        """Those that open something."""
        return self.filter(revoked=None).filter(Q(expires=None) | Q(expires__gt=timezone.now()))

    def over(self) -> ShareLinkQuerySet:
        """Those that opened something once: revoked, or expired."""
        return self.filter(Q(revoked__isnull=False) | Q(expires__lte=timezone.now()))

    def opened_by(self, viewer: Viewer) -> ShareLinkQuerySet:
        """Those that this viewer came by and that still count."""
        return self.live().filter(pk__in=viewer.links) if viewer.links else self.none()

    def changed_by(self, viewer: Viewer) -> ShareLinkQuerySet:
        """Who may see that there is a link, and revoke it: who made it."""
        return self.filter(owner=viewer.owner) if viewer.owner else self.none()


class ShareLink(models.Model):
    """Opens an experiment with all its runs, or one run, to whoever has its address. Only the hash is kept."""

    owner = models.CharField(max_length=64)
    experiment = models.ForeignKey("experiments.Experiment", on_delete=models.CASCADE, related_name="share_links")
    run = models.ForeignKey("runs.Run", on_delete=models.CASCADE, null=True, blank=True, related_name="share_links")
    """The one that it opens; null: the experiment with all of them."""
    hash = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)
    note = models.CharField(max_length=80, blank=True, default="")
    """Whom it is for, as its owner says; nobody else reads it."""
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    last_opened = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    """How often."""

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        indexes = [models.Index(fields=["owner"], name="share_link_owner")]

    def __str__(self) -> str:
        return f"Link {self.pk} to {self.experiment}"

    @property
    def is_live(self) -> bool:
        return self.revoked is None and (self.expires is None or self.expires > timezone.now())


class PublicationQuerySet(models.QuerySet["Publication"]):
    def standing(self) -> PublicationQuerySet:
        """Those in the gallery."""
        return self.filter(withdrawn=None, taken_down=None)

    def over(self) -> PublicationQuerySet:
        return self.exclude(withdrawn=None, taken_down=None)


class Publication(models.Model):
    """An experiment that is, or was, in the public gallery."""

    experiment = models.OneToOneField(
        "experiments.Experiment", on_delete=models.CASCADE, related_name="publication", primary_key=True
    )
    published = models.DateTimeField(default=timezone.now)
    withdrawn = models.DateTimeField(null=True, blank=True)
    """By its owner, who may publish it again."""
    taken_down = models.DateTimeField(null=True, blank=True)
    """By staff, who alone let it back."""
    reason = models.CharField(max_length=300, blank=True, default="")
    """Why it was taken down; its owner reads it."""

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published"]
        indexes = [models.Index(fields=["-published"], name="publication_published")]

    def __str__(self) -> str:
        return str(self.experiment)

    @property
    def stands(self) -> bool:
        return self.withdrawn is None and self.taken_down is None


def experiments_shared_with(viewer: Viewer, prefix: str = "") -> Q:
    """Experiments that are public, or that a live link opens to this viewer. `prefix`: "experiment__" from a run."""
    public = Q(**{f"{prefix}pk__in": Publication.objects.standing().values("experiment")})
    if not viewer.links:
        return public
    links = ShareLink.objects.opened_by(viewer).filter(run=None)
    return public | Q(**{f"{prefix}pk__in": links.values("experiment")})


def runs_by_link(viewer: Viewer) -> Q:
    """Runs that a link of their own opens to this viewer."""
    if not viewer.links:
        return Q(pk__in=())
    return Q(pk__in=ShareLink.objects.opened_by(viewer).exclude(run=None).values("run"))


def address_is_enough() -> Q:
    """Runs that are open to whoever has their address, which holds 128 random bits.

    The address no longer is where a link to the run or its experiment that somebody had opened was revoked or has
    expired, or where the experiment left the gallery: whoever came that way has the run's address in the browser, and
    could not be told apart from those whom the owner gave it. To take back must take back. A new link opens it again.
    """
    links = ShareLink.objects.over().filter(experiment=OuterRef("experiment"), opened__gt=0)
    return ~Exists(links.filter(Q(run=None) | Q(run=OuterRef("pk")))) & ~Exists(
        Publication.objects.over().filter(experiment=OuterRef("experiment"))
    )


def expired_between(start: datetime, end: datetime) -> ShareLinkQuerySet:
    return ShareLink.objects.filter(revoked=None, expires__gt=start, expires__lte=end)
