"""What may be said of several runs: which are best for their cost, how they differ, and whether seeds alone explain it."""

from __future__ import annotations
