"""Import challenges: take the template, upload the file, look at every fault, then import all of it or nothing."""

import streamlit as st

from portal.errors import Invalid
from portal.imports.commands import import_challenges, undo_import
from portal.imports.limits import MAX_BYTES, MAX_ROWS
from portal.imports.queries import ImportReport, ImportRow, check_import, list_imports
from portal.imports.rows import PreparedFile, prepare_file
from portal.imports.workflow import ImportStatus
from portal.ui import _, date_time, language, perform, plural, read
from portal.ui.lists import table
from portal.ui.record import confirm_dialog, title
from portal.ui.run import tell, tell_refusal
from portal.ui.tones import badge
from portal.ui.web_links import web_link

SHOWN = 20
SHOWN_PROBLEMS = 100


def prepared_from(upload) -> PreparedFile | None:
    """The file read and checked by itself; None after saying why it cannot be read."""
    try:
        return prepare_file(upload.name, upload.getvalue())
    except Invalid as error:
        tell_refusal(error)
        return None


def show_faults(report: ImportReport) -> None:
    st.error(
        _("{bad} of {total} rows have faults. Nothing is imported.", bad=report.bad_lines, total=report.total),
        icon=":material/error:",
    )
    rows = report.problems[:SHOWN_PROBLEMS]
    table(
        [
            {
                _("Row"): str(problem.line),
                _("Column"): problem.column_heading(language()),
                _("What is wrong"): _(problem.message, **problem.params),
            }
            for problem in rows
        ]
    )
    if len(report.problems) > len(rows):
        st.caption(_("Only the first {count} faults are shown.", count=len(rows)))


def show_rows(prepared: PreparedFile, report: ImportReport) -> None:
    st.success(
        plural("{count} row can be imported.", "{count} rows can be imported.", report.total),
        icon=":material/check_circle:",
    )
    names = {row.credit_code: row.name for row in report.enterprises}
    table(
        [
            {
                _("Row"): str(row.line),
                _("Reference"): row.reference,
                _("Enterprise"): names.get(row.credit_code, ""),
                _("Title"): next(iter(row.contents.values()))["title"],
            }
            for row in prepared.rows[:SHOWN]
        ]
    )
    if len(prepared.rows) > SHOWN:
        st.caption(_("The first {count} rows are shown.", count=SHOWN))


def draw(row: ImportRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.text(row.file_name)
            who = row.imported_by or _("command line")
            rows = plural("{count} row", "{count} rows", row.row_count)
            st.text(" · ".join([date_time(row.imported_at), rows, who]))
        badge(row.status)
        if row.status is ImportStatus.DONE and st.button(_("Undo"), key=f"undo_{row.id}"):
            confirm_dialog(
                _("Undo the import"),
                _("Exactly its drafts are removed. It is refused if anybody worked on one of them."),
                lambda: perform(undo_import, batch_id=row.id, version=row.version),
                key=f"undo_{row.id}",
            )


title(_("Import challenges"))
st.caption(
    _(
        "One row is one draft of an enterprise, which its own people complete and submit. CSV (UTF-8 or GB18030) or "
        "XLSX, at most {rows} rows and {megabytes} MB.",
        rows=MAX_ROWS,
        megabytes=MAX_BYTES // 1024**2,
    )
)
with st.container(horizontal=True):
    web_link(_("Template for Excel"), f"/templates/challenges.xlsx?lang={language()}", strong=True)
    web_link(_("Template as CSV"), f"/templates/challenges.csv?lang={language()}", strong=True)
st.caption(
    _("The second sheet of the template for Excel says how each column is filled in; both have the same columns.")
)
upload = st.file_uploader(
    _("File"),
    type=["csv", "xlsx"],
    max_upload_size=MAX_BYTES // 1024**2,
    key=f"import_{st.session_state.get('imports_done', 0)}",
)
if upload is not None and (prepared := prepared_from(upload)) is not None:
    report = read(check_import, prepared)
    for note in report.notes:
        st.info(_(note), icon=":material/info:")
    if report.problems:
        show_faults(report)
    else:
        show_rows(prepared, report)
        if st.button(_("Import all of it"), type="primary", key="import_now", icon=":material/upload:"):
            done = perform(import_challenges, prepared=prepared)
            if done and done.batch_id:
                # Another key empties the uploader: the file is done with.
                st.session_state["imports_done"] = st.session_state.get("imports_done", 0) + 1
                tell(plural("{count} challenge was imported.", "{count} challenges were imported.", done.total))
            st.rerun()

st.subheader(_("Imports so far"), anchor=False)
past = read(list_imports)
if not past:
    st.caption(_("Nothing has been imported yet."))
for imported in past:
    draw(imported)
