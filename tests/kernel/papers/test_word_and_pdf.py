"""Word and PDF say the same, hold user text as text, and fetch nothing."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import docx
import pypdf
import pytest

from linli.kernel.papers import pdf
from linli.kernel.papers.document import (
    Cell,
    Document,
    FactLines,
    Heading,
    Paragraph,
    Picture,
    Points,
    Table,
)
from linli.kernel.papers.word import as_word
from linli.mechanisms.casework.letters import qr_png

NASTY = "<script>alert(1)</script> {{ x }} <img src='http://127.0.0.1:9/x'> مرحبا 😀"


def document(**changed: object) -> Document:
    blocks = (
        Heading("一、您反映的事项"),
        Paragraph("路灯坏了。", "quote"),
        Paragraph(NASTY),
        FactLines((("单位", "市政所\n二楼"),)),
        Table(
            ("指标", "本月"),
            ((Cell("收到"), Cell("12", "https://linli.example/e/", "/e/")),),
            frozenset({1}),
        ),
        Points((Cell("收到 12 件。"),)),
        Picture(qr_png("https://linli.example/t/x/"), "扫码查看"),
    )
    told: dict = {
        "language": "zh-hans", "letterhead": "东湖社区", "title": "答复函", "blocks": blocks,
        "mark": "编号：DH-1", "closing": "谢谢。", "signature": ("市政所", "11月2日"),
        "footer": "DH-1",
    }  # fmt: skip
    return Document(**(told | changed))


def words_of(file: bytes) -> str:
    """All text of a Word file, tables too."""
    with zipfile.ZipFile(BytesIO(file)) as inside:
        body = inside.read("word/document.xml").decode()
    return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", body))


@pytest.fixture(scope="module")
def made_pdf() -> bytes:
    if missing := pdf.why_no_pdf():
        pytest.skip(f"this machine lacks {missing}")
    return pdf.as_pdf(document())


def test_it_works() -> None:
    file = docx.Document(BytesIO(as_word(document())))
    styles = [paragraph.style.name for paragraph in file.paragraphs if paragraph.text]
    assert styles[:5] == ["Letterhead", "Mark", "Title", "Heading 1", "Quote"]
    assert file.paragraphs[0].text == "东湖社区"
    assert [cell.text for cell in file.tables[1].rows[1].cells] == ["收到", "12"]
    assert file.core_properties.title == "答复函"


def test_a_word_file_has_a_font_for_chinese_a_page_number_and_a4() -> None:
    with zipfile.ZipFile(BytesIO(as_word(document()))) as inside:
        styles = inside.read("word/styles.xml").decode()
        feet = [inside.read(name).decode() for name in inside.namelist() if "footer" in name]
    assert 'w:eastAsia="仿宋"' in styles
    assert all('w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot for foot in feet)
    assert feet
    section = docx.Document(BytesIO(as_word(document()))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_typed_text_is_text_in_word() -> None:
    file = docx.Document(BytesIO(as_word(document())))
    assert NASTY in [paragraph.text for paragraph in file.paragraphs]


def test_the_pdf_says_what_the_word_file_says(made_pdf: bytes) -> None:
    pages = pypdf.PdfReader(BytesIO(made_pdf)).pages
    said = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    for part in (
        "东湖社区",
        "编号：DH-1",
        "答复函",
        "路灯坏了。",
        "市政所",
        "收到12件。",
        "谢谢。",
    ):
        assert part in said
        assert part in re.sub(r"\s", "", words_of(as_word(document())))
    assert "<script>alert(1)</script>{{x}}" in said


def test_the_pdf_is_a4_with_embedded_fonts(made_pdf: bytes) -> None:
    page = pypdf.PdfReader(BytesIO(made_pdf)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    for font in page["/Resources"]["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(below.get_object())


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "file:///etc/passwd", "paper:9"])
def test_nothing_is_fetched(address: str) -> None:
    if pdf.why_no_pdf():
        pytest.skip("no PDF here")
    with pytest.raises(ValueError):
        pdf._fetcher({"paper:0": b"x"}).fetch(address)


def test_without_the_libraries_it_says_what_is_missing(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "find_library", lambda name: None)
    pdf.why_no_pdf.cache_clear()
    try:
        with pytest.raises(pdf.PdfNotAvailable, match=r"pango-1\.0"):
            pdf.as_pdf(document())
    finally:
        pdf.why_no_pdf.cache_clear()


def test_without_a_chinese_font_it_says_so(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "_chinese_fonts", lambda: 0)
    pdf.why_no_pdf.cache_clear()
    try:
        if all(map(pdf.find_library, pdf.LIBRARIES)):
            assert pdf.why_no_pdf() == "a font for Chinese"
    finally:
        pdf.why_no_pdf.cache_clear()
