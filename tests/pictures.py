"""Small true pictures for tests."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(name: str = "picture.png", size: tuple[int, int] = (32, 24)) -> SimpleUploadedFile:
    """Return a plain picture of that name."""
    data = BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")
