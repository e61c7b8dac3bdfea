"""A paper as a Word file (.docx): real styles, A4, page numbers, fonts for Chinese."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from linli.kernel.papers.document import Cell
from linli.kernel.papers.measuring import shares
from linli.kernel.papers.word_styles import TEXT_WIDTH, set_up_page, set_up_styles

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.text.paragraph import Paragraph as WordParagraph

    from linli.kernel.papers.document import Document, FactLines, Picture, Points, Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STYLES = {"text": "Body Text", "plain": "Normal", "quote": "Quote"}


def as_word(document: Document) -> bytes:
    """Return a paper as the bytes of a .docx file."""
    file = docx.Document()
    set_up_styles(file, chinese=document.chinese)
    set_up_page(file, document)
    _frame(file, document)
    for block in document.blocks:
        _WRITERS[block.kind](file, block)
    if document.closing:
        file.add_paragraph(document.closing, style="Body Text")
    for line in document.signature:
        file.add_paragraph(line, style="Signature")
    told = BytesIO()
    file.save(told)
    return told.getvalue()


def _frame(file: WordFile, document: Document) -> None:
    properties = file.core_properties
    properties.title, properties.author = document.title[:255], document.letterhead[:255]
    properties.comments, properties.language = "", document.language
    file.add_paragraph(document.letterhead, style="Letterhead")
    if document.mark:
        file.add_paragraph(document.mark, style="Mark")
    file.add_paragraph(document.title, style="Title")


# --- blocks ---------------------------------------------------------------------------------
def _heading(file: WordFile, block: Any) -> None:
    file.add_paragraph(block.text, style="Heading 1")


def _paragraph(file: WordFile, block: Any) -> None:
    file.add_paragraph(block.text, style=STYLES[block.style])


def _facts(file: WordFile, block: FactLines) -> None:
    table = file.add_table(rows=0, cols=2)
    for label, value in block.lines:
        cells = table.add_row().cells
        _into(cells[0].paragraphs[0], label, "Table Label")
        first, *others = value.split("\n")
        _into(cells[1].paragraphs[0], first, "Table Text")
        for line in others:
            cells[1].add_paragraph(line, style="Table Text")
    _set_widths(table, [0.24, 0.76])
    file.add_paragraph(style="Gap")


def _table(file: WordFile, block: Table) -> None:
    table = file.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    for at, head in enumerate(block.heads):
        _into(table.rows[0].cells[at].paragraphs[0], head, "Table Label", at in block.numbers)
    _mark_row(table.rows[0], "w:tblHeader")
    for row in block.rows:
        added = table.add_row()
        _mark_row(added, "w:cantSplit")
        for at, (place, cell) in enumerate(zip(added.cells, row, strict=True)):
            _cell(place.paragraphs[0], cell, at in block.numbers)
    _set_widths(table, shares(block))
    file.add_paragraph(style="Gap")


def _set_widths(table: Any, portions: list[float]) -> None:
    """Set the widths of columns, in the grid and in each cell: programs read one or the other."""
    table.autofit = False
    for column, portion in zip(table.columns, portions, strict=True):
        column.width = Mm(portion * TEXT_WIDTH)
        for cell in column.cells:
            cell.width = column.width


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _cell(paragraph: WordParagraph, cell: Cell, number: bool) -> None:
    _into(paragraph, "", "Table Text", number)
    _linked(paragraph, cell)


def _into(paragraph: WordParagraph, text: str, style: str, number: bool = False) -> None:
    paragraph.style = style  # type: ignore[assignment]
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if text:
        paragraph.add_run(text)


def _points(file: WordFile, block: Points) -> None:
    for sentence in block.sentences:
        paragraph = file.add_paragraph(sentence.text, style="List Bullet")
        if sentence.link:
            paragraph.add_run(" ")
            _linked(paragraph, Cell(sentence.path, sentence.link, sentence.path))


def _picture(file: WordFile, block: Picture) -> None:
    paragraph = file.add_paragraph(style="Normal")
    paragraph.add_run().add_picture(BytesIO(block.png), width=Mm(block.width))
    if block.caption:
        file.add_paragraph(block.caption, style="Caption")


def _linked(paragraph: WordParagraph, cell: Cell) -> None:
    """Write a text, as a link where it leads somewhere; a path is set small."""
    if not cell.link:
        paragraph.add_run(cell.text)
        return
    key = paragraph.part.relate_to(cell.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run = paragraph.add_run(cell.text)
    run.style = "Link"  # type: ignore[assignment]
    if cell.is_path:
        run.font.size = Pt(8)
    link.append(run._r)
    paragraph._p.append(link)


_WRITERS: dict[str, Any] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "facts": _facts,
    "table": _table,
    "points": _points,
    "picture": _picture,
}
