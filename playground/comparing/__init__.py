"""What may be said of several runs: the best for their cost, how they differ, whether seeds explain it."""

from __future__ import annotations
