"""Letters for pictures that the site draws itself: the page's own fonts, script by script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from django.conf import settings
from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

SERIF = "newsreader-*-opsz-normal-*.woff2"
SANS = "source-sans-3-*-wght-normal-*.woff2"
"""Files of the built page, one for each part of the scripts; pillow reads them as they are."""
WEIGHTS = {SERIF: 500, SANS: 400}
NO_LETTER = "\U0010fffe"
"""No font has it: it shows what a font draws for what it lacks."""


def drawable(words: str) -> str:
    """The words without what no font here can draw, such as Chinese: empty boxes would say less than nothing."""
    return " ".join("".join(letter for letter in words if letter.isspace() or _has(letter)).split())


def width(words: str, size: int, *, serif: bool = False) -> float:
    return sum(font.getlength(part) for font, part in _parts(words, size, serif))


def draw(
    pen: ImageDraw.ImageDraw, x: float, y: float, words: str, size: int, colour: str, *, serif: bool = False
) -> None:
    """x is where the words begin, y where the line above them would end; both and `size` in px of the picture."""
    first = _chain(size, serif)[0]
    ascent = first.getmetrics()[0] if isinstance(first, ImageFont.FreeTypeFont) else 0
    for font, part in _parts(words, size, serif):
        anchor = "ls" if isinstance(font, ImageFont.FreeTypeFont) else None
        pen.text((x, y + ascent), part, fill=colour, font=font, anchor=anchor)
        x += font.getlength(part)


def _parts(words: str, size: int, serif: bool) -> Iterator[tuple[Font, str]]:
    """The words in pieces, each with the first font that has all of its letters."""
    chain = _chain(size, serif)
    for place, letters in groupby(words, key=lambda letter: _place(letter, serif)):
        yield chain[place], "".join(letters)


def _has(letter: str) -> bool:
    return any(_covers(font, letter) for font in _chain(16, False))


@cache
def _place(letter: str, serif: bool) -> int:
    return next((place for place, font in enumerate(_chain(16, serif)) if _covers(font, letter)), 0)


def _covers(font: Font, letter: str) -> bool:
    return bytes(font.getmask(letter)) != bytes(font.getmask(NO_LETTER))


@cache
def _chain(size: int, serif: bool) -> tuple[Font, ...]:
    """The fonts to look in, in their order; where the page is not built, the one that pillow brings along."""
    found = [*_family(SERIF, size), *_family(SANS, size)] if serif else _family(SANS, size)
    return tuple(found) or (ImageFont.load_default(size),)


def _family(pattern: str, size: int) -> list[Font]:
    assets: Path = settings.EDITOR_MANIFEST.parent / "assets"
    fonts = []
    for file in sorted(
        assets.glob(pattern),
        key=lambda file: ("-latin-opsz" not in file.name and "-latin-wght" not in file.name, file.name),
    ):
        try:
            font = ImageFont.truetype(str(file), size)
            font.set_variation_by_axes([_at(axis, WEIGHTS[pattern], size) for axis in font.get_variation_axes()])
        except OSError:  # a pillow that cannot read it
            continue
        fonts.append(font)
    return fonts


def _at(axis: ImageFont.Axis, weight: int, size: int) -> int:
    wanted = weight if axis["name"] == b"Weight" else size
    return int(min(max(wanted, axis["minimum"] or 0), axis["maximum"] or wanted))
