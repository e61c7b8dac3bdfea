"""Reading tables people send: CSV in any usual encoding, and Excel, within limits.

Everything comes out as text, except dates of Excel cells. Rows count as a spreadsheet shows them:
the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

Cell = str | datetime
LARGEST_FILE = 100 * 1024 * 1024  # bytes, as sent
LARGEST_UNPACKED = 400 * 1024 * 1024  # bytes of an Excel file once unpacked
MOST_COLUMNS = 200
MOST_ROWS = 1_000_000
LONGEST_CELL = 100_000  # characters
_DELIMITERS = ",;\t|"
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # what the name of a sheet may not hold


class UnreadableTable(ValueError):
    """The file is no table that can be read; its text is a plain sentence."""


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, its cells by column, and what is wrong with its shape."""

    number: int
    cells: dict[str, Cell]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its columns, and its rows, to be read once."""

    columns: list[str]
    rows: Iterator[Row]


def read_table(path: Path) -> Table:
    """Open a table by its content, not by its name: an Excel file is a zip, all else is CSV.

    CSV may be UTF-8 with or without a mark, UTF-16 with one, or GB 18030; parted by comma,
    semicolon, tab or bar. Raises UnreadableTable; a row that breaks later does so as well.
    """
    if path.stat().st_size > LARGEST_FILE:
        limit = LARGEST_FILE // 1024 // 1024
        raise UnreadableTable(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    content = path.read_bytes()
    lines = _excel(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    numbered = enumerate(lines, start=1)
    header = next((cells for _number, cells in numbered if any(cells)), None)
    if header is None:
        raise UnreadableTable(_("The file is empty."))
    columns = _columns(header)
    return Table(columns, _rows(columns, numbered))


def _columns(header: list[Cell]) -> list[str]:
    columns = [str(cell).strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise UnreadableTable(
            _("The table has more than %(limit)s columns.") % {"limit": MOST_COLUMNS}
        )
    twice = {name for name in columns if columns.count(name) > 1}
    if twice:
        names = "、".join(sorted(twice))
        sentence = _("Several columns have the same name: %(names)s.")
        raise UnreadableTable(sentence % {"names": names})
    return columns


def _rows(columns: list[str], numbered: Iterable[tuple[int, list[Cell]]]) -> Iterator[Row]:
    for number, cells in numbered:
        if not any(cells):
            continue
        if number > MOST_ROWS + 1:
            raise UnreadableTable(
                _("The table has more than %(limit)s rows.") % {"limit": MOST_ROWS}
            )
        fault = ""
        if any(cells[len(columns) :]):
            fault = _("The row has more cells than the header.")
        elif any(len(cell) > LONGEST_CELL for cell in cells if isinstance(cell, str)):
            fault = _("A cell is too long.")
        padded = [*cells, *[""] * (len(columns) - len(cells))]
        yield Row(number, dict(zip(columns, padded, strict=False)), fault)


def _csv(content: bytes) -> Iterator[list[Cell]]:
    text = decode(content)
    if "\x00" in text:
        raise UnreadableTable(_("This is neither a CSV nor an Excel file."))
    header = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    return _csv_lines(text, delimiter)


def _csv_lines(text: str, delimiter: str) -> Iterator[list[Cell]]:
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in line]
    except csv.Error as error:
        raise UnreadableTable(_("The CSV breaks off: %(error)s.") % {"error": error}) from None


def decode(content: bytes) -> str:
    """Return bytes as text: by their mark, else UTF-8, else GB 18030. Raises UnreadableTable."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [encoding for mark, encoding in marks if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(_("The encoding is neither UTF-8 nor GB 18030."))


def _excel(content: bytes) -> Iterator[list[Cell]]:
    _refuse_bomb(content)
    # Imported here: openpyxl is slow to load and most processes never read a workbook.
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims of its size may be wrong
    except Exception as error:
        raise UnreadableTable(_("The Excel file cannot be read.")) from error
    return _excel_lines(sheet)


def _excel_lines(sheet: Any) -> Iterator[list[Cell]]:
    try:
        for line in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1):
            yield [_cell(value) for value in line]
    except UnreadableTable:
        raise
    except Exception as error:
        raise UnreadableTable(_("The Excel file cannot be read.")) from error


def _refuse_bomb(content: bytes) -> None:
    """Refuse what unpacks to far more than it is; the sizes are those the archive declares.

    A member that lies about its size fails its checksum when it is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableTable(_("The Excel file cannot be read.")) from error
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableTable(_("The Excel file is too large once unpacked."))


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def formula_safe(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula.

    OWASP, CSV injection: a cell that begins with = + - @, tab or return gets an apostrophe; a
    number is no text.
    """
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text[:1] in tuple("=+-@\t\r＝＋－＠") else text


def write_csv(file: IO[str], columns: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table as CSV, safe against formulas; open the file as utf-8-sig for Excel."""
    writer = csv.writer(file)
    writer.writerow([formula_safe(column) for column in columns])
    for row in rows:
        writer.writerow([formula_safe(value) for value in row])


def write_excel(
    file: IO[bytes], title: str, columns: list[str], rows: Iterable[Iterable[Any]]
) -> None:
    """Write a table as an Excel workbook of one sheet; numbers stay numbers, no text a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", title)[:31] or "1")
    sheet.append([formula_safe(column) for column in columns])
    for row in rows:
        sheet.append(
            [value if isinstance(value, int | float) else formula_safe(value) for value in row]
        )
    book.save(file)
