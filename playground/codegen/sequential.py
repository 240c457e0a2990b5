"""nn.Sequential as text; layers that repeat become a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground.codegen.lines import Line

FEWEST_REPEATS = 3
LONGEST_UNIT = 12
WIDTH = 120
NOTED_WIDTH = 100
"""Longest line with a note behind it."""


class Run(NamedTuple):
    """A unit of layers that comes `times` times; lines are all of them, unrolled."""

    unit: int
    times: int
    lines: tuple[Line, ...]


def runs(lines: Sequence[Line]) -> list[Run]:
    """The lines cut into repeats; what does not repeat is a run of its own."""
    found, position = [], 0
    texts = [line.made for line in lines]
    while position < len(lines):
        unit, times = 1, 1
        for length in range(1, LONGEST_UNIT + 1):
            count = _repeats(texts, position, length)
            starts_well = lines[position].works or not any(line.works for line in lines[position : position + length])
            if starts_well and count >= FEWEST_REPEATS and (count - 1) * length > (times - 1) * unit:
                unit, times = length, count
        found.append(Run(unit, times, tuple(lines[position : position + unit * times])))
        position += unit * times
    return found


def _repeats(texts: Sequence[str | None], start: int, length: int) -> int:
    unit, count = texts[start : start + length], 1
    while len(unit) == length and texts[start + count * length : start + (count + 1) * length] == unit:
        count += 1
    return count


def layer_text(attribute: str, lines: Sequence[Line]) -> list[str]:
    """The lines of the constructor that make one chain."""
    if len(lines) == 1:
        return _noted(f"        self.{attribute} = {lines[0].made}", lines[0].note)
    text = [f"        self.{attribute} = nn.Sequential("]
    for run in runs(lines):
        text += _run_text(run)
    return [*text, "        )"]


def _run_text(run: Run) -> list[str]:
    if run.times == 1:
        return _noted(f"            {run.lines[0].made},", run.lines[0].note)
    note = _span(run)
    made = [line.made or "" for line in run.lines[: run.unit]]
    if run.unit == 1:
        return _noted(f"            *({made[0]} for _ in range({run.times})),", note)
    inner = f"({', '.join(made)})"
    text = f"            *(layer for _ in range({run.times}) for layer in {inner}),"
    if len(text) <= WIDTH:
        return _noted(text, note)
    return [
        *_noted("            *(", note),
        "                layer",
        f"                for _ in range({run.times})",
        *(
            [f"                for layer in {inner}"]
            if len(inner) <= WIDTH - 29
            else [
                "                for layer in (",
                *(f"                    {each}," for each in made),
                "                )",
            ]
        ),
        "            ),",
    ]


def _span(run: Run) -> str:
    """ "stage3_2 … stage3_36: 1024×14×14"; the shape alone where the blocks have no names."""
    notes = [line.note for line in run.lines if line.note]
    if not notes or notes[0] == notes[-1]:
        return notes[-1] if notes else ""
    first, named, _ = notes[0].partition(": ")
    return f"{first} … {notes[-1]}" if named else notes[-1]


def _noted(code: str, note: str) -> list[str]:
    """The note behind the code, or above it where the line would be too long."""
    if not note:
        return [code]
    if len(code) + len(note) + 4 <= NOTED_WIDTH:
        return [f"{code}  # {note}"]
    indent = code[: len(code) - len(code.lstrip())]
    return [f"{indent}# {note}", code]
