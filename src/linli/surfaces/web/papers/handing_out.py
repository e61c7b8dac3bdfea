"""A paper as the answer to a request: the file wanted, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from linli.kernel.papers import pdf, word

if TYPE_CHECKING:
    from linli.kernel.papers.document import Document

FORMATS = ("word", "pdf")


def file_of(document: Document, kind: str, name: str) -> HttpResponse:
    """Return a paper as a download: ``kind`` is "word" or "pdf", ``name`` has no ending.

    Raises PdfNotAvailable.
    """
    if kind == "pdf":
        return download(pdf.as_pdf(document), pdf.CONTENT_TYPE, f"{name}.pdf")
    return download(word.as_word(document), word.CONTENT_TYPE, f"{name}.docx")


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return bytes as a file to keep; ``name`` is of letters, digits and hyphens."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
