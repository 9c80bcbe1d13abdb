"""The import on the command line."""

from pathlib import Path

from portal.errors import N_, Invalid
from portal.i18n import translate
from portal.imports.commands import import_challenges
from portal.imports.limits import MAX_BYTES
from portal.imports.queries import KIND, ImportReport, check_import
from portal.imports.rows import prepare_file
from portal.permissions import Actor, Role
from portal.transactions import reading, writing

CONSOLE = Actor(Role.OPERATOR)
"""Whoever holds the machine: acts without a person, and the trail says so."""
LANGUAGE = "en"


def import_file(kind: str, file: Path, *, dry_run: bool = False) -> str:
    """Import a file and say in words what happened.

    Raises: Invalid for an unknown kind, an unreadable file, and for bad rows, each of which it names.
    """
    if kind != KIND:
        raise Invalid(N_("Only “challenges” can be imported."))
    prepared = prepare_file(file.name, _content(file))
    if dry_run:
        with reading() as session:
            report = check_import(session, CONSOLE, prepared)
    else:
        with writing() as session:
            report = import_challenges(session, CONSOLE, prepared=prepared)
    notes = [translate(note, LANGUAGE) for note in report.notes]
    if report.problems:
        raise Invalid("{words}", words="\n".join(_faults(report)))
    if dry_run:
        return "\n".join([*notes, f"{report.total} rows can be imported; nothing was written."])
    return "\n".join([*notes, f"{report.total} challenges were imported as drafts. Import: {report.batch_id}"])


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(N_("{file} cannot be read: {why}"), file=file.name, why=error.strerror or "") from error


def _faults(report: ImportReport) -> list[str]:
    lines = [f"{report.bad_lines} of {report.total} rows have faults; nothing was imported."]
    for problem in report.problems:
        what = translate(problem.message, LANGUAGE, **problem.params)
        where = f"line {problem.line}, {problem.column_heading(LANGUAGE)}".rstrip(", ")
        lines.append(f"  {where}: {what}")
    return lines
