"""Letters as mailers and attackers write them."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.engines.mail import (
    Unreadable,
    is_confirmed,
    is_thanks,
    mark_of,
    own_words,
    read_letter,
    title_words,
    why_automatic,
)
from linli.engines.mail.charsets import decoded
from linli.engines.mail.headers import read_header
from linli.engines.mail.parts import MOST_PARTS
from linli.engines.mail.plain import text_of_html
from tests.letters import SERVER, letter, word

HEAD = b"From: a@b.cn\r\n"


def test_it_works() -> None:
    read = read_letter(letter("路灯坏了。", sender=f"{word('王芳', 'gb2312')} <Wang@Example.org>"))

    assert (read.sender, read.name, read.subject) == ("wang@example.org", "王芳", "路灯坏了")
    assert (read.text, read.to, read.files) == ("路灯坏了。", ("shequ@mail.example",), ())


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "utf-8", "utf-16"])
def test_charsets(charset: str) -> None:
    assert read_letter(letter("三楼的灯", charset=charset, subject="三楼")).text == "三楼的灯"


@pytest.mark.parametrize(("label", "truth"), [
    ("us-ascii", "gbk"), ("iso-8859-1", "gb18030"), ("utf-8", "gbk"), ("gb2312", "utf-8"),
    ("gb2312", "gb18030"), ("nonsense", "utf-8"), ("", "gb18030"), ("utf-7", "utf-8"),
    ("rot13", "gbk"), ("base64_codec", "utf-8"), ("x" * 500, "utf-8"),
])  # fmt: skip
def test_labels_that_lie(label: str, truth: str) -> None:
    assert decoded(
        "㐀路灯坏了，请修！".encode("gb18030" if truth == "gbk" else truth), label
    ).endswith("路灯坏了，请修！")


def test_a_subject_cut_within_a_character() -> None:
    raw = "路灯坏了".encode("gbk")
    one, two = (base64.b64encode(piece).decode() for piece in (raw[:3], raw[3:]))
    head = f"Subject: =?gbk?B?{one}?=\r\n =?gbk?B?{two}?=\r\n".encode()
    assert read_letter(HEAD + head + b"\r\nx").subject == "路灯坏了"


def test_a_subject_that_is_not_encoded_at_all() -> None:
    assert read_letter(HEAD + "Subject: 路灯\r\n\r\n".encode("gbk")).subject == "路灯"


def test_html_where_there_is_no_plain_text() -> None:
    page = "<style>x{}</style><p>路灯<br>坏了&nbsp;&lt;b&gt;</p><script>alert(1)</script>"
    raw = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()

    assert read_letter(raw).text == "路灯\n坏了 <b>"


def test_plain_text_is_preferred() -> None:
    raw = HEAD + (
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\n\r\nplain\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>page</p>\r\n--x--\r\n"
    )
    assert read_letter(raw).text == "plain"


@pytest.mark.parametrize("html", [
    "<div>" * 200_000 + "灯", "<b>" * 299 + "灯", "<!--" * 100_000, "<a " * 100_000,
    "<table>" * 5_000 + "灯", "&" * 300_000, "<![CDATA[" * 40_000,
])  # fmt: skip
def test_pages_made_to_cost(html: str) -> None:
    began = time.process_time()
    text_of_html(html)
    assert time.process_time() - began < 30


@pytest.mark.parametrize("raw", [
    HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nhi\r\n" * 1_000_000,
    HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (n, n) for n in range(3_000)
    ),
    HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 100_000,
    HEAD + b"Subject: " + b"=?utf-8?B?" * 5_000 + b"\r\n\r\nx",
    HEAD + b"X: y\r\n" * 9_000 + b"\r\nx",
    HEAD + b"\r\n" + b"> a\r\n" * 400_000,
])  # fmt: skip
def test_bombs_cost_no_more_than_letters(raw: bytes) -> None:
    began = time.process_time()
    read = read_letter(raw)
    own_words(read.text)
    assert time.process_time() - began < 30
    assert len(read.files) + len(read.left_out) <= MOST_PARTS


def test_a_header_without_end() -> None:
    with pytest.raises(Unreadable, match="header"):
        read_letter(HEAD + b"X: y\r\n" * 100_000)


@pytest.mark.parametrize("sender", [
    b"", b"From: \r\n", b"From: nobody\r\n", b"From: a@b.cn\r\nFrom: c@d.cn\r\n",
    b"From: a@b.cn, c@d.cn\r\n", b"From: a@localhost\r\n", b"From: <a@b.cn\r\n \x00>\r\n",
    b"From: " + b"a@b.cn," * 5_000 + b"\r\n", b"From: " + b"(" * 9_000 + b"\r\n",
])  # fmt: skip
def test_senders_that_are_none(sender: bytes) -> None:
    with pytest.raises(Unreadable, match="sender"):
        read_letter(sender + b"Subject: x\r\n\r\nx")


def test_a_name_that_poses_as_an_address() -> None:
    posing = f"{word('boss@bank.cn')} <a@evil.example>"
    assert read_letter(letter(sender=posing)).sender == "a@evil.example"


def test_files_and_what_is_left_alone() -> None:
    raw = letter(files=(("a.png", b"PNG"), ("winmail.dat", b"TNEF")))
    raw = raw.replace(
        b"--cut--",
        b"--cut\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner\r\n--cut--",
    )
    read = read_letter(raw)

    assert [(file.name, file.content) for file in read.files] == [("a.png", b"PNG")]
    assert read.left_out == ("winmail.dat", "message/rfc822")
    assert "inner" not in read.text


def test_more_files_than_are_taken() -> None:
    read = read_letter(letter(files=tuple((f"{n}.png", b"x") for n in range(30))))

    assert (len(read.files), len(read.left_out)) == (8, 22)


@pytest.mark.parametrize(("text", "own"), [
    ("坏的。\n\n-- \n王芳\n13800000000", "坏的。"),
    ("坏的。\n\n------------------ 原始邮件 ------------------\n发件人: 社区", "坏的。"),
    ("坏的。\n发件人：社区\n主题：灯", "坏的。"),
    ("Still broken.\n\nOn Mon, 1 May 2026, Linli wrote:\n> done", "Still broken."),
    ("Still.\n\n-----Original Message-----\nFrom: Linli", "Still."),
    ("坏的。\n\n发自我的iPhone", "坏的。"),
    ("> 修好了\n坏的。\n> 再见", "坏的。"),
    ("在二号楼。\n\n2026年5月1日 10:00，东湖社区 写道：\n> 哪里", "在二号楼。"),
    ("> 只有引文", "> 只有引文"), ("", ""),
    ("于上周发现路灯坏了，请来信告知", "于上周发现路灯坏了，请来信告知"),
])  # fmt: skip
def test_own_words(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(("subject", "title"), [
    ("Re: 灯", "灯"), ("回复：答复: Fwd: 灯", "灯"), ("RE[2]: 灯", "灯"), ("Re:", ""),
    ("Repair: 灯", "Repair: 灯"),
])  # fmt: skip
def test_titles(subject: str, title: str) -> None:
    assert title_words(subject) == title


@pytest.mark.parametrize(("text", "thanks"), [
    ("谢谢！", True), ("收到，辛苦了", True), ("Thank you!", True), ("谢谢，可是没修好", False),
    ("谢谢，什么时候修？", False), ("灯坏了", False), ("不满意", False), ("谢谢" * 40, False),
    ("Thanks, but it is still broken", False), ("", False),
])  # fmt: skip
def test_thanks(text: str, thanks: bool) -> None:
    assert is_thanks(text) is thanks


@pytest.mark.parametrize(("said", "confirmed"), [
    ("dmarc=pass header.from=example.org", True),
    ("dmarc=pass (p=reject dis=none) header.from=example.org; spf=fail", True),
    ("dkim=pass header.d=example.org header.s=x", True),
    ("dkim=pass header.i=@example.org", True),
    ("spf=pass smtp.mailfrom=bounce@example.org", True),
    ('spf=pass reason="a; b=c" smtp.mailfrom=example.org', True),
    ("dkim=pass header.d=org", False), ("dkim=pass header.d=le.org", False),
    ("dkim=pass header.d=mail.example.org", False), ("dkim=pass header.d=evil.example", False),
    ("dmarc=fail header.from=example.org; dkim=pass header.d=example.org", False),
    ("dmarc=none; dkim=pass header.d=example.org", False),
    ("dmarc=pass header.from=evil.example", False), ("spf=softfail smtp.mailfrom=example.org", False),
    ("iprev=pass policy.iprev=1.2.3.4", False), ("none", False),
    ("spf=fail (dmarc=pass header.from=example.org)", False),
    ('spf=fail reason="; dmarc=pass header.from=example.org"', False),
])  # fmt: skip
def test_what_confirms_a_sender(said: str, confirmed: bool) -> None:
    header = read_letter(letter(above=f"Authentication-Results: {SERVER}; {said}")).header

    assert is_confirmed(header, "wang@example.org", SERVER) is confirmed
    assert not is_confirmed(header, "wang@example.org", "other.example")
    assert not is_confirmed(header, "wang@example.org", "")


def test_only_the_topmost_word_of_the_server_counts() -> None:
    said = f"Authentication-Results: {SERVER}; spf=fail smtp.mailfrom=example.org"
    forged = f"Authentication-Results: {SERVER}; dmarc=pass header.from=example.org"

    assert not is_confirmed(
        read_letter(letter(above=said, more=forged)).header, "wang@example.org", SERVER
    )


def test_a_letter_is_known_again() -> None:
    one = letter(number="a@b")
    assert mark_of(one, read_letter(one)) == mark_of(one + b"x", read_letter(one + b"x"))
    assert mark_of(b"x", None) != mark_of(b"y", None)


FIELDS = st.sampled_from([
    b"From: a@b.cn", b"Content-Type: multipart/mixed; boundary=x", b"Content-Type: text/html",
    b'Content-Type: text/plain; charset="', b"Content-Type: ;;==;", b"Subject: =?gbk?B?//?=",
    b"Content-Transfer-Encoding: base64", b"Content-Disposition: attachment; filename*=utf-8''%",
    b"Authentication-Results: mx; dmarc=pass (((", b"--x", b"--x--", b"", b"> q", b"References: <a",
    b"Content-Type: multipart/mixed; boundary=\"\"", b"From:", b"\xff\xfe", b"Return-Path: <>",
])  # fmt: skip
GARBAGE = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(FIELDS, st.binary(max_size=30)), max_size=14).map(b"\r\n".join),
)


@given(GARBAGE)
@settings(max_examples=120)
@example(b"From: a@b.cn\r\nContent-Type: text/plain; charset*0*=x''%zz\r\n\r\nx")
def test_garbage_never_fails(garbage: bytes) -> None:
    for raw in (garbage, HEAD + garbage):
        try:
            read = read_letter(raw)
        except Unreadable:
            continue
        own_words(read.text)
        title_words(read.subject)
        why_automatic(read.header, read.sender, frozenset())
        is_confirmed(read.header, read.sender, "mx")
        assert "\x00" not in read.text + read.subject + read.name
        (read.text + read.subject + read.name + "".join(read.to)).encode()


@given(st.text(max_size=60).filter(lambda text: "\r" not in text and "\n" not in text))
@settings(max_examples=30)
def test_what_is_written_is_read(text: str) -> None:
    try:
        raw = letter(text, subject="x")
    except UnicodeEncodeError:
        return
    read = read_letter(raw)
    assert read.text == decoded(text.encode()).strip()
    assert read_header(b"").fields == ()
