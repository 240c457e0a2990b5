"""One image file as the bytes that a network is given. No Django here."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from playground.own_data import OwnDataOptions

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "PPM", "TIFF")
Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
DRAFT = 2
"""JPEG files are decoded at no less than this many times the size that is wanted: many times faster for photographs."""


class NotAnImage(Exception):
    """The bytes are of no image format that is read."""


class TooManyPixels(Exception):
    """The image says that it is larger than may be decoded."""


class Broken(Exception):
    """It begins like an image, and cannot be read to its end."""


def decode(data: bytes, options: OwnDataOptions, most_pixels: int) -> NDArray[np.uint8]:
    """uint8 [channels, size, size]. Raises NotAnImage, TooManyPixels or Broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as damaged metadata, which nobody reads
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except UnidentifiedImageError as error:
            raise NotAnImage from error
        except Exception as error:  # each format has errors of its own
            raise Broken from error
        if image.width * image.height > most_pixels or not image.width or not image.height:
            raise TooManyPixels(f"{image.width:,}×{image.height:,} pixels")
        try:
            if image.format == "JPEG":
                image.draft(None, (DRAFT * options.size, DRAFT * options.size))
            image.load()
            return _pixels(image, options)
        except MemoryError:
            raise
        except Exception as error:
            raise Broken from error


def _pixels(image: Image.Image, options: OwnDataOptions) -> NDArray[np.uint8]:
    image = ImageOps.exif_transpose(image)
    image = _plain(image).convert("L" if options.colour == "grey" else "RGB")
    size = (options.size, options.size)
    if image.size != size:
        match options.fit:
            case "crop":
                image = ImageOps.fit(image, size, Image.Resampling.BILINEAR)
            case "pad":
                image = ImageOps.pad(image, size, Image.Resampling.BILINEAR, color=0)
            case "stretch":
                image = image.resize(size, Image.Resampling.BILINEAR)
    values = np.asarray(image, dtype=np.uint8)
    return values[None] if values.ndim == 2 else np.ascontiguousarray(values.transpose(2, 0, 1))


def _plain(image: Image.Image) -> Image.Image:
    """Without transparency, which becomes white, and without the lower half of 16-bit values."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        values = np.asarray(image, dtype=np.float64)
        scale = 257.0 if values.max() > 255 else 1.0
        return Image.fromarray(np.clip(values / scale, 0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image)
    return image
