"""What of a letter its sender wrote: without the letter it answers, and without the signature.

RFC 3676, section 4.3: a line of two dashes and a space begins the signature; section 4.5: lines
that begin with ``>`` are quoted. Mailers that quote without a mark write a line of their own before
it: those of Outlook, Gmail, Apple Mail, QQ and NetEase are known, as in GitHub's
``email_reply_parser``.
"""

from __future__ import annotations

import re

_SIGNATURE = re.compile(r"^--[ \xa0]?$")
_BEGINS_QUOTE = re.compile(
    r"""^\s*(?:
        -{2,}\s*(?:original\s(?:message|mail)|forwarded\smessage|原始邮件|原邮件|转发的邮件|转发邮件信息
                  |回复的邮件|replied\smessage)\s*-{2,}
      | (?:on|在|于)\s?.{4,120}(?:wrote|writes|写道|写到)\s*[:：]
      | \d{4}\s?[-年/].{4,100}(?:写道|写到|wrote)\s*[:：]
      | .{0,60}<?[^\s<>]{1,64}@[^\s<>]{1,190}>?\s*(?:wrote|writes|写道)\s*[:：]
      | (?:from|发件人|寄件人)\s*[:：].+
      | _{20,}
      | 发自我的.{0,30} | sent\sfrom\smy\s.{0,30} | 获取\soutlook.{0,40} | 从.{0,20}手机发送
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_TOO_LONG_A_LINE = 300  # characters; a line that begins a quotation is short
_ANSWERS = re.compile(
    r"^\s*(?:(?:re|aw|sv|fw|fwd|答复|回复|回覆|转发|轉寄|转)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_THANKS = re.compile(r"谢|感激|辛苦|收到|好的|点赞|满意|thank|great|got it|received", re.IGNORECASE)
_BUT = re.compile(
    r"[?？]|不|没|未|还|又|再|但|可是|仍|坏|差|not|n't|\bno\b|still|again|but|yet", re.IGNORECASE
)
_THANKS_LENGTH = 60


def own_words(text: str) -> str:
    """Return a text up to what it quotes and without its signature.

    Where nothing is left, as of a letter that is only forwarded, the whole text.

    >>> own_words("还是坏的。\\n\\n在 2026年5月1日，社区 写道：\\n> 修好了")
    '还是坏的。'
    """
    kept: list[str] = []
    for line in text.split("\n"):
        if _SIGNATURE.match(line) or (len(line) <= _TOO_LONG_A_LINE and _BEGINS_QUOTE.match(line)):
            break
        if not line.lstrip().startswith((">", "＞")):
            kept.append(line.rstrip())
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return found or re.sub(r"\n{3,}", "\n\n", text).strip()


def title_words(subject: str) -> str:
    """Return a subject without the marks of answering and forwarding.

    >>> title_words("回复：Re: 路灯坏了")
    '路灯坏了'
    """
    return " ".join(_ANSWERS.sub("", subject).split())


def is_thanks(text: str) -> bool:
    """Whether a short answer only thanks, or says that it was read; any doubt is a no.

    >>> is_thanks("谢谢，辛苦了！"), is_thanks("谢谢，但还是坏的")
    (True, False)
    """
    short = len(text) <= _THANKS_LENGTH
    return short and bool(_THANKS.search(text)) and not _BUT.search(text)
