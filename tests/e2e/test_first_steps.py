"""What everybody meets first: the visitor's home, languages, invitation, sign-in and sign-out."""

import pytest

from tests.e2e.people import Somebody


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_visitor_is_welcome_in_both_languages(portal, browser, width, dark) -> None:
    visitor = Somebody(browser, portal.url, width=width, dark=dark)
    visitor.open()
    visitor.sees("企业出题、院所答题、产线验证")
    visitor.click("English")
    visitor.sees("Enterprises set problems, institutes answer, the line proves it, the project lands")
    overflow = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    assert visitor.faults == []
    visitor.close()


def test_the_first_platform_admin_gets_in_by_a_one_time_link(portal, browser) -> None:
    link = portal.invite("first.admin@example.org", "platform_admin", "示例管理员")
    admin = Somebody(browser, portal.url)
    admin.accept_invitation(link)
    admin.sees("我的待办")
    admin.sees("平台管理员少于两名")
    assert admin.page.evaluate("document.documentElement.lang") == "zh-CN"

    admin.page.goto(f"{portal.url}/logout")
    admin.page.locator("form button").first.click()
    admin.open("people")
    admin.does_not_see("账号与角色")
    admin.sign_in("first.admin@example.org")
    admin.open("people")
    admin.sees("账号与角色")
    assert admin.faults == []
    admin.close()

    again = Somebody(browser, portal.url)
    again.page.goto(link)
    again.sees("链接")
    assert again.page.locator("input[type=password]").count() == 0
    again.close()
