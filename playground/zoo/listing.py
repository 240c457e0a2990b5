"""The zoo as text for a terminal: what is counted here beside what is stated elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

from playground.protocol.page import Published
from playground.report import columns
from playground.zoo.registry import Exhibit

WIDTH = 120
HEAD = (
    "name", "year", "depth", "parameters", "stated", "multiply-adds", "stated", "top-1", "top-5",
    "1 crop top-1", "top-5", "title",
)  # fmt: skip
NOTES = (
    "One multiply-add counts 1; biases and activations are not counted. Stated: by a paper or torchvision.",
    "Errors in percent on ImageNet's validation set: as published, with 10 crops unless marked *; then top-1 and",
    "top-5 of torchvision's weights with one crop. python -m playground zoo NAME says who measured, and why others",
    "count differently.",
)


def listed(exhibits: Iterable[Exhibit]) -> str:
    """A line for each network."""
    return "\n".join([columns([HEAD, *map(_line, exhibits)], right=set(range(1, 11))), "", *NOTES])


def told(exhibit: Exhibit) -> str:
    """One network: where it comes from, its numbers and what to know about them."""
    totals = exhibit.totals
    counted = f"{totals.parameters:,} parameters, {totals.macs:,} multiply-adds, {totals.depth} layers deep"
    lines = [exhibit.title, "", exhibit.question, exhibit.source, "", f"Counted  {counted}"]
    lines += [f"Stated   {_said(exhibit.published)}"] if exhibit.published else []
    lines += [f"1 crop   {_said(exhibit.single_crop)}"] if exhibit.single_crop else []
    lines += ["", exhibit.remark] if exhibit.remark else []
    return "\n".join(fill(line, WIDTH, subsequent_indent=_indent(line)) for line in lines)


def _indent(line: str) -> str:
    return " " * 9 if line.startswith(("Stated", "1 crop")) else ""


def _line(each: Exhibit) -> tuple[str, ...]:
    totals, stated, single = each.totals, each.published or Published(), each.single_crop or Published()
    mark = " " if stated.evaluation == "10 crops" else "*"
    return (
        each.name, str(each.year or ""), str(totals.depth),
        f"{totals.parameters:,}", _whole(stated.parameters), f"{totals.macs:,}", _whole(stated.macs),
        _percent(stated.top1_error, mark), _percent(stated.top5_error, mark),
        _percent(single.top1_error), _percent(single.top5_error), each.title,
    )  # fmt: skip


def _said(said: Published) -> str:
    parts = [
        *([f"{said.parameters:,} parameters"] if said.parameters else []),
        *([f"{said.macs:,} multiply-adds"] if said.macs else []),
        *([f"top-1 error {said.top1_error:.2f} %"] if said.top1_error else []),
        *([f"top-5 error {said.top5_error:.2f} %"] if said.top5_error else []),
    ]
    return f"{', '.join(parts)}{f' ({said.evaluation})' if said.evaluation else ''}. {said.source}"


def _whole(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _percent(value: float | None, mark: str = "") -> str:
    return "" if value is None else f"{value:.2f}{mark}"
