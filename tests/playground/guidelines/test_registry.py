"""Every notice that a guideline can give has one page that says why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from playground import guidelines
from playground.guidelines import PAGES
from playground.guidelines.registry import guideline, page

FOLDER = Path(guidelines.__file__).parent
ID = re.compile(r"[a-z]+\.[EW]\d{3}")
LECTURE = {f"L{number}" for number in range(1, 37)}
"""The numbered items of the lecture on convolutional networks that the guidelines teach."""


def given() -> set[str]:
    """Ids in the first words of each Note(…) in the folder."""
    found = set()
    for path in FOLDER.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Note":
                found |= {
                    arg.value for arg in call.args if isinstance(arg, ast.Constant) and ID.fullmatch(str(arg.value))
                }
    return found


def test_every_notice_has_exactly_one_page() -> None:
    assert given() == set(PAGES)
    assert len(PAGES) >= 17


@pytest.mark.parametrize("id", PAGES)
def test_a_page_says_why_when_and_whence(id: str) -> None:
    page = PAGES[id]
    assert page.id == id
    assert 2 <= len(page.why) <= 4
    assert all(text and text == " ".join(text.split()) and text[-1] in ".)" for text in (*page.why, page.rule))
    assert page.title[0].isupper() and page.title[-1] != "."
    assert re.search(r"\b(19|20)\d\d\b", page.source)
    assert page.lecture and set(page.lecture) <= LECTURE
    assert "MEASURED" not in " ".join(page.why)


def test_the_lecture_s_items_on_design_all_have_a_page() -> None:
    told = {item for page in PAGES.values() for item in page.lecture}
    assert told >= {"L5", "L6", "L8", "L11", "L32", "L33", "L34", "L35", "L36"}


def test_two_pages_about_one_notice_are_refused() -> None:
    again = page(id="filters.W001", title="", why="", rule="", source="", lecture=[])
    with pytest.raises(TypeError, match=r"There are two pages about filters\.W001"):
        guideline(again)(lambda walked: [])
