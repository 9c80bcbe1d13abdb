"""Notices and mails: once a fact and person, in the reader's language, nothing smuggled into a header."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChallengeStatus, Membership, MembershipStatus, Notification, OrganisationStatus, OutboxMail, Role
from portal import clock
from portal.errors import N_, NotFound, NotSignedIn
from portal.notifications.commands import mark_all_read, mark_read, notify, people_with_role, queue_mail
from portal.notifications.queries import list_notifications, unread_count
from portal.notifications.words import one_line, packed, sentence
from portal.permissions import VISITOR
from tests.factories import add_member, add_organisation, add_person

PLAIN = N_("You may not do this.")  # any known message


def _tell(session: Session, *people, key: str = "k", **more) -> None:
    notify(session, person_ids=[person.id for person in people], message=PLAIN, dedupe_key=key, **more)


def test_a_notice_and_a_mail_once_for_each_person(any_session: Session) -> None:
    chinese, english = add_person(any_session), add_person(any_session, language="en")
    record = uuid4()

    for _ in range(2):
        _tell(any_session, chinese, english, chinese, page="challenge", object_id=record)

    assert len(any_session.scalars(select(Notification)).all()) == 2
    mails = {mail.person_id: mail for mail in any_session.scalars(select(OutboxMail))}
    assert set(mails) == {chinese.id, english.id}
    mail = mails[english.id]
    assert (mail.recipient, mail.subject) == (english.email, "You may not do this.")
    assert mail.body.splitlines()[:3] == [
        "You may not do this.",
        "",
        f"http://localhost:8501/challenge?id={record}",
    ]
    assert mails[chinese.id].subject != mail.subject
    assert (mail.tries, mail.sent_at) == (0, None)


def test_who_switched_mails_off_or_is_disabled_gets_the_notice_alone(session: Session) -> None:
    quiet = add_person(session, mail_notices=False)
    disabled = add_person(session, disabled_at=clock.now())

    _tell(session, quiet, disabled)

    assert len(session.scalars(select(Notification)).all()) == 2
    assert session.scalars(select(OutboxMail)).all() == []


def test_a_new_fact_is_told_again_and_a_long_key_fits(session: Session) -> None:
    person = add_person(session)

    for key in ("k" * 300, "k" * 300 + "2", "k" * 300):
        _tell(session, person, key=key)

    assert len(session.scalars(select(Notification)).all()) == 2


def test_the_subject_is_one_line_whatever_the_parameters_hold(session: Session) -> None:
    hostile = "title\r\nBcc: all@example.org\n\n<b>x</b>\u202egnp\0"

    assert queue_mail(
        session,
        recipient="someone@example.org",
        subject="“{title}” is published.",
        body="“{title}” is published.\n\n{link}",
        params={"title": hostile, "link": "http://localhost/x"},
        language="en",
        dedupe_key="m",
    )

    mail = session.scalars(select(OutboxMail)).one()
    assert mail.subject == "“title Bcc: all@example.org <b>x</b>gnp” is published."
    assert mail.body == f"{mail.subject}\n\nhttp://localhost/x"
    assert not queue_mail(
        session, recipient="x@example.org", subject="a", body="b", language="en", dedupe_key="m", params={}
    )


def test_a_very_long_subject_is_cut() -> None:
    assert one_line("长" * 500, 120) == "长" * 119 + "…"


def test_stored_parameters_are_worded_for_the_reader() -> None:
    params = packed(
        {
            "when": datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
            "day": date(2026, 3, 5),
            "status": ChallengeStatus.OPEN,
            "count": 1200,
            "names": ["甲", "乙"],
            "sum": {"fen": 123_000_000},
        }
    )
    message = "{when} | {day} | {status} | {count} | {names} | {sum}"

    words = "5 March 2026, 17:00 | 5 March 2026 | Open | 1,200 | 甲, 乙 | CNY 1.23 million"
    assert sentence(message, params, "en") == words
    assert params["when"] == {"at": "2026-03-05T09:00:00+00:00"}
    assert "2026年3月5日 17:00" in sentence(message, params, "zh_CN")
    assert "123 万元" in sentence(message, params, "zh_CN")


def test_people_with_role_are_those_who_can_act_now(session: Session) -> None:
    one, other = add_organisation(session), add_organisation(session)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, one)
    elsewhere = add_member(session, Role.ENTERPRISE_ADMIN, other)
    gone = add_member(session, Role.ENTERPRISE_ADMIN, one, add_person(session, disabled_at=clock.now()))
    proposed = add_member(session, Role.ENTERPRISE_ADMIN, one)
    session.get_one(Membership, proposed.membership_id).status = MembershipStatus.PROPOSED
    add_member(session, Role.ENTERPRISE_MEMBER, one)

    assert people_with_role(session, Role.ENTERPRISE_ADMIN, one.id) == [admin.person_id]
    assert set(people_with_role(session, Role.ENTERPRISE_ADMIN)) == {admin.person_id, elsewhere.person_id}
    assert gone.person_id not in people_with_role(session, Role.ENTERPRISE_ADMIN)


def test_everybody_reads_their_own_notices(session: Session) -> None:
    reader, other = add_member(session, Role.OPERATOR), add_member(session, Role.OPERATOR)
    for number in range(23):
        notify(session, person_ids=[reader.acting_person], message=PLAIN, dedupe_key=f"n{number}")
    notify(session, person_ids=[other.acting_person], message=PLAIN, dedupe_key="other")

    assert (unread_count(session, reader), unread_count(session, VISITOR)) == (23, 0)
    first = list_notifications(session, reader)
    last = list_notifications(session, reader, page=99)
    assert (len(first.rows), first.total, len(last.rows)) == (20, 23, 3)
    assert list_notifications(session, reader, page=-1).rows == first.rows
    assert first.rows[0].text("en") == "You may not do this."
    assert not first.rows[0].is_read

    mark_read(session, reader, notification_id=first.rows[0].id)
    mark_read(session, reader, notification_id=first.rows[0].id)
    assert unread_count(session, reader) == 22
    with pytest.raises(NotFound):
        mark_read(session, other, notification_id=first.rows[1].id)
    with pytest.raises(NotFound):
        mark_read(session, other, notification_id=uuid4())
    assert mark_all_read(session, reader) == 22
    assert (unread_count(session, reader), unread_count(session, other)) == (0, 1)
    with pytest.raises(NotSignedIn):
        list_notifications(session, VISITOR)


def test_nobody_of_a_disabled_organisation_is_told(session) -> None:
    organisation = add_organisation(session)
    admin = add_member(session, Role.ENTERPRISE_ADMIN, organisation)
    assert people_with_role(session, Role.ENTERPRISE_ADMIN) == [admin.person_id]

    organisation.status = OrganisationStatus.DISABLED
    session.flush()

    assert people_with_role(session, Role.ENTERPRISE_ADMIN) == []
    assert people_with_role(session, Role.ENTERPRISE_ADMIN, organisation.id) == []
