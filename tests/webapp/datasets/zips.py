"""Builders: images that differ, and zips of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image


def picture(seed: int, *, size: tuple[int, int] = (12, 12), kind: str = "PNG", shade: int = 128) -> bytes:
    """A noisy image around one shade; every seed gives another."""
    noise = np.random.RandomState(seed).randint(-40, 40, (size[1], size[0], 3))
    file = io.BytesIO()
    Image.fromarray(np.clip(noise + shade, 0, 255).astype(np.uint8)).save(file, kind)
    return file.getvalue()


def class_folders(classes: Mapping[str, int], top: str = "", first: int = 0) -> dict[str, bytes]:
    """{"cats/0.png": …}: so many images of each class; each class has a shade of its own."""
    shades = np.linspace(50, 200, len(classes)).astype(int)
    return {
        f"{top}{name}/{at}.png": picture(first + 1000 * place + at, shade=int(shades[place]))
        for place, (name, count) in enumerate(classes.items())
        for at in range(count)
    }


def packed(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def zip_at(path: Path, files: Mapping[str, bytes]) -> Path:
    path.write_bytes(packed(files))
    return path
