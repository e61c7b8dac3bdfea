"""HTML to plain text: cleaned first (nh3, an allow-list), then read; nothing of it is ever shown
as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

LONGEST_HTML = 400_000  # characters; what is longer is mostly styles
DEEPEST = 300  # open tags; nobody writes so, and it would cost a parser its stack
_TAGS = {"p", "br", "div", "li", "ul", "ol", "tr", "td", "table", "tbody", "blockquote", "h1", "h2",
         "h3", "h4", "pre", "hr", "span", "b", "i", "a", "font"}  # fmt: skip
_LINES = {"p", "div", "li", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "pre", "hr", "br"}
_DROPPED = {"script", "style", "head", "title", "noscript", "template"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ONLY_TAGS = re.compile(r"<[^<>]{0,2000}>")


class _Words(HTMLParser):
    """Collects words; what quotes another letter is marked as such, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the page would."""
        if tag in _LINES:
            self._break()
        self.quoted += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        self.quoted -= tag == "blockquote" and self.quoted > 0
        if tag in _LINES:
            self._break()

    def handle_data(self, data: str) -> None:
        """Add words to the line; runs of space are one."""
        words = re.sub(r"\s+", " ", data.replace("\xa0", " "))
        if self.lines[-1] == "" and self.quoted and words.strip():
            self.lines[-1] = "> "
        self.lines[-1] += words

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")


def text_of_html(html: str) -> str:
    """Return the words of a page, a line for each block, quotations marked with ``>``."""
    html = html[:LONGEST_HTML]
    if _depth(html) > DEEPEST:
        return _ONLY_TAGS.sub(" ", html).strip()
    words = _Words()
    words.feed(nh3.clean(html, tags=_TAGS, clean_content_tags=_DROPPED, attributes={}))
    words.close()
    return "\n".join(line.strip() for line in words.lines).strip()


def _depth(html: str) -> int:
    """Return how deep tags may be nested, counting none as closed by another."""
    depth = most = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in {"br", "img", "hr", "meta", "link", "input", "p", "li", "td", "tr"}:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        most = max(most, depth)
    return most
