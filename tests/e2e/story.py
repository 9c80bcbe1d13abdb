"""The people of one long journey through one portal, each in a browser of their own."""

from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Browser

from portal import clock
from tests.e2e.mailbox import Mailbox
from tests.e2e.people import Somebody
from tests.e2e.portal_process import PortalProcess
from tests.e2e.words import locale

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pdf(name: str) -> Any:
    """A file as a browser hands it over."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def email(key: str) -> str:
    return f"{key}@example.org"


class Story:
    """Who takes part, and what is remembered from one chapter to the next."""

    def __init__(self, portal: PortalProcess, browser: Browser, mailbox: Mailbox, width: int) -> None:
        self.portal, self.browser, self.mailbox, self.width = portal, browser, mailbox, width
        self.people: dict[str, Somebody] = {}
        self.facts: dict[str, str] = {}

    def __getitem__(self, key: str) -> Somebody:
        return self.people[key]

    def meet(self, key: str) -> Somebody:
        """Somebody opens a browser in the language of the story, as wide as its screen."""
        self.people[key] = Somebody(self.browser, self.portal.url, width=self.width, language=locale())
        return self.people[key]

    def invited(self, key: str) -> Somebody:
        """Somebody reads the mail with the invitation and accepts it."""
        link = self.mailbox.link(email(key), "/invitation/")
        somebody = self.meet(key)
        somebody.accept_invitation(link)
        return somebody

    def now(self) -> datetime:
        """The portal's clock, as people in Hangzhou read it."""
        offset = float(self.portal.environment.get("PORTAL_CLOCK_OFFSET", "0"))
        return clock.local(datetime.now(clock.SHANGHAI) + timedelta(seconds=offset))

    def let_pass(self, **time: float) -> None:
        """The portal rests and goes on later: sessions have ended meanwhile, so everybody signs in again."""
        for somebody in self.people.values():
            somebody.page.goto("about:blank")
        self.portal.stop()
        offset = float(self.portal.environment.get("PORTAL_CLOCK_OFFSET", "0"))
        self.portal.environment["PORTAL_CLOCK_OFFSET"] = str(offset + timedelta(**time).total_seconds())
        self.portal.start()

    def again(self, key: str) -> Somebody:
        """Somebody signs in after the pause, in the same browser."""
        somebody = self.people[key]
        somebody.sign_in(email(key))
        return somebody

    def nobody_met_a_fault(self) -> None:
        """No script refused by the content security policy, no exception in any browser, none in the log."""
        faults = {key: somebody.faults for key, somebody in self.people.items() if somebody.faults}
        assert not faults, faults
        log = self.portal.log.read_text()
        assert "Traceback" not in log, log[-4000:]
