"""The template of the challenge import: headings to fill in, and a sheet that explains them."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from db.models import IpRegime
from portal.errors import N_, NotFound
from portal.i18n import translate
from portal.imports.columns import COLUMNS, Column
from portal.tables import csv_bytes
from portal.vocabulary import LABELS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAMES = {"zh_CN": ("课题", "填写说明"), "en": ("Challenges", "How to fill it in")}
_HEAD = Font(bold=True)
_REQUIRED = PatternFill("solid", start_color="FFE8F4F6")
_WRAP = Alignment(wrap_text=True, vertical="top")


def template(ending: str, language: str) -> tuple[str, str, bytes]:
    """File name, media type and bytes of the template. Raises: NotFound for another ending."""
    name = {"zh_CN": "课题导入模板", "en": "challenge-import-template"}[language]
    if ending == "xlsx":
        return f"{name}.xlsx", XLSX, _workbook(language)
    if ending == "csv":
        headings = [column.heading(language) for column in COLUMNS]
        return f"{name}.csv", "text/csv; charset=utf-8", csv_bytes(headings, [])
    raise NotFound


def _workbook(language: str) -> bytes:
    book = Workbook()
    sheet, guide = book.worksheets[0], book.create_sheet()
    sheet.title, guide.title = SHEET_NAMES[language]
    for place, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, place, column.heading(language))
        cell.font = _HEAD
        if column.is_required:
            cell.fill = _REQUIRED
        sheet.column_dimensions[get_column_letter(place)].width = 22
        # As text: a code of eighteen digits or 0.10 must not become a rounded number.
        for row in range(2, 202):
            sheet.cell(row, place).number_format = "@"
    sheet.freeze_panes = "D2"
    _fill_guide(guide, language)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _fill_guide(guide: Worksheet, language: str) -> None:
    heads = (N_("Column"), N_("Required"), N_("What to write"), N_("Example"))
    guide.append([translate(head, language) for head in heads])
    for cell in guide[1]:
        cell.font = _HEAD
    for column in COLUMNS:
        required = translate(N_("yes") if column.is_required else N_("no"), language)
        guide.append([column.heading(language), required, _help(column, language), column.example])
    for letter, width in (("A", 26), ("B", 10), ("C", 70), ("D", 48)):
        guide.column_dimensions[letter].width = width
    for line in guide.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = _WRAP


def _help(column: Column, language: str) -> str:
    if column.key == "ip":
        choices = [translate(LABELS[regime], language) for regime in IpRegime]
        return translate(column.help, language, choices=choices)
    return translate(column.help, language)
