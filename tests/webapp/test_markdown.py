"""Notes are read, and do nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.markdown import ATTRIBUTES, SCHEMES, TAGS, html_of


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name, value or "") for name, value in attrs}


def seen(text: str) -> Seen:
    parser = Seen()
    parser.feed(html_of(text))
    return parser


def test_what_people_write_is_shown() -> None:
    made = html_of("# A\n\n- one\n- *two*\n\n`x`\n\n|a|b|\n|-|-|\n|1|2|\n\n~~no~~ [site](https://example.org)")
    for part in ("<h3>A</h3>", "<li>one</li>", "<em>two</em>", "<code>x</code>", "<td>2</td>", "<s>no</s>"):
        assert part in made
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">site</a>' in made


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://example.org/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        '<a href="javascript:alert(1)">x</a>',
        '[x](https://e.org "t\\" onclick=alert(1)")',
        "<svg onload=alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
        "<!-- --><iframe src=x></iframe>",
    ],
)
def test_nothing_in_it_runs_or_fetches(text: str) -> None:
    found = seen(text)
    assert not found.tags & {"script", "img", "svg", "iframe"}
    assert not any(name.startswith("on") or value.lower().startswith(("javascript", "data", "vb"))
                   for _, name, value in found.attributes)  # fmt: skip


@given(text=st.text(alphabet="<>[]()!\"'=:/&;# \n`*javscriptonloe0x", max_size=120))
def test_whatever_is_written_only_listed_tags_and_attributes_come_out(text: str) -> None:
    found = seen(text)
    assert found.tags <= TAGS
    for tag, name, value in found.attributes:
        assert name in ATTRIBUTES.get(tag, set()) | {"rel"}
        if name == "href" and ":" in value.split("/")[0]:
            assert value.split(":")[0].lower() in SCHEMES
