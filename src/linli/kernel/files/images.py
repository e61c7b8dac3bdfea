"""Pictures: limits before decoding, then encoded anew from their pixels alone."""

from __future__ import annotations

import io
import warnings

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from linli.kernel.files.refusal import UploadRefused

LONGEST_SIDE, THUMBNAIL_SIDE = 2560, 480
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def clean_image(content: bytes) -> tuple[bytes, str, str]:
    """Return the picture encoded anew, its content type and the ending of its name.

    Turned as its metadata says, then without any; the first frame of an animation; at most 2560
    pixels a side. Transparent pictures stay PNG, all others become JPEG. Raises UploadRefused.
    """
    image = _decoded(content)
    if image.mode == "RGBA":
        return _encoded(image, "PNG"), "image/png", "png"
    return _encoded(image, "JPEG"), "image/jpeg", "jpg"


def thumbnail_of(content: bytes) -> bytes:
    """Return a small JPEG of a cleaned picture, what is transparent on white."""
    with Image.open(io.BytesIO(content)) as image:
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        small = Image.new("RGB", image.size, "white")
        small.paste(image, mask=image if image.mode == "RGBA" else None)
        return _encoded(small, "JPEG")


def _decoded(content: bytes) -> Image.Image:
    """Return the pixels, upright and small enough, as RGB or RGBA."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            # Read from the header, before a single pixel is decoded.
            if image.width * image.height > settings.UPLOAD_MAX_PIXELS:
                raise Image.DecompressionBombError
            # A JPEG of far more pixels than are kept is decoded at a fraction of its size.
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            image.seek(0)
            image.load()
            return _upright(image)
    except Image.DecompressionBombError as error:
        raise UploadRefused(_("The picture has too many pixels.")) from error
    except Exception as error:  # decoders raise whatever a hostile file leads them to
        raise UploadRefused(_("The picture is damaged and cannot be read.")) from error


def _upright(image: Image.Image) -> Image.Image:
    clear = "A" in image.getbands() or "transparency" in image.info
    plain = _eight_bits(image).convert("RGBA" if clear else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return ImageOps.exif_transpose(plain)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits with 8: a plain conversion would make it white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _encoded(image: Image.Image, form: str) -> bytes:
    # A new image takes the pixels only: no EXIF, comments or profiles ride along.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    if form == "JPEG":
        bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        bare.save(out, "PNG", optimize=True)
    return out.getvalue()
