"""In which language somebody without an account is written to."""

import pytest
from sqlalchemy import select

from db.models import OrganisationKind, OutboxMail, Person, Role
from portal.errors import Invalid
from portal.i18n import translate
from portal.organisations.commands import (
    apply_for_organisation,
    invite_broker,
    invite_member,
    reject_organisation,
    verify_organisation,
)
from portal.permissions import VISITOR
from portal.transactions import reading, writing
from tests.apptest import open_as
from tests.factories import add_member, add_organisation
from tests.organisations.test_organisations import application

ENGLISH, CHINESE = "collaboration portal", "平台"


def mail_to(session, address: str) -> OutboxMail:
    return session.scalars(select(OutboxMail).where(OutboxMail.recipient == address)).one()


def speaks(mail: OutboxMail) -> tuple[bool, bool]:
    """Whether subject and body are English, and Chinese."""
    english = (ENGLISH in mail.subject, "Please choose" in mail.body or "could not be verified" in mail.body)
    chinese = (CHINESE in mail.subject, "请在" in mail.body or "未通过核验" in mail.body)
    assert english[0] == english[1]
    assert chinese[0] == chinese[1]
    return english[0], chinese[0]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", (True, False)), ("zh_CN", (False, True)), ("", (True, True)), ("xx", (True, True))],
)
def test_an_applicant_is_answered_in_the_language_of_the_application(any_session, language, expected) -> None:
    session = any_session
    operator = add_member(session, Role.OPERATOR)
    applied = apply_for_organisation(session, VISITOR, **application(), language=language)
    other = application(credit_code="91330100799655058B", contact_email="other@example.org")
    refused = apply_for_organisation(session, VISITOR, **other, language=language)

    verify_organisation(session, operator, organisation_id=applied)
    reject_organisation(session, operator, organisation_id=refused, reason="执照不清")

    assert speaks(mail_to(session, "contact@example.org")) == expected
    assert speaks(mail_to(session, "other@example.org")) == expected
    invited = session.scalars(select(Person).where(Person.email == "contact@example.org")).one()
    assert invited.language == ("en" if language == "en" else "zh_CN")


@pytest.mark.parametrize(
    ("language", "expected"), [(None, (True, True)), ("en", (True, False)), ("zh_CN", (False, True))]
)
def test_an_invitation_speaks_the_language_that_was_chosen_or_each(session, language, expected) -> None:
    admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    agency = add_organisation(session, OrganisationKind.AGENCY)
    operator = add_member(session, Role.OPERATOR)

    member = {"email": "new@example.org", "name": "新人", "role": Role.ENTERPRISE_MEMBER}
    invite_member(session, admin, **member, language=language)
    broker = {"email": "broker@example.org", "name": "经纪人", "organisation_id": agency.id}
    invite_broker(session, operator, **broker, language=language)

    for address in ("new@example.org", "broker@example.org"):
        mail = mail_to(session, address)
        assert speaks(mail) == expected
        assert mail.body.count("http") == sum(expected)


def test_whoever_has_an_account_is_told_in_the_own_language(session) -> None:
    admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    known = session.get_one(Person, add_member(session, Role.LEADER).person_id)
    known.password_hash, known.language = "x", "en"
    session.flush()

    invite_member(session, admin, email=known.email, name="", role=Role.ENTERPRISE_MEMBER, language="zh_CN")

    mail = mail_to(session, known.email)
    assert "further role" in mail.subject
    assert CHINESE not in mail.subject


def test_a_language_that_the_portal_does_not_speak_is_refused(session) -> None:
    admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    with pytest.raises(Invalid):
        invite_member(
            session, admin, email="n@example.org", name="新人", role=Role.ENTERPRISE_MEMBER, language="klingon"
        )


def test_the_form_offers_each_language_and_both(sqlite_url) -> None:
    with writing() as session:
        admin = add_member(session, Role.ENTERPRISE_ADMIN, add_organisation(session))
    at = open_as(admin, "organisations/members.py", language="zh_CN")
    at.text_input[0].set_value("form@example.org")
    at.text_input[1].set_value("示例新人")
    choice = next(one for one in at.selectbox if one.label == "邮件语言")
    assert choice.options == ["中文和英文", "中文", "English"]
    choice.select("English")

    next(one for one in at.button if one.label == translate("Send the invitation", "zh_CN")).click().run()

    with reading() as session:
        assert speaks(mail_to(session, "form@example.org")) == (True, False)
