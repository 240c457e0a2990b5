"""Analyses as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from playground.findings import Analysis
from playground.network import Network


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
    lines = [network.name, "", columns(rows, right={3, 4, 5}), ""]
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
            lines.append(f"  fix: {notice.fix.label}")
    return "\n".join(lines)


def _count(value: int) -> str:
    return f"{value:,}" if value else "–"


def columns(rows: Sequence[Sequence[str]], right: set[int]) -> str:
    """Rows below one another, those columns to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
