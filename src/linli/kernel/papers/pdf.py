"""A paper as PDF, by WeasyPrint: A4, fonts embedded, nothing fetched from anywhere.

WeasyPrint lays out with Pango, which the system must have; where it is not there, or no Chinese
font, PDF is not available and `why_no_pdf` says what to install.
"""

from __future__ import annotations

import ctypes
import threading
from ctypes.util import find_library
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import override

from linli.kernel.papers.document import Picture, Table
from linli.kernel.papers.measuring import shares

if TYPE_CHECKING:
    from linli.kernel.papers.document import Document

CONTENT_TYPE = "application/pdf"
LIBRARIES = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"  # of Debian
_one_at_a_time = threading.Lock()  # laying out takes a whole core, and Pango is not for threads


class PdfNotAvailable(RuntimeError):
    """This machine cannot make PDF; ``str()`` says what is missing."""


@lru_cache(maxsize=1)
def why_no_pdf() -> str:
    """Return what this machine lacks to make PDF, empty for nothing. Looked up once."""
    missing = [name for name in LIBRARIES if find_library(name) is None]
    if missing:
        return f"the libraries {', '.join(missing)}"
    return "" if _chinese_fonts() else "a font for Chinese"


def _chinese_fonts() -> int:
    """Return how many fonts of the system hold Chinese, as fontconfig counts them."""
    library = ctypes.CDLL(find_library("fontconfig"))
    for name in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
        getattr(library, name).restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(library.FcNameParse(b":lang=zh-cn"))
    wanted = ctypes.c_void_p(library.FcObjectSetCreate())
    library.FcObjectSetAdd(wanted, b"family")
    found = library.FcFontList(None, pattern, wanted)
    count = ctypes.cast(found, ctypes.POINTER(ctypes.c_int))[0] if found else 0
    if found:
        library.FcFontSetDestroy(ctypes.c_void_p(found))
    library.FcObjectSetDestroy(wanted)
    library.FcPatternDestroy(pattern)
    return int(count)


def as_pdf(document: Document) -> bytes:
    """Return a paper as the bytes of a PDF. Raises PdfNotAvailable."""
    if missing := why_no_pdf():
        raise PdfNotAvailable(missing)
    from weasyprint import HTML

    with override(document.language):
        text = render_to_string("papers/pdf.html", told_of(document))
    pictures = {
        f"paper:{at}": block.png
        for at, block in enumerate(document.blocks)
        if isinstance(block, Picture)
    }
    with _one_at_a_time:
        made: bytes = HTML(string=text, url_fetcher=_fetcher(pictures)).write_pdf()
    return made


def told_of(document: Document) -> dict[str, Any]:
    """Return what the templates of a paper are told: the document, and columns' widths."""
    widths = {
        at: [round(100 * share, 2) for share in shares(block)]
        for at, block in enumerate(document.blocks)
        if isinstance(block, Table)
    }
    blocks = [(at, block, widths.get(at)) for at, block in enumerate(document.blocks)]
    return {"paper": document, "blocks": blocks}


def _fetcher(pictures: dict[str, bytes]) -> Any:
    """Return what hands over the pictures of a paper and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyWhatWeHandOver(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in pictures:
                raise ValueError("a paper fetches nothing")
            return URLFetcherResponse(url, pictures[url], {"Content-Type": "image/png"})

    return OnlyWhatWeHandOver()
