"""Somebody in front of a browser: signs in, opens pages, clicks what is written on the screen."""

import re
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page, expect

PASSWORD = "Kaihua-Longding-2026!"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
expect.set_options(timeout=15_000)


class Somebody:
    """One person with a browser context of their own."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, language: str = "zh-CN", dark: bool = False):
        self.url = url
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale=language,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        # A missing probe of the page server below a deep link is no fault of ours.
        if kind == "error" and "404" not in text and "does not seem to exist" not in text:
            self.faults.append(text)

    def accept_invitation(self, link: str) -> None:
        """Choose a password by the one-time link and be signed in."""
        self.page.goto(link)
        for field in self.page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        self.page.locator("form button[type=submit], form button:not([type])").first.click()
        self.idle()

    def sign_in(self, email: str) -> None:
        self.page.goto(f"{self.url}/login")
        self.page.locator("input[type=email], input[name=email]").first.fill(email)
        self.page.locator("input[type=password]").first.fill(PASSWORD)
        self.page.locator("form button[type=submit], form button:not([type])").first.click()
        self.idle()

    def open(self, path: str = "/", **query: Any) -> None:
        self.page.goto(f"{self.url}/{path.lstrip('/')}" + (f"?{urlencode(query)}" if query else ""))
        self.idle()

    def idle(self) -> None:
        """Wait until the page's script has run and nothing is on its way."""
        self.page.wait_for_selector(IDLE, timeout=20_000)
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(IDLE, timeout=20_000)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(name)}$") if exact else name).first

    def click(self, name: str) -> None:
        self.button(name).click()
        self.idle()

    def confirm(self, name: str) -> None:
        """The button of that name in the dialog that asks once more."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(name)}$")).click()
        expect(dialog).to_have_count(0)
        self.idle()

    def unfold(self, name: str) -> None:
        """Open an expander unless it is open."""
        fold = self.page.locator("details", has=self.page.locator("summary", has_text=name)).first
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
            self.idle()

    def choose(self, menu: str, option: str) -> None:
        """An option of a menu button."""
        self.button(menu).click()
        self.page.get_by_role("menuitem", name=option).or_(self.page.get_by_text(option, exact=True)).last.click()
        self.idle()

    def fill(self, field: str, text: str) -> None:
        """Type into a field by its label, and leave it."""
        place = self.page.get_by_label(re.compile(rf"^{re.escape(field)}( \*)?$")).first
        place.fill(text)
        place.press("Tab")
        self.idle()

    def select(self, field: str, option: str) -> None:
        self.page.get_by_role("combobox", name=field).first.click()
        self.page.get_by_role("option", name=option).first.click()
        self.idle()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def close(self) -> None:
        self.context.close()
