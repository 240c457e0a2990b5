"""The list of checks and of the pages that say why, filled by the decorator."""

from __future__ import annotations

from collections.abc import Callable

from playground.notes import Note
from playground.protocol.page import GuidelineView
from playground.walk import Walked

Check = Callable[[Walked], list[Note]]
CHECKS: list[Check] = []
PAGES: dict[str, GuidelineView] = {}
"""By the id of the notice."""


def page(id: str, title: str, why: str, rule: str, source: str, lecture: list[str]) -> GuidelineView:
    """What stands at /why/ID. In `why` blank lines part the paragraphs; other line ends are spaces."""
    paragraphs = [_in_one_line(each) for each in why.strip().split("\n\n")]
    return GuidelineView(
        id=id, title=title, why=paragraphs, rule=_in_one_line(rule), source=_in_one_line(source), lecture=lecture
    )


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def guideline(*pages: GuidelineView) -> Callable[[Check], Check]:
    """Enter a check into the list, with a page for each notice that it can give."""

    def enter(check: Check) -> Check:
        for page in pages:
            if page.id in PAGES:
                raise TypeError(f"There are two pages about {page.id}. Give the second notice another id.")
            PAGES[page.id] = page
        CHECKS.append(check)
        return check

    return enter
