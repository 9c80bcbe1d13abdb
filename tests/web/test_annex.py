"""An annex under a confidentiality agreement, asked for by its address: rows 68 and 69 of the bad inputs."""

from uuid import UUID

import pytest
from sqlalchemy import select

from db.models import Challenge, Disclosure, Event, NdaAcceptance, OrganisationKind, Role, SectionKey
from portal.accounts.sessions import create_session
from portal.challenges.commands import attach_file, set_disclosure
from portal.challenges.confidential import read_confidential
from portal.challenges.flow import (
    approve_challenge,
    confirm_confidentiality,
    publish_challenge,
    submit_challenge,
    take_challenge,
)
from portal.challenges.jobs import close_due
from portal.challenges.nda import accept_nda, current_nda, revoke_nda, write_nda
from portal.challenges.nda_queries import list_readers
from portal.challenges.rules import CONFIDENTIALITY_CHECKS
from portal.permissions import Action
from portal.transactions import reading, writing
from tests.challenges.samples import Cast, add_cast, draft
from tests.challenges_life.samples import jump
from tests.factories import add_member, add_organisation

WORDS = "炉温曲线\n"


class Annex:
    """An open challenge with an attachment under its agreement, its people, and a researcher who has read it."""

    def __init__(self) -> None:
        with writing() as session:
            self.cast: Cast = add_cast(session)
            challenge = draft(session, self.cast)
            self.id = challenge.id
            where = {"challenge_id": self.id}
            self.file_id: UUID = attach_file(
                session, self.cast.member, name="炉温.txt", content=WORDS.encode(), **where
            )
            set_disclosure(session, self.cast.member, key=SectionKey.ATTACHMENTS, disclosure=Disclosure.NDA, **where)
            submit_challenge(session, self.cast.admin, **where)
            take_challenge(session, self.cast.operator, broker_id=self.cast.broker.person_id, **where)
            confirmed = dict.fromkeys(CONFIDENTIALITY_CHECKS, True)
            confirm_confidentiality(session, self.cast.broker, confirmed=confirmed, **where)
            approve_challenge(session, self.cast.approver, **where)
            publish_challenge(session, self.cast.operator, **where)
            institute = add_organisation(session, OrganisationKind.INSTITUTE)
            self.reader = add_member(session, Role.RESEARCHER, institute)
            self.colleague = add_member(session, Role.RESEARCHER, institute)
            self.closes_at = challenge.closes_at

    def accept(self) -> None:
        with writing() as session:
            version = current_nda(session, self.id)
            accept_nda(session, self.reader, challenge_id=self.id, nda_version_id=version.id)
            read_confidential(session, self.reader, challenge_id=self.id)


@pytest.fixture
def annex(client) -> Annex:
    return Annex()


@pytest.fixture
def ask(client, annex):
    """What somebody gets at the annex's address."""

    def ask(actor=None):
        client.cookies.clear()
        if actor is not None:
            with writing() as session:
                client.cookies.set("portal_session", create_session(session, actor.acting_person, actor.membership_id))
        return client.get(f"/files/{annex.file_id}")

    return ask


def test_the_address_alone_opens_nothing(ask, annex) -> None:
    """Row 69: mailed to a colleague or to a stranger, the link is no right."""
    annex.accept()
    assert ask(annex.reader).text == WORDS

    for other in (None, annex.colleague, annex.cast.operator):
        answer = ask(other)
        assert answer.status_code == 404
        assert WORDS.strip() not in answer.text
    assert "/login" in ask(None).text


def test_whoever_has_not_accepted_reads_nothing(ask, annex) -> None:
    assert ask(annex.reader).status_code == 404
    annex.accept()
    assert ask(annex.reader).status_code == 200


def test_revoked_while_it_is_open_ends_with_the_next_click(ask, annex) -> None:
    annex.accept()
    assert ask(annex.reader).status_code == 200
    with writing() as session:
        row = session.scalars(select(NdaAcceptance)).one()
        revoke_nda(session, annex.cast.admin, acceptance_id=row.id, reason="资料被转发")

    assert ask(annex.reader).status_code == 404


def test_an_agreement_that_was_replaced_ends_with_the_next_click(ask, annex) -> None:
    annex.accept()
    with writing() as session:
        write_nda(session, annex.cast.admin, challenge_id=annex.id, text="第二版")

    assert ask(annex.reader).status_code == 404
    annex.accept()
    assert ask(annex.reader).status_code == 200


def test_the_owner_is_shown_who_read_and_how_often(ask, annex) -> None:
    """The pages once, and each download of the annex; the enterprise's own are nobody's reading."""
    annex.accept()
    for somebody in (annex.reader, annex.reader, annex.colleague, annex.cast.admin):
        ask(somebody)
    jump(annex.closes_at)
    with writing() as session:
        assert close_due(session) == 1
        session.get_one(Challenge, annex.id).opened_at = annex.closes_at

    with reading() as session:
        rows = list_readers(session, annex.cast.admin, annex.id)
    assert [(row.person, row.organisation, row.reads) for row in rows] == [
        (annex.reader.name, annex.reader.organisation_name, 3)
    ]
    with reading() as session:
        query = select(Event).where(Event.action == Action.READ_CONFIDENTIAL.value).order_by(Event.seq)
        events = session.scalars(query).all()
    assert [event.fields for event in events] == [[], [f"file {annex.file_id}"], [f"file {annex.file_id}"]]
    assert {event.sealed_until_opened for event in events} == {annex.id}
