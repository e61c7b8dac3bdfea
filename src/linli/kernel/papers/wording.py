"""Texts made safe for paper, and the filling of a declared text with values.

A value is only ever text: it is put in once and never read again, so a brace, a tag or a formula
in it stays what somebody typed.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

MOST_CHARACTERS = 20_000  # of one value: some 25 pages; a letter is read by people
# What XML 1.0 forbids (section 2.2), and marks that turn the direction of what follows them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069]"
)
_LINE_ENDS = re.compile("\r\n|\r|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """Return a text without what no paper can hold; its lines end in one newline each."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def shortened(text: str) -> str:
    """Return a clean text; one that is too long for paper is cut, and says so."""
    text = clean(text[: 2 * MOST_CHARACTERS])
    if len(text) <= MOST_CHARACTERS:
        return text
    return text[:MOST_CHARACTERS] + _(" … (cut here; the whole text is in the record)")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a declared text with its variables put in. Raises KeyError for one not given."""
    pieces = []
    for literal, name, _spec, _conversion in string.Formatter().parse(text):
        pieces.append(literal)
        if name is not None:
            pieces.append(values[name])
    return "".join(pieces)


def wrong_variables(text: str, known: Collection[str]) -> Iterator[str]:
    """Return a sentence for each thing in a declared text that cannot be filled."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        yield _("A brace { or } stands alone; write {{ or }} for the character itself.")
        return
    for _literal, name, spec, conversion in parsed:
        if name is None:
            continue
        if name not in known:
            yield _("“{%(field)s}” is not filled in; known are: %(known)s.") % {
                "field": name,
                "known": ", ".join(sorted(known)),
            }
        elif spec or conversion:
            yield _("“{%(field)s}” takes no format; write the name alone.") % {"field": name}
