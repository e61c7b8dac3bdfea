"""A request may call its encoding what it likes; it is read as UTF-8."""

from __future__ import annotations

import asyncio
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application

from linli.settings.utf8 import read_as_utf8, read_as_utf8_asynchronously, without_charset

FORM = "application/x-www-form-urlencoded"


def send(
    body: bytes, kind: str, path: str = "/report/", query: str = "", method: str = "POST"
) -> tuple[str, str]:
    """Send a form past no test client, which has a handler of its own; return status and page."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
               "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": "testserver",
               "wsgi.input": BytesIO(body)}  # fmt: skip
    setup_testing_defaults(environ)
    told = []
    answer = read_as_utf8(get_wsgi_application())(environ, lambda status, *_: told.append(status))
    return told[0], b"".join(answer).decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("inside_the_transaction")
@pytest.mark.parametrize("charset", ["base64", "rot13", "utf-16", "idna", "nonsense", '"base64"'])
def test_no_name_of_an_encoding_makes_it_fail(here, charset) -> None:
    for kind in (FORM, "multipart/form-data; boundary=x", "application/json"):
        for name in ("charset", "CharSet ", "charset*", "charset*0*"):
            value = f"utf-8''{charset}" if "*" in name else charset
            status, _page = send(
                b"text=%E8%B7%AF", f"{kind}; {name}={value}", "/board/", "q=%FF%FE"
            )
            assert int(status[:3]) < 500


@pytest.mark.django_db
@pytest.mark.usefixtures("inside_the_transaction")
@pytest.mark.parametrize("charset", ["gbk", "base64"])
def test_what_was_typed_is_read_as_utf_8(here, charset) -> None:
    status, page = send(
        b"", f"{FORM}; charset={charset}", "/board/", "q=%E8%B7%AF%E7%81%AF", method="GET"
    )
    assert status == "200 OK"
    assert 'value="路灯"' in page


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("text/plain", "text/plain"),
        ("text/plain; charset=gbk", "text/plain"),
        ("multipart/form-data; charset=utf-8; boundary=a", "multipart/form-data; boundary=a"),
        ('multipart/form-data; boundary="; charset"', 'multipart/form-data; boundary="; charset"'),
        ("", ""),
    ],
)
def test_the_rest_of_the_content_type_stays(given, wanted) -> None:
    assert without_charset(given) == wanted


def test_the_asynchronous_entry_does_the_same() -> None:
    seen = []

    async def application(scope, receive, send) -> None:
        seen.append(scope["headers"])

    headers = [(b"content-type", b"text/plain; charset=base64"), (b"x", b"; charset=y")]
    entry = read_as_utf8_asynchronously(application)
    asyncio.run(entry({"type": "http", "headers": headers}, None, None))
    asyncio.run(entry({"type": "lifespan"}, None, None))
    assert seen == [[(b"content-type", b"text/plain"), (b"x", b"; charset=y")], []]
