"""What somebody has been told: the bell's number and the list behind it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import Notification
from portal.notifications.words import sentence
from portal.permissions import Actor


class NoticeRow(NamedTuple):
    """One notice; `page` and `object_id` lead to the record, both may be empty."""

    id: UUID
    message: str
    params: dict[str, Any]
    page: str
    object_id: UUID | None
    created_at: datetime
    is_read: bool

    def text(self, language: str) -> str:
        """The sentence, as plain text of one line."""
        return sentence(self.message, self.params, language)


class NoticePage(NamedTuple):
    rows: list[NoticeRow]
    total: int


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Everybody reads their own notices, whichever hat they wear."""
    return Notification.person_id == actor.acting_person


def unread_count(session: Session, actor: Actor) -> int:
    """How many notices are new; none for a visitor."""
    if not actor.signed_in:
        return 0
    query = select(func.count()).select_from(Notification).where(visible_to(actor), Notification.read_at.is_(None))
    return session.scalar(query) or 0


def list_notifications(session: Session, actor: Actor, *, page: int = 1, page_size: int = 20) -> NoticePage:
    """Newest first; a page number outside the list gives the nearest page.

    Raises: NotSignedIn.
    """
    total = session.scalar(select(func.count()).select_from(Notification).where(visible_to(actor))) or 0
    last = max(1, -(-total // page_size))
    query = (
        select(Notification)
        .where(visible_to(actor))
        .order_by(Notification.created_at.desc(), Notification.id)
        .limit(page_size)
        .offset((min(max(page, 1), last) - 1) * page_size)
    )
    return NoticePage([_row(notice) for notice in session.scalars(query)], total)


def _row(notice: Notification) -> NoticeRow:
    return NoticeRow(
        notice.id,
        notice.message,
        notice.params,
        notice.page,
        notice.object_id,
        notice.created_at,
        notice.read_at is not None,
    )
