"""Analyses as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from playground.findings import Analysis, Cost, Fix, Stage, Totals
from playground.network import Network
from playground.protocol.page import GuidelineView

RULE = """One multiply-add counts 1; biases and activations are not counted. Parameters include biases and batch norm's
scale and shift. Outputs are float32, for one image. Shapes: channels × height × width."""


def table(network: Network, analysis: Analysis) -> str:
    """Each block with its shape and cost, the stages, the totals and the notices."""
    rows = [("id", "block", "shape", "parameters", "multiply-adds", "outputs", "sees")]
    for name in analysis.order:
        node = analysis.nodes[name]
        sees = "×".join(map(str, node.receptive_field.size)) if node.receptive_field else ""
        numbers = _count(node.parameters), _count(node.macs), _bytes(node.activation_bytes)
        rows.append((name, node.label, _shape(node.shape), *numbers, sees))
    lines = [network.name, "", columns(rows, right={3, 4, 5, 6}), ""]
    if analysis.stages:
        lines += [_stages(analysis.stages), ""]
    lines += [*_totals(analysis.totals), "", RULE]
    for notice in analysis.notices:
        at = f" {notice.node}" if notice.node else ""
        lines += ["", f"{notice.level} {notice.id}{at}: {notice.message}", f"  {notice.hint}"]
        if notice.fix:
            lines.append(f"  fix: {notice.fix.label}{_change(notice.fix)}")
    return "\n".join(lines)


def _stages(stages: Sequence[Stage]) -> str:
    rows = [("stage", "blocks", "shape", "parameters", "multiply-adds", "outputs", "model", "layers")]
    for each in stages:
        numbers = _count(each.parameters), _count(each.macs), _bytes(each.activation_bytes), _bytes(each.weight_bytes)
        rows.append((each.name, str(len(each.nodes)), _shape(each.shape), *numbers, _count(each.depth)))
    return columns(rows, right={1, 3, 4, 5, 6, 7})


def _totals(totals: Totals) -> list[str]:
    layers = "1 layer" if totals.depth == 1 else f"{totals.depth} layers"
    made = totals.formulas
    rows = [
        ("model", _bytes(totals.weight_bytes), "parameters and running statistics as float32"),
        ("outputs", _bytes(totals.activation_bytes), "of all layers, for one image"),
        ("inference", _bytes(totals.inference_bytes), f"at most at once: {made.get('inference_bytes', '')}"),
        ("training", _bytes(totals.training_bytes), made.get("training_bytes", "")),
    ]
    if totals.receptive_field:
        rows.append(("sees", f"{'×'.join(map(str, totals.receptive_field))} px", made.get("receptive_field", "")))
    counts = f"{totals.parameters:,} parameters, {totals.macs:,} multiply-adds"
    return [f"{counts}, {layers} with weights on the longest path", "", columns(rows, right={1})]


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


def _shape(shape: Sequence[int] | None) -> str:
    return "×".join(map(str, shape)) if shape else "?"


def _bytes(value: int) -> str:
    """Three figures, as on the page."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if value >= size:
            amount = value / size
            return f"{amount:.{0 if amount >= 100 else 1 if amount >= 10 else 2}f} {unit}"
    return f"{value} B" if value else "–"


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
