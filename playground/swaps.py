"""One activation in place of another, throughout a network; inside of composite blocks too."""

from __future__ import annotations

from collections.abc import Collection

from playground import fixes
from playground.fixes import Document
from playground.walk import Walked


def with_activation(walked: Walked, kinds: Collection[str], wanted: str) -> Document | None:
    """The document with `wanted` in place of every activation of these kinds; None where there is none."""
    document = walked.document
    for node, found in walked.measures.items():
        if found.block.kind in kinds:
            document = fixes.replace(document, node, wanted, {})
        elif getattr(found.block, "activation", "") in kinds:
            document = fixes.set_params(document, node, {"activation": wanted})
    return None if document is walked.document else document
