"""Documents sent to do harm: what acts is refused, what merely reads is stored page by page."""

from __future__ import annotations

import time
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import settings as slow
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from linli.kernel.files import pdfs
from linli.kernel.files.pdfs import clean_pdf
from linli.kernel.files.refusal import UploadRefused
from tests.kernel.files.made import a_pdf


def written(change=None, pages: int = 1) -> bytes:
    """Return a document a function has changed, given its writer."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if change:
        change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    found = DictionaryObject({NameObject("/S"): NameObject(kind)})
    found.update({NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()})
    return found


def opens_with(kind: str):
    def change(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action(kind, JS="app"))

    return change


def on_page(name: str, value):
    def change(writer: PdfWriter) -> None:
        writer.pages[0][NameObject(name)] = value

    return change


def fields(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.root_object[NameObject("/AcroForm")] = form


def a_link_that(kind: str):
    def change(writer: PdfWriter) -> None:
        link = DictionaryObject({
            NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action(kind, F="x.exe"),
        })  # fmt: skip
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])

    return change


def a_script(writer: PdfWriter) -> None:
    names = ArrayObject([TextStringObject("x"), writer._add_object(action("/JavaScript", JS="1"))])
    tree = DictionaryObject({NameObject("/Names"): names})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


ACTING = {
    "a script of the document": a_script,
    "a script when it opens": opens_with("/JavaScript"),
    "a program when it opens": opens_with("/Launch"),
    "an address when it opens": opens_with("/URI"),
    "a script of a page": on_page(
        "/AA", DictionaryObject({NameObject("/O"): action("/JavaScript")})
    ),
    "another file inside": lambda writer: writer.add_attachment("x.exe", b"MZ"),
    "a form that sends": a_link_that("/SubmitForm"),
    "a form that fetches": a_link_that("/ImportData"),
    "a link that starts a program": a_link_that("/Launch"),
    "a link into another file": a_link_that("/GoToR"),
    "an XFA form": fields,
    "a film": on_page("/RichMedia", DictionaryObject()),
}


def test_it_works() -> None:
    clean = PdfReader(BytesIO(clean_pdf(written(pages=3))))

    assert len(clean.pages) == 3


@pytest.mark.parametrize("what", ACTING)
def test_what_acts_is_refused(what) -> None:
    with pytest.raises(UploadRefused, match="脚本"):
        clean_pdf(written(ACTING[what]))


def test_one_with_a_password_is_refused() -> None:
    for user, owner in (("secret", "secret"), ("", "owner")):
        content = written(lambda writer, u=user, o=owner: writer.encrypt(u, o, algorithm="RC4-128"))
        with pytest.raises(UploadRefused, match="密码"):
            clean_pdf(content)


def test_author_and_camera_are_removed() -> None:
    content = written(lambda writer: writer.add_metadata({"/Author": "Secret Person"}))

    assert b"Secret" in content
    assert b"Secret" not in clean_pdf(content)


def test_opening_at_a_page_and_linking_to_an_address_are_no_harm() -> None:
    def change(writer: PdfWriter) -> None:
        page = writer.pages[0].indirect_reference
        writer.root_object[NameObject("/OpenAction")] = ArrayObject([page, NameObject("/Fit")])
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.org/"))

    assert len(PdfReader(BytesIO(clean_pdf(written(change)))).pages) == 1


def test_more_pages_than_anyone_reads_are_refused() -> None:
    with pytest.raises(UploadRefused, match="200"):
        clean_pdf(written(pages=201))


def test_one_without_a_page_is_refused() -> None:
    with pytest.raises(UploadRefused):
        clean_pdf(written(pages=0))


def test_what_unpacks_to_far_more_than_it_is_is_never_unpacked() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(100)) + packer.flush()

    def change(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream._data = packed
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    began = time.monotonic()
    clean = clean_pdf(written(change))

    assert len(clean) < 2_000_000
    assert time.monotonic() - began < 5


def test_an_index_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(100)) + packer.flush()
    head = (
        b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 3 /W [1 4 1] /Root 2 0 R"
        b" /Filter /FlateDecode /Length " + str(len(packed)).encode() + b" >>\nstream\n"
    )
    content = head + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    with pytest.raises(UploadRefused):
        clean_pdf(content)


def test_pages_that_contain_themselves_are_refused() -> None:
    def change(writer: PdfWriter) -> None:
        pages = writer.root_object["/Pages"]
        pages[NameObject("/Kids")] = ArrayObject([pages.indirect_reference] * 3)
        pages[NameObject("/Count")] = NumberObject(3)

    with pytest.raises(UploadRefused):
        clean_pdf(written(change))


def test_one_that_takes_too_long_to_look_through_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "LONGEST", -1)
    with pytest.raises(UploadRefused, match="复杂"):
        clean_pdf(written())


def test_more_objects_than_a_document_needs_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "MOST_OBJECTS", 3)
    with pytest.raises(UploadRefused, match="复杂"):
        clean_pdf(written())


@slow(max_examples=50, deadline=None)
@given(st.data())
def test_damage_anywhere_is_refused_or_harmless(data) -> None:
    content = bytearray(written(pages=2))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(5, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        clean = clean_pdf(bytes(content[: data.draw(st.integers(5, len(content)))]))
    except UploadRefused:
        return
    assert clean.startswith(b"%PDF-")


def test_a_document_with_a_picture_behind_it_keeps_its_pages_only(here, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    content = a_pdf().read() + b"<script>alert(1)</script>"

    assert b"<script>" not in clean_pdf(content)
