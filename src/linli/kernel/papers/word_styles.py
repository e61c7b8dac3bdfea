"""The page and the styles of Word files: A4 and measures after GB/T 9704 (2012), in smaller type.

GB/T 9704 sets official papers in 仿宋 of 16 pt with a red letterhead; a letter to a resident and a
report with tables are set in 12 and 9.5 pt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as WordFile

    from linli.kernel.papers.document import Document

PAGE = (210, 297)  # mm, A4
MARGINS = {"top_margin": 30, "bottom_margin": 28, "left_margin": 27, "right_margin": 27}
TEXT_WIDTH = PAGE[0] - 54
RED, INK, QUIET = RGBColor(0xB4, 0x1E, 0x1E), RGBColor(0x1B, 0x24, 0x20), RGBColor(0x55, 0x5F, 0x5A)
LATIN = "Times New Roman"
SONG, HEI, FANGSONG = "宋体", "黑体", "仿宋"
LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip

# name: (points, Chinese font, bold, colour, alignment, before, after, line spacing)
_DRESS: dict[str, tuple[float, str, bool, RGBColor, Any, float, float, float]] = {
    "Normal": (12, FANGSONG, False, INK, LEFT, 0, 6, 1.5),
    "Body Text": (12, FANGSONG, False, INK, BOTH, 0, 6, 1.5),
    "Quote": (12, FANGSONG, False, INK, LEFT, 0, 6, 1.5),
    "Letterhead": (24, SONG, True, RED, CENTRE, 0, 6, 1.2),
    "Mark": (10.5, FANGSONG, False, QUIET, RIGHT, 0, 12, 1.2),
    "Title": (18, SONG, True, INK, CENTRE, 12, 18, 1.3),
    "Heading 1": (13, HEI, True, INK, LEFT, 14, 6, 1.3),
    "Signature": (12, FANGSONG, False, INK, RIGHT, 0, 2, 1.5),
    "Caption": (9, FANGSONG, False, QUIET, LEFT, 0, 6, 1.2),
    "List Bullet": (12, FANGSONG, False, INK, LEFT, 0, 4, 1.4),
    "Table Text": (9.5, SONG, False, INK, LEFT, 2, 2, 1.15),
    "Table Label": (9.5, HEI, True, INK, LEFT, 2, 2, 1.15),
    "Gap": (6, SONG, False, INK, LEFT, 0, 0, 1.0),
    "Header": (9, SONG, False, QUIET, LEFT, 0, 0, 1.0),
    "Footer": (9, SONG, False, QUIET, LEFT, 0, 0, 1.0),
}


def set_up_styles(file: WordFile, *, chinese: bool) -> None:
    """Dress every style a paper uses; what is not built in is added."""
    styles: Any = file.styles
    for name, (points, font, bold, colour, alignment, before, after, spacing) in _DRESS.items():
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size, style.font.bold, style.font.italic = Pt(points), bold, False
        style.font.color.rgb = colour
        _set_fonts(style, font)
        form = style.paragraph_format
        form.alignment, form.line_spacing = alignment, spacing
        form.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
        form.space_before, form.space_after = Pt(before), Pt(after)
        _without_border(style)
    _set_language(styles, "zh-CN" if chinese else "en-GB")
    styles["Body Text"].paragraph_format.first_line_indent = Pt(24) if chinese else Pt(0)
    styles["Quote"].paragraph_format.left_indent = Mm(8)
    styles["Heading 1"].paragraph_format.keep_with_next = True
    styles["Signature"].paragraph_format.keep_together = True
    _border(styles["Letterhead"], "bottom", "B41E1E", 12)
    _border(styles["Quote"], "left", "8FA39A", 18)
    link = styles.add_style("Link", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = RGBColor(0x1F, 0x5D, 0x46), True


def _set_language(styles: Any, language: str) -> None:
    """Set what a paper is proofread and broken as; the template of python-docx is American."""
    for told in styles.element.iter(qn("w:lang")):
        told.set(qn("w:val"), language)
        told.set(qn("w:eastAsia"), "zh-CN")


def _set_fonts(style: Any, font: str) -> None:
    style.font.name = LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _without_border(style: Any) -> None:
    form = style.element.get_or_add_pPr()
    for border in form.findall(qn("w:pBdr")):
        form.remove(border)


def _border(style: Any, side: str, colour: str, eighths: int) -> None:
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    form = style.element.get_or_add_pPr()
    # The order of a paragraph's properties is fixed by the schema: borders before spacing.
    later = form.find(qn("w:spacing"))
    form.insert(list(form).index(later) if later is not None else len(form), borders)


def set_up_page(file: WordFile, document: Document) -> None:
    """Set A4, margins, the title at the head of later pages, the page number at the foot."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    for name, length in MARGINS.items():
        setattr(section, name, Mm(length))
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = document.title
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.style = "Footer"  # type: ignore[assignment]
        paragraph.paragraph_format.tab_stops.clear_all()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(int(Mm(TEXT_WIDTH))), 2)  # type: ignore[arg-type]
        paragraph.add_run(f"{document.footer}\t")
        _field(paragraph, "PAGE")
        paragraph.add_run(" / ")
        _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """Add a number that Word counts itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)
