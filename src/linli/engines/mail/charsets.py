"""Bytes to text, though the label lies.

Chinese mailers write GBK and call it GB2312, or write UTF-8 and say nothing. GB 18030-2022 holds
GB2312 and GBK whole, so one decoder reads the three.
"""

from __future__ import annotations

import re

_CHINESE = {"gb2312", "gbk", "gb18030", "cp936", "x-gbk", "euc-cn", "chinese"}
# Labels that mean nothing where there are bytes above 127, or that read every byte as something.
_SILENT = {"", "us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "latin-1", "latin1",
           "windows-1252", "cp1252", "unknown-8bit", "x-unknown", "binary", "8bit"}  # fmt: skip
# Decoders that are no charset of a letter, or a costly one.
_CHARSET = re.compile(r"^[a-z0-9][a-z0-9._:\-]{0,39}$")
_NEVER = {"utf-7", "utf7", "unicode-1-1-utf-7", "idna", "punycode", "unicode_escape",
          "raw_unicode_escape", "undefined", "mbcs", "oem"}  # fmt: skip
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_IDEOGRAPHS = re.compile("[　-〿㐀-鿿＀-￯‘-”…—]")


def decoded(content: bytes, label: str = "") -> str:
    """Return bytes as text, by their label where it can be true, else by what they look like.

    >>> decoded("路灯坏了".encode("gbk"), "us-ascii"), decoded("路灯".encode(), "gb2312")
    ('路灯坏了', '路灯')
    """
    label = label.strip().strip("\"'").lower()
    if content.startswith(b"\xef\xbb\xbf"):
        content, label = content[3:], "utf-8"
    if label in _CHINESE:
        read = _read(content, "utf-8")
        label = "utf-8" if read is not None and _looks_chinese(read) else "gb18030"
    tried = () if label in _SILENT or not _usable(label) else (label,)
    for name in (*tried, "utf-8", "gb18030", "big5"):
        if (read := _read(content, name)) is not None:
            return storable(read)
    return storable(content.decode(tried[0] if tried else "utf-8", "replace"))


def storable(text: str) -> str:
    """Return a text without what no database takes or nobody sees: controls, half letters."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _looks_chinese(text: str) -> bool:
    """Whether everything beyond ASCII is Chinese: GBK read as UTF-8 by chance is not."""
    beyond = [character for character in text if ord(character) > 127]
    return bool(beyond) and all(_IDEOGRAPHS.match(character) for character in beyond)


def _usable(label: str) -> bool:
    if not _CHARSET.match(label) or label in _NEVER or label.endswith(("_codec", "-codec")):
        return False
    try:
        "".encode(label)
    except (LookupError, ValueError, UnicodeError):
        return False
    return True


def _read(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
