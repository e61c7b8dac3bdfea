"""Pictures: limits before decoding, then encoded anew from their pixels alone."""

from __future__ import annotations

import io
import warnings

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

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
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if "A" in image.getbands() or "transparency" in image.info:
        return _encoded(image.convert("RGBA"), "PNG"), "image/png", "png"
    return _encoded(image.convert("RGB"), "JPEG"), "image/jpeg", "jpg"


def thumbnail_of(content: bytes) -> bytes:
    """Return a small JPEG of a cleaned picture."""
    with Image.open(io.BytesIO(content)) as image:
        small = image.convert("RGB")
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        return _encoded(small, "JPEG")


def _decoded(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            # Read from the header, before a single pixel is decoded.
            if image.width * image.height > settings.UPLOAD_MAX_PIXELS:
                raise UploadRefused(_("The picture has too many pixels."))
            image.seek(0)
            image.load()
            return ImageOps.exif_transpose(image)
    except UploadRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError,
            EOFError, KeyError, IndexError, MemoryError) as error:  # fmt: skip
        raise UploadRefused(_("The picture is damaged and cannot be read.")) from error


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
