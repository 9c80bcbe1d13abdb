"""Somebody in front of a browser: signs in, opens pages, clicks what is written on the screen."""

import contextlib
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from tests.e2e.words import said

PASSWORD = "Kaihua-Longding-2026!"
EXPECTED = ("404", "422", "does not seem to exist")
COUNT_RUNS = """
window.runsBegun = 0;
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.target.getAttribute("data-test-script-state") === "running") window.runsBegun += 1;
  }
}).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-test-script-state"]});
"""
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
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.add_init_script(COUNT_RUNS)
        self._runs = -1
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        # A missing probe of the page server below a deep link, and a form that was refused, are no faults.
        if kind == "error" and not any(known in text for known in EXPECTED):
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

    def sign_in_as(self, role: str) -> None:
        """The first role button of the demonstration."""
        self.page.goto(f"{self.url}/login")
        self.page.locator("h3", has_text=role).first.locator("xpath=following-sibling::ul[1]//button").first.click()
        self.idle()

    def turn_to(self, path: str) -> None:
        """Another page of the running app, as by the browser's history: quicker than loading it anew."""
        self.page.evaluate(
            "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", f"/{path}"
        )
        self.idle()

    def open(self, path: str = "/", **query: Any) -> None:
        self.page.goto(f"{self.url}/{path.lstrip('/')}" + (f"?{urlencode(query)}" if query else ""))
        self.idle()

    def idle(self) -> None:
        """Wait until the page's script has run and nothing is on its way.

        What was done last may start a run: it is given a moment to begin.
        """
        self.page.wait_for_selector(IDLE, timeout=20_000)
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function("seen => window.runsBegun !== seen", arg=self._runs, timeout=150)
        self.page.wait_for_selector(IDLE, timeout=20_000)
        self._runs = self.page.evaluate("window.runsBegun")

    def button(self, name: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(name)}$") if exact else name).first

    def click(self, name: str) -> None:
        self.button(name).click()
        self.idle()

    def follow(self, text: str) -> None:
        """A link to a record, by its words."""
        self.page.get_by_test_id("stMain").get_by_role("link", name=text).first.click()
        self.idle()

    def confirm(self, name: str) -> None:
        """The button of that name in the dialog that asks once more."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(name)}$")).click()
        expect(dialog).to_have_count(0)
        self.idle()

    def act(self, name: str) -> None:
        """An act at the head of a record: its primary button, or an entry of the menu of the others."""
        button, menu = self.button(name), self.button(said("More actions"))
        expect(button.or_(menu).first).to_be_visible()
        if button.is_visible():
            button.click()
            self.idle()
        else:
            self.choose(said("More actions"), name)

    def record(self) -> str:
        """The id of the record in the address."""
        return parse_qs(urlsplit(self.page.url).query)["id"][0]

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

    def fill_beginning(self, field: str, text: str) -> None:
        """Type into the field whose label begins so, such as a metric with its unit."""
        place = (
            self.page.get_by_label(re.compile(rf"^{re.escape(field)}")).and_(self.page.locator("input, textarea")).first
        )
        place.fill(text)
        place.press("Tab")
        self.idle()

    def select(self, field: str, option: str, place: int = -1) -> None:
        """An option of a select box by its label, the last of that name unless another is meant."""
        self.choose_in(
            self.page.get_by_role("combobox", name=re.compile(rf"^{re.escape(field)}( \*)?$")).nth(place), option
        )

    def choose_in(self, box: Locator, option: str) -> None:
        """Typed where it is not in view: long lists draw only a part. A list closes when the page scrolls below it."""
        found = self.page.get_by_role("option", name=option, exact=True).first

        def choose(**patience: float) -> None:
            box.click()
            if not found.is_visible():
                box.fill(option)
            found.click(**patience)

        try:
            choose(timeout=3_000)
        except TimeoutError:
            choose()
        self.idle()

    def date(self, field: str, day: date) -> None:
        """A date, typed segment by segment as on a keyboard."""
        box = self.page.get_by_test_id("stDateInput").filter(has_text=re.compile(rf"^{re.escape(field)}"))
        box.get_by_role("spinbutton").first.click()
        self.page.keyboard.type(f"{day:%Y%m%d}")
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Escape")
        self.idle()

    def pick(self, option: str) -> None:
        """One of a row of buttons, such as a level of disclosure."""
        self.page.get_by_test_id("stButtonGroup").get_by_text(option, exact=True).first.click()
        self.idle()

    def go_to(self, section: str) -> None:
        """Another section of a form, by the rail."""
        self.page.get_by_test_id("stRadio").get_by_text(re.compile(rf"(^|\s){re.escape(section)}$")).first.click()
        self.idle()

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()
        self.idle()

    def tick(self, name: str) -> None:
        self.page.get_by_test_id("stCheckbox").filter(has_text=name).locator("label").first.click()
        self.idle()

    def fill_rows(self, rows: list[list[str | None]]) -> None:
        """The rows of an editable table from the first on, cell by cell; None leaves a cell as it is."""
        grid = self.page.get_by_test_id("stDataFrame").first
        for place, row in enumerate(rows):
            # The grid is a canvas: a header and rows of 35 pixels, the one below the last adds another.
            grid.click(position={"x": 200, "y": 35 * (place + 1) + 17})
            self.idle()
            self.page.keyboard.press("Control+ArrowLeft")
            for column, text in enumerate(row, 1):
                cell = grid.get_by_test_id(f"glide-cell-{column}-{place}")
                expect(cell).to_have_attribute("aria-selected", "true")
                if text is None:
                    self.page.keyboard.press("ArrowRight")
                    continue
                self.page.keyboard.press("Enter")
                editor = self.page.locator("[id^=gdg-overlay]").locator("textarea, input").first
                editor.fill(text)
                editor.press("Tab")
                expect(editor).to_have_count(0)
                # On a narrow screen the table has scrolled on, and the cell is not drawn any more.
                if text:
                    expect(cell.filter(has_not_text=text)).to_have_count(0)
            self.idle()

    def sees(self, text: str) -> None:
        # What has a hint beside it is drawn twice, for a mouse and for a finger; one of them is hidden.
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def close(self) -> None:
        self.context.close()
