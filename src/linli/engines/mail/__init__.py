"""Reading e-mail that anybody may have sent: bytes in, plain values out, whatever the bytes are."""

from linli.engines.mail.automatic import why_automatic
from linli.engines.mail.letter import (
    LONGEST_TEXT,
    Attachment,
    Letter,
    Unreadable,
    mark_of,
    read_letter,
)
from linli.engines.mail.origin import is_confirmed
from linli.engines.mail.words import is_thanks, own_words, title_words

__all__ = [
    "LONGEST_TEXT",
    "Attachment",
    "Letter",
    "Unreadable",
    "is_confirmed",
    "is_thanks",
    "mark_of",
    "own_words",
    "read_letter",
    "title_words",
    "why_automatic",
]
