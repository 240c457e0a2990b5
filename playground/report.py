"""Analyses and lists as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from playground.findings import Analysis, Cost, Fix
from playground.network import Network
from playground.protocol.page import GuidelineView
from playground.zoo import Exhibit


def zoo(exhibits: Iterable[Exhibit]) -> str:
    """The list of networks."""
    rows = [("name", "parameters", "multiply-adds", "depth", "title")]
    for each in exhibits:
        totals = each.totals
        rows.append((each.name, f"{totals.parameters:,}", f"{totals.macs:,}", str(totals.depth), each.title))
    return _columns(rows, right={1, 2, 3})


def table(network: Network, analysis: Analysis) -> str:
    """Each block with its shape and cost, the totals and the notices."""
    rows = [("id", "block", "shape", "parameters", "multiply-adds", "sees")]
    for name in analysis.order:
        node = analysis.nodes[name]
        shape = "×".join(map(str, node.shape)) if node.shape else "?"
        field = node.receptive_field
        sees = f"{field.size[0]}×{field.size[1]}" if field else ""
        rows.append((name, node.label, shape, _count(node.parameters), _count(node.macs), sees))
    totals = analysis.totals
    lines = [network.name, "", _columns(rows, right={3, 4, 5}), ""]
    lines.append(
        f"{totals.parameters:,} parameters, {totals.macs:,} multiply-adds, "
        f"{totals.activation_bytes:,} bytes of activations for one image, {totals.depth} layers deep"
    )
    lines.append(
        "One multiply-add counts 1; biases and activations are not counted. Shapes: channels × height × width."
    )
    for notice in analysis.notices:
        at = f" {notice.node}" if notice.node else ""
        lines += ["", f"{notice.level} {notice.id}{at}: {notice.message}", f"  {notice.hint}"]
        if notice.fix:
            lines.append(f"  fix: {notice.fix.label}{_change(notice.fix)}")
    return "\n".join(lines)


def _change(fix: Fix) -> str:
    """ " (61,706 → 60,000 parameters, same multiply-adds, …)", where the numbers are known."""
    before, after = fix.before, fix.after
    if before is None or after is None:
        return ""
    parts = [
        _from_to(f"{before.parameters:,}", f"{after.parameters:,}", "parameters"),
        _from_to(f"{before.macs:,}", f"{after.macs:,}", "multiply-adds"),
        _from_to(_sees(before), _sees(after), "receptive field"),
    ]
    return f" ({'; '.join(parts)})"


def _from_to(before: str, after: str, what: str) -> str:
    return f"{what} {before} → {after}" if before != after else f"same {what}"


def _sees(cost: Cost) -> str:
    return f"{cost.receptive_field[0]}×{cost.receptive_field[1]}" if cost.receptive_field else "none"


def guidelines(pages: Iterable[GuidelineView]) -> str:
    """Each page as plain text."""
    return "\n\n".join(_page(page) for page in pages)


def _page(page: GuidelineView) -> str:
    paragraphs = [*page.why, f"When: {page.rule}", f"Source: {page.source}", f"Lecture: {', '.join(page.lecture)}"]
    filled = ["\n".join(textwrap.wrap(each, 100, initial_indent="  ", subsequent_indent="  ")) for each in paragraphs]
    return "\n".join([f"{page.id}  {page.title}", *filled])


def _count(value: int) -> str:
    return f"{value:,}" if value else "–"


def _columns(rows: Sequence[Sequence[str]], right: set[int]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
