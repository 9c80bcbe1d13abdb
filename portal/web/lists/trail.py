"""The audit trail as rows of a file."""

from sqlalchemy.orm import Session

from portal import wording
from portal.errors import N_
from portal.metrics.trail import TrailFilter, export_trail
from portal.metrics.words import action_words, object_words, status_words
from portal.permissions import Actor
from portal.web.lists.asked import Asked, Table, day, record_id


def trail(session: Session, actor: Actor, asked: Asked, language: str) -> Table:
    wanted = TrailFilter(
        asked.get("kind", ""),
        asked.get("act", ""),
        record_id(asked.get("record")),
        day(asked.get("since")),
        day(asked.get("until")),
        asked.get("person", "")[:100],
    )
    header = (
        N_("Time"),
        N_("Who"),
        N_("Role"),
        N_("Organisation"),
        N_("Act"),
        N_("Record"),
        N_("Number and title"),
        N_("Record's id"),
        N_("Status before"),
        N_("Status after"),
        N_("Reason"),
        N_("Fields"),
        N_("Hash"),
    )
    return header, (
        (
            row.happened_at,
            row.person,
            wording.label(row.role, language),
            row.organisation,
            action_words(row.action, language),
            object_words(row.object_type, language),
            row.record.name,
            row.object_id,
            status_words(row.object_type, row.from_status, language),
            status_words(row.object_type, row.to_status, language),
            row.reason,
            " ".join(row.fields),
            row.hash,
        )
        for row in export_trail(session, actor, wanted)
    )
