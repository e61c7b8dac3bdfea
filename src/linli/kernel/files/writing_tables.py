"""Writing tables of any length: CSV for spreadsheets, Excel, and JSON lines for programs.

Written beside the file and moved there at the end: what breaks off leaves no half a file.
"""

from __future__ import annotations

import io
import json
import os
import re
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.files.tables import begins_like_formula, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FORMATS = ("csv", "xlsx", "jsonl")
MOST_EXCEL_ROWS = 1_048_575  # below the header
LONGEST_EXCEL_CELL = 32_767
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # what the name of a sheet may not hold
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class TooLong(ValueError):
    """More rows than the format holds; its text is a plain sentence."""


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str
) -> int:
    """Write rows to a file in one of `FORMATS` and return how many there were.

    Only one row is held at a time. Texts that a spreadsheet would take for a formula are made
    harmless in CSV and Excel. Raises OSError, TooLong.
    """
    counted = _Counted(rows)
    with _beside(path) as part:
        if form == "xlsx":
            _write_excel(part, columns, counted)
        elif form == "csv":
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                write_csv(file, list(columns), (map(_text, row) for row in counted))
        else:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                for row in counted:
                    line = dict(zip(columns, row, strict=True))
                    file.write(json.dumps(line, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n")
    return counted.count


class _Counted:
    """An iterable that counts what it gave."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.count += 1
            yield row


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def csv_answer(name: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> Any:
    """Return a download of a table as CSV, sent while it is read: one row is held at a time.

    With `excel_answer` the only way a page sends a table: texts that a spreadsheet would take for
    a formula are made harmless in it (`tests/surfaces/test_every_export.py`).
    """
    answer = StreamingHttpResponse(_csv_pieces(columns, rows), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def excel_answer(
    name: str, title: str, columns: Sequence[object], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """Return a download of a small table as a workbook of one sheet with a title."""
    file = io.BytesIO()
    _write_excel(file, [str(column) for column in columns], rows, title)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(file.getvalue(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv_pieces(columns: Sequence[object], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    yield "\ufeff".encode()  # by which Excel knows UTF-8
    for part in chain([columns], rows):
        line = io.StringIO()
        write_csv(line, [_text(value) for value in part], ())
        yield line.getvalue().encode()


def _text(value: Any) -> object:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return value


def _write_excel(
    file: Path | io.BytesIO, columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = ""
) -> None:
    # Imported here: openpyxl is slow to load and most processes never write a workbook.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", title)[:31] or None)
    sheet.append([_excel_cell(sheet, column) for column in columns])
    try:
        for number, row in enumerate(rows, start=1):
            if number > MOST_EXCEL_ROWS:
                raise TooLong(_("Excel holds no more than 1,048,575 rows; please choose csv."))
            sheet.append([_excel_cell(sheet, value) for value in row])
        book.save(file)
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # rows wait in a file of openpyxl's own until they are saved
        raise


def _excel_cell(sheet: Any, value: Any) -> Any:
    """Return a typed cell: numbers, days and times as such, in the active zone; texts as texts."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.make_naive(value).replace(microsecond=0)
    if isinstance(value, bool | int | float | date) or value is None:
        return value
    text = _FORBIDDEN.sub("", str(_text(value)))
    if len(text) > LONGEST_EXCEL_CELL:
        text = text[: LONGEST_EXCEL_CELL - 1] + "…"
    return _plain_text(sheet, text) if begins_like_formula(text) else text


def _plain_text(sheet: Any, text: str) -> Any:
    """Return a cell that is a text whatever it begins with: openpyxl takes "=" for a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
