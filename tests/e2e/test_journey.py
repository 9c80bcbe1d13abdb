"""From an empty portal to a landed project, by everybody who takes part, in one browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.chapters import admission, answering, judging, posing, proving
from tests.e2e.mailbox import Mailbox
from tests.e2e.portal_process import PortalProcess
from tests.e2e.story import Story
from tests.e2e.words import spoken

CHAPTERS: tuple[Callable[[Story], None], ...] = (
    admission.platform_admins,
    admission.officials,
    admission.organisations,
    admission.members,
    posing.writing,
    posing.submitting,
    posing.refining,
    posing.publishing,
    posing.visiting,
    answering.asking,
    answering.amending,
    answering.drafting,
    answering.submitting,
    answering.rivalling,
    judging.closing,
    judging.opening,
    judging.comparing,
    judging.ranking,
    judging.agreeing,
    judging.awarding,
    judging.contracting,
    proving.planning,
    proving.running,
    proving.signing,
    proving.landing,
    proving.looking,
    proving.auditing,
)


LOOKS = [
    pytest.param(("zh_CN", 1280), id="Chinese on a desk"),
    pytest.param(("en", 1280), id="English on a desk", marks=pytest.mark.nightly),
    pytest.param(("zh_CN", 390), id="Chinese on a phone", marks=pytest.mark.nightly),
    pytest.param(("en", 390), id="English on a phone", marks=pytest.mark.nightly),
]


@pytest.fixture(params=LOOKS)
def story(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """An empty portal that sends its mail to us."""
    language, width = request.param
    mailbox = Mailbox()
    smtp = {"PORTAL_SMTP_HOST": "127.0.0.1", "PORTAL_SMTP_PORT": str(mailbox.port)}
    portal = PortalProcess(tmp_path_factory.mktemp("journey"), **smtp)
    portal.command("migrate")
    mailbox.start()
    portal.start()
    story = Story(portal, browser, mailbox, width)
    with spoken(language):
        yield story
    for somebody in story.people.values():
        somebody.close()
    portal.stop()
    mailbox.stop()


def test_from_the_problem_to_the_landing(story: Story) -> None:
    for chapter in CHAPTERS:
        chapter(story)
        story.nobody_met_a_fault()
