"""Bytes → numbered rows. No ORM: what comes out are sheets of plain values, merged cells filled in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charset_normalizer import from_bytes
from python_calamine import CalamineWorkbook

from riskregistry.imports.formulas import NO_RESULT, without_result

# Uncompressed size of a workbook's parts: beyond it somebody has formatted a million empty rows.
MOST_BYTES = 300 << 20
MOST_ROWS = 60_000
MOST_COLUMNS = 200
ENCODINGS = ("utf-8-sig", "gb18030")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class LedgerError(Exception):
    """A file that cannot be read as a ledger; the message says in Chinese what to do."""


@dataclass(frozen=True)
class Row:
    """One row as it stands in the file: its number there (from 1) and its cells."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds something. `rows` leaves out rows without any value."""

    name: str
    rows: tuple[Row, ...]


def read(content: bytes, name: str) -> list[Sheet]:
    """The sheets of an .xlsx, .xls or .csv, hidden ones left out. Raises LedgerError."""
    lower = name.lower()
    if lower.endswith((".xlsm", ".xlsb", ".xltm")):
        raise LedgerError(
            "这是带宏的工作簿，宏可能有害，不予导入。请在 Excel 中另存为「Excel 工作簿（.xlsx）」后再导入。"
        )
    if not content.strip():
        raise LedgerError("文件是空的，请检查后重新选择。")
    if lower.endswith(".csv"):
        sheets = [_csv(content)]
    elif lower.endswith((".xlsx", ".xls")):
        sheets = _workbook(content, lower)
    else:
        raise LedgerError("只能导入 .xlsx、.xls 或 .csv 文件，请在 Excel 中另存为 .xlsx 后再导入。")
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise LedgerError("文件中没有内容，请检查是不是选错了文件。")
    return found


def _workbook(content: bytes, name: str) -> list[Sheet]:
    _check_package(content, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [meta.name for meta in book.sheets_metadata if str(meta.visible).endswith("Visible")]
        failed = without_result(content) if name.endswith(".xlsx") else {}
        return [_sheet(book, title, failed.get(title, [])) for title in visible]
    except LedgerError:
        raise
    except Exception as error:  # a parser written in another language raises what it likes
        raise LedgerError(
            "文件打不开，可能已损坏或加了密码。请在 Excel 中打开，去掉密码另存为 .xlsx 后再导入。"
        ) from error


def _check_package(content: bytes, name: str) -> None:
    """What swells, hides a macro or is encrypted is seen before any parser opens it."""
    if content.startswith(OLE):
        if name.endswith(".xlsx") or "EncryptedPackage".encode("utf-16-le") in content[: 1 << 20]:
            raise LedgerError("文件加了密码，或其实是旧格式。请在 Excel 中去掉密码，另存为 .xlsx 后再导入。")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile as error:
        raise LedgerError(
            "文件打不开，不是 Excel 工作簿或已损坏。请在 Excel 中另存为 .xlsx 后再导入。"
        ) from error
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise LedgerError(
            "工作簿里有宏，宏可能有害，不予导入。请在 Excel 中另存为「Excel 工作簿（.xlsx）」后再导入。"
        )
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise LedgerError(
            "工作簿展开后过大，多半是整列整行都设了格式。请新建一个工作簿，只把有内容的行复制过去再导入。"
        )


def _sheet(book: CalamineWorkbook, title: str, failed: Sequence[tuple[int, int]]) -> Sheet:
    sheet = book.get_sheet_by_name(title)
    if sheet.width > MOST_COLUMNS:
        raise LedgerError(
            f"工作表「{title}」有 {sheet.width} 列，超过上限 {MOST_COLUMNS} 列，请删去多余的列。"
        )
    values = sheet.to_python(skip_empty_area=False)
    for row, place in failed:
        if row < len(values) and place < len(values[row]):
            values[row][place] = NO_RESULT
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(values, top, left, bottom, right)
    rows = tuple(
        Row(number, tuple(cells)) for number, cells in enumerate(values, 1) if any(map(_something, cells))
    )
    _check_length(title, rows)
    return Sheet(title, rows)


def _fill(values: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    """What a merged cell says is said of every cell under it."""
    if top >= len(values) or left >= len(values[top]):
        return
    value = values[top][left]
    for row in values[top : bottom + 1]:
        for place in range(left, min(right + 1, len(row))):
            row[place] = value


def _something(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _check_length(title: str, rows: Sequence[Row]) -> None:
    if len(rows) > MOST_ROWS:
        raise LedgerError(
            f"工作表「{title}」有 {len(rows)} 行，超过上限 {MOST_ROWS} 行，请分成几个文件导入。"
        )


def _csv(content: bytes) -> Sheet:
    text = _decoded(content)
    sample = text[:4096]
    separator = max((",", "\t", ";"), key=sample.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise LedgerError("文件不是规范的 .csv，请在 Excel 中另存为 .xlsx 后再导入。") from error
    rows = tuple(
        Row(number, tuple(_unquoted(cell) for cell in cells))
        for number, cells in enumerate(lines, 1)
        if any(cell.strip() for cell in cells)
    )
    _check_length("csv", rows)
    return Sheet("csv", rows)


def _unquoted(cell: str) -> str:
    """Our own exports guard a cell that begins like a formula with an apostrophe."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in set("=+-@\t") else cell


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    best = from_bytes(content).best()
    if best is None:
        raise LedgerError("看不出文件的文字编码，请在 Excel 中另存为 .xlsx 后再导入。")
    return str(best)
