"""Names in the picture of a link: in the page's own letters, and without empty boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from webapp.sharing import lettering

FONTS = Path(__file__).parents[3] / "node_modules/@fontsource-variable"


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Any:
    """A built page's fonts, under the names that the bundle gives them."""
    assets = tmp_path / "assets"
    assets.mkdir()
    for file in FONTS.glob("*/files/*-normal.woff2"):
        (assets / f"{file.stem}-a1b2.woff2").write_bytes(file.read_bytes())
    settings.EDITOR_MANIFEST = tmp_path / "manifest.json"
    _forget()
    yield
    _forget()


@pytest.fixture
def unbuilt(tmp_path: Path, settings: Any) -> Any:
    settings.EDITOR_MANIFEST = tmp_path / "manifest.json"
    _forget()
    yield
    _forget()


def _forget() -> None:
    lettering._chain.cache_clear()
    lettering._place.cache_clear()


def test_what_can_be_written_is_kept_and_what_cannot_leaves_no_boxes(built: None) -> None:
    assert lettering.drawable("Résumé, 3×3, ž") == "Résumé, 3×3, ž"
    assert lettering.drawable("Ελληνικά и кириллица") == "Ελληνικά и кириллица"
    assert lettering.drawable("卷积 LeNet 网络 🙂") == "LeNet"
    assert lettering.drawable("卷积网络") == ""


def test_scripts_stand_on_one_line(built: None) -> None:
    image = Image.new("L", (600, 80))
    lettering.draw(ImageDraw.Draw(image), 0, 0, "LeНЕТ", 48, "white", serif=True)
    latin, cyrillic = (image.crop((left, 0, right, 80)).getbbox() for left, right in ((0, 24), (60, 85)))
    assert latin and cyrillic and abs(latin[3] - cyrillic[3]) <= 1
    assert lettering.width("LeНЕТ", 48) > lettering.width("LeНЕ", 48) > 0


def test_a_site_whose_page_is_not_built_still_writes(unbuilt: None) -> None:
    assert lettering.drawable("LeNet-5 卷积") == "LeNet-5"
    assert lettering.width("LeNet-5", 24) > 0
