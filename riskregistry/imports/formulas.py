"""Formulas of an .xlsx that have no result, an error or never computed: calamine gives an empty cell."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

from lxml import etree

NO_RESULT = "#公式"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = re.compile(rb"<c ([^>]*?)>((?:(?!</c>).)*?<f(?:(?!</c>).)*?)</c>", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


def without_result(content: bytes) -> dict[str, list[tuple[int, int]]]:
    """Sheet name → (row, column), from 0, of each formula that has no result."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = {}
        for name, part in _sheet_parts(package).items():
            data = package.read(part) if part in package.namelist() else b""
            cells = [place for place in map(_place, CELL.finditer(data)) if place] if b"<f" in data else []
            if cells:
                found[name] = cells
    return found


def _place(cell: re.Match[bytes]) -> tuple[int, int] | None:
    """Where the cell stands, if its formula has no result."""
    attributes, inside = cell.groups()
    place = PLACE.search(attributes)
    if place is None or (b't="e"' not in attributes and b"<v" in inside):
        return None
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    return int(place[2]) - 1, column - 1


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet → the part that holds it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(package.read("xl/workbook.xml"), parser)
    relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    parts = {}
    for sheet in book.iter(f"{MAIN}sheet"):
        target = targets.get(sheet.get(LINK)) or ""
        parts[sheet.get("name")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return parts
