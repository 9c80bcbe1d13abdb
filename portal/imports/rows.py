"""Lines of text as challenges: every cell checked by the same rules as the form, every fault named."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from unicodedata import normalize

from db.models import IpRegime, SectionKey
from portal import clock
from portal.challenges.sections import SHAPES, Content, Kind, clean_content, empty_content
from portal.challenges.tables import Criterion, Metric, clean_metrics, clean_whole_rubric
from portal.challenges.texts import one_line
from portal.errors import N_, Invalid
from portal.files.rules import clean_name
from portal.i18n import LANGUAGES, translate
from portal.imports.columns import COLUMNS, Column
from portal.imports.problems import Problem, problem_of
from portal.imports.sheets import Line, read_sheet
from portal.organisations.places import find_industry, find_town
from portal.organisations.rules import clean_credit_code
from portal.permissions import Action
from portal.vocabulary import LABELS
from portal.wording import parse_number

REFERENCE_LIMIT = 80
_METRIC_PARTS = ("name", "unit", "lower", "upper", "target", "mandatory", "method")
_CRITERION_PARTS = ("name", "weight", "description")
_YES = frozenset({"", "是", "必达", "yes", "y", "true", "1", "mandatory"})
_NO = frozenset({"否", "no", "n", "false", "0", "optional"})


class ChallengeRow(NamedTuple):
    """One line that holds together by itself; whether the enterprise is known is asked of the database."""

    line: int
    reference: str
    credit_code: str
    contents: dict[SectionKey, Content]
    metrics: list[Metric]
    criteria: list[Criterion]


class PreparedFile(NamedTuple):
    """A file read and checked without the database; `total` is how many lines it has."""

    name: str
    sha256: str
    total: int
    rows: list[ChallengeRow]
    problems: list[Problem]
    notes: list[str]


def prepare_file(file_name: str, content: bytes) -> PreparedFile:
    """Read and check a file; slow for a large one, so it happens before any transaction.

    Raises: Invalid for a file that cannot be read as a table of challenges at all.
    """
    sheet = read_sheet(file_name, content)
    columns = _columns(sheet.headings)
    problems = [_keyed(problem, columns) for problem in sheet.problems]
    known = {(problem.line, problem.column) for problem in problems}
    rows: list[ChallengeRow] = []
    if not sheet.lines:
        raise Invalid(N_("The table has headings and no rows."), field="file")
    for line in sheet.lines:
        reader = _LineReader(line, columns, known)
        row = reader.read()
        problems += reader.problems
        if row is not None:
            rows.append(row)
    problems += _twins(rows)
    problems.sort(key=lambda problem: problem.line)
    digest = hashlib.sha256(content).hexdigest()
    return PreparedFile(clean_name(file_name), digest, len(sheet.lines), rows, problems, sheet.notes)


def _columns(headings: list[str]) -> dict[str, str]:
    """Our column's key by the file's heading. Raises: Invalid."""
    by_heading = {_plain(column.heading(language)): column.key for column in COLUMNS for language in LANGUAGES}
    found: dict[str, str] = {}
    for heading in headings:
        key = by_heading.get(_plain(heading))
        if key is None:
            message = N_("The heading “{heading}” is not known; see the template. Is the text readable at all?")
            raise Invalid(message, field="file", heading=heading[:60])
        if key in found.values():
            raise Invalid(N_("The heading “{heading}” stands twice."), field="file", heading=heading[:60])
        found[heading] = key
    missing = [column for column in COLUMNS if column.is_required and column.key not in found.values()]
    if missing:
        names = [f"{column.heading_zh} ({column.heading_en})" for column in missing]
        raise Invalid(N_("These columns are missing: {names}."), field="file", names=names)
    return found


def _plain(heading: str) -> str:
    return "".join(normalize("NFKC", heading).casefold().split()).rstrip("*")


def _keyed(problem: Problem, columns: Mapping[str, str]) -> Problem:
    return problem._replace(column=columns.get(problem.column, problem.column))


class _LineReader:
    """One line's cells by our keys, and the faults found in them."""

    def __init__(self, line: Line, columns: Mapping[str, str], known: set[tuple[int, str]]) -> None:
        self.line = line.number
        self.problems: list[Problem] = []
        # Cells that could not even be read are named already and not looked at again.
        self._unread = {key for key in (*columns.values(), "") if (line.number, key) in known}
        cells = {columns[heading]: text.strip() for heading, text in line.cells.items()}
        self._cells = {key: text for key, text in cells.items() if key not in self._unread}
        self._now = clock.now()

    def read(self) -> ChallengeRow | None:
        """The row, or None when anything in it is wrong."""
        for column in COLUMNS:
            if column.is_required and column.key not in self._unread and not self._cells[column.key]:
                self._add(column.key, Invalid(N_("This cell must be filled.")))
        reference = self._value("reference", _reference)
        credit_code = self._value("credit_code", clean_credit_code)
        contents = {key: self._section(key) for key in SectionKey}
        metrics = self._table(SectionKey.METRICS, "metric", _METRIC_PARTS, clean_metrics)
        criteria = self._table(SectionKey.RUBRIC, "criterion", _CRITERION_PARTS, clean_whole_rubric)
        if self.problems or self._unread:
            return None
        return ChallengeRow(self.line, reference, credit_code, contents, metrics, criteria)

    def _value(self, key: str, clean: Any) -> Any:
        text = self._cells.get(key, "")
        if not text:
            return ""
        try:
            return clean(text)
        except Invalid as error:
            self._add(key, error)
            return ""

    def _section(self, key: SectionKey) -> Content:
        """Each field alone first, so that every bad cell is named; then together."""
        raw: dict[str, Any] = {}
        columns = [column for column in COLUMNS if column.section is key and column.field in _fields(key)]
        for column in columns:
            text = self._cells.get(column.key, "")
            if not text:
                continue
            try:
                value = _typed(key, column, text)
                clean_content(key, {column.field: value}, now=self._now)
                raw[column.field] = value
            except Invalid as error:
                self._add(column.key, error)
        try:
            return clean_content(key, raw, now=self._now) if raw else empty_content(key)
        except Invalid as error:
            wrong = next((column.key for column in columns if column.field == error.field), columns[0].key)
            self._add(wrong, error)
            return empty_content(key)

    def _table(self, section: SectionKey, prefix: str, names: tuple[str, ...], clean: Any) -> Any:
        """The packed cells as rows of a table; a refusal tells which of them."""
        columns = [column for column in COLUMNS if column.section is section]
        rows: list[dict[str, Any]] = []
        for column in columns:
            try:
                rows.append(_parts(self._cells.get(column.key, ""), names))
            except Invalid as error:
                self._add(column.key, error)
                rows.append({})
        before = len(self.problems)
        if section is SectionKey.METRICS:
            # One at a time, each in its own place, so that all the bad ones are named.
            for place, row in enumerate(rows):
                self._try_table(clean, [{}] * place + [row], prefix)
        return [] if len(self.problems) > before else self._try_table(clean, rows, prefix)

    def _try_table(self, clean: Any, rows: list[dict[str, Any]], prefix: str) -> Any:
        try:
            return clean(rows)
        except Invalid as error:
            self._add(f"{prefix}_{error.params.get('row', 1)}", error)
            return []

    def _add(self, key: str, error: Invalid) -> None:
        self.problems.append(problem_of(self.line, key, error))


def _fields(key: SectionKey) -> set[str]:
    return {field.name for field in SHAPES[key].fields}


def _typed(key: SectionKey, column: Column, text: str) -> Any:
    """What the form would hand over: codes for names, numbers for digits."""
    kind = next(field.kind for field in SHAPES[key].fields if field.name == column.field)
    if kind is Kind.READINESS:
        level = parse_number(text.upper().removeprefix("TRL"))
        if level != level.to_integral_value():
            raise Invalid(N_("A readiness level is a whole number from 1 to 9."))
        return int(level)
    if kind is Kind.INDUSTRY:
        return _found(find_industry(normalize("NFKC", text)), text)
    if kind is Kind.TOWN:
        return _found(find_town(normalize("NFKC", text)), text)
    if kind is Kind.IP:
        return _found(_regime(text), text)
    return text


def _found(code: str | None, text: str) -> str:
    if code is None:
        raise Invalid(N_("“{text}” is not in the list."), text=text[:40])
    return code


def _regime(text: str) -> str | None:
    wanted = _plain(text)
    for regime in IpRegime:
        words = [regime.value, LABELS[regime], *(translate(LABELS[regime], language) for language in LANGUAGES)]
        if wanted in map(_plain, words):
            return regime.value
    return None


def _parts(text: str, names: tuple[str, ...]) -> dict[str, Any]:
    """`名称|单位|下限|…` as a row of the form's table."""
    if not text:
        return {}
    parts = [part.strip() for part in text.replace("｜", "|").split("|")]
    if len(parts) > len(names):
        raise Invalid(N_("There are {count} parts; at most {most} fit."), count=len(parts), most=len(names))
    row: dict[str, Any] = {name: parts[place] if place < len(parts) else "" for place, name in enumerate(names)}
    if "mandatory" in row:
        word = _plain(row["mandatory"])
        if word not in _YES | _NO:
            raise Invalid(N_("Mandatory is yes or no, not “{text}”."), text=row["mandatory"][:40])
        row["mandatory"] = word in _YES
    return row


def _reference(text: str) -> str:
    return one_line(text, REFERENCE_LIMIT, section=Action.IMPORT_CHALLENGES, field="reference")


def _twins(rows: list[ChallengeRow]) -> list[Problem]:
    """The same reference twice for one enterprise within the file."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for row in rows:
        key = (row.credit_code, row.reference)
        if key in seen:
            message = N_("This reference stands in line {line} already.")
            found.append(Problem(row.line, "reference", message, {"line": seen[key]}))
        seen.setdefault(key, row.line)
    return found
