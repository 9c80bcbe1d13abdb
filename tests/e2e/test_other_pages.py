"""Addresses of pages that are for other roles."""

from tests.e2e.people import Somebody


def test_a_visitor_at_a_page_for_others_is_asked_to_sign_in(portal, browser) -> None:
    visitor = Somebody(browser, portal.url)
    visitor.open("people")
    visitor.sees("请先登录")
    visitor.does_not_see("Page not found")
    visitor.page.goto(f"{portal.url}/nowhere-at-all")
    visitor.sees("未找到")
    visitor.does_not_see("Page not found")
    visitor.close()
