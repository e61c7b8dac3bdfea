"""Files made for tests: whole, damaged and hostile."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter


def a_pdf(name: str = "paper.pdf", pages: int = 1) -> SimpleUploadedFile:
    """Return an empty document of so many pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    return as_upload(writer, name)


def as_upload(writer: PdfWriter, name: str = "paper.pdf") -> SimpleUploadedFile:
    """Return what a writer holds as a file that was sent."""
    out = BytesIO()
    writer.write(out)
    return SimpleUploadedFile(name, out.getvalue(), "application/pdf")
