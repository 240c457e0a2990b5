"""The administration pages at /admin/, for staff: members, experiments, runs, workers, what is shared. What is done
there is written down by Django's log."""

from webapp.administration import members, shared, work
from webapp.administration.site import site

__all__ = ["members", "shared", "site", "work"]
