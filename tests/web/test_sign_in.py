"""The plain pages: sign in and out, invitation, reset; rows 35, 43, 65, 66, 67 and 93 of the bad inputs."""

import re
from html import unescape

import pytest

from db.models import LoginSession, OutboxMail, Person, Role
from portal import clock
from portal.accounts.commands import disable_person
from portal.accounts.invitations import invite_person
from portal.accounts.sessions import actor_of_session, is_live, key_of
from portal.permissions import Actor
from portal.transactions import reading, writing
from portal.web.identity import SESSION_COOKIE
from tests.factories import add_member, add_person
from tests.web.browsing import post, sign_in, token_in
from tests.web.conftest import GOOD

BETTER = "another long password"


def cookie_line(response, name: str) -> str:
    return next(line for line in response.headers.get_list("set-cookie") if line.startswith(f"{name}="))


def mailed_path(kind: str) -> str:
    with reading() as session:
        body = session.query(OutboxMail).order_by(OutboxMail.created_at.desc()).first().body
    return re.search(rf"http://localhost:8501(/{kind}/\S+)", body).group(1)


def invite(email: str = "new@example.org") -> str:
    with writing() as session:
        invite_person(
            session,
            Actor(Role.PLATFORM_ADMIN),
            email=email,
            name="新人",
            role=Role.EXPERT,
            organisation_id=None,
        )
    return mailed_path("invitation")


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(client, make_person):
    response = sign_in(client, make_person(Role.OPERATOR), next="/challenges?id=1")

    assert (response.status_code, response.headers["location"]) == (303, "/challenges?id=1")
    line = cookie_line(response, SESSION_COOKIE)
    assert "HttpOnly" in line and "SameSite=lax" in line and "Secure" not in line
    with reading() as session:
        assert actor_of_session(session, key_of(client.cookies[SESSION_COOKIE])).role is Role.OPERATOR


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/a\nb",
        "",
        "x",
        "/\t/evil",
        "/" * 2000,
    ],
)
def test_next_leads_to_own_paths_only(client, make_person, target):
    assert sign_in(client, make_person(Role.OPERATOR), next=target).headers["location"] == "/"
    assert f'value="{target}"' not in client.get("/login", params={"next": target}).text or target == ""


def test_a_wrong_password_keeps_the_address_and_never_the_password(client, make_person):
    email = make_person(Role.OPERATOR)

    response = sign_in(client, email, "my wrong guess 123")

    assert response.status_code == 422
    assert email in response.text and "my wrong guess" not in response.text
    assert "邮箱或密码不正确" in response.text


def test_an_unknown_name_reads_the_same_as_a_wrong_password(client, make_person):
    known = sign_in(client, make_person(Role.OPERATOR, email="known@example.org"), "wrong guess 123")
    unknown = sign_in(client, "nobody@example.org", "wrong guess 123")

    def without_differences(response):
        return re.sub(r'value="[^"]*"', "", response.text)

    assert without_differences(known) == without_differences(unknown)
    assert known.status_code == unknown.status_code


@pytest.mark.parametrize("email", ["ａ＠ｂ．ｃｎ", "a\u200b@b.cn", "x", '"><script>alert(1)</script>'])
def test_an_odd_address_gets_a_sentence_and_stays_in_the_field(client, email):
    response = sign_in(client, email, "whatever it is")

    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert "<script>alert" not in response.text


def test_a_password_of_ten_thousand_characters_is_read_and_refused(client, make_person):
    assert sign_in(client, make_person(Role.OPERATOR), "密" * 10_000).status_code == 422
    assert sign_in(client, "a@example.org", "x" * 400_000).status_code == 400


@pytest.mark.parametrize("form", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é"}])
def test_without_the_token_nothing_happens(client, make_person, form):
    client.get("/login")
    response = client.post("/login", data={"email": make_person(Role.OPERATOR), "password": GOOD, **form})

    assert response.status_code == 403
    assert SESSION_COOKIE not in client.cookies


def test_a_token_fits_its_own_browser_and_session_only(client, make_person):
    email = make_person(Role.OPERATOR)
    token = token_in(client.get("/login").text)
    nonce = client.cookies["portal_csrf"]
    client.cookies.clear()
    assert client.post("/login", data={"csrf": token, "email": email, "password": GOOD}).status_code == 403

    client.cookies.set("portal_csrf", nonce)
    assert client.post("/login", data={"csrf": token, "email": email, "password": GOOD}).status_code == 303
    # The token was drawn for somebody who was not signed in.
    assert client.post("/logout", data={"csrf": token}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "https://localhost:8501"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_from_another_site_is_refused(client, make_person, headers):
    email = make_person(Role.OPERATOR)
    token = token_in(client.get("/login").text)

    response = client.post("/login", data={"csrf": token, "email": email, "password": GOOD}, headers=headers)

    assert response.status_code == 403
    assert SESSION_COOKIE not in client.cookies


def test_the_eleventh_try_is_refused_and_a_known_device_is_not(client, make_person):
    email = make_person(Role.OPERATOR)
    sign_in(client, email)
    device = client.cookies["portal_device"]
    client.cookies.clear()

    statuses = [sign_in(client, email, "wrong guess 123").status_code for _ in range(11)]
    assert statuses == [422] * 9 + [429] * 2
    assert sign_in(client, email).status_code == 429

    client.cookies.set("portal_device", device)
    assert sign_in(client, email).status_code == 303
    # Somebody else's name gains nothing from this device.
    assert sign_in(client, "other@example.org").status_code == 429


def test_a_forged_forwarding_header_does_not_reset_the_count(client, make_person):
    email = make_person(Role.OPERATOR)
    for number in range(10):
        sign_in(client, f"p{number}@example.org", "wrong guess 123")
    html = client.get("/login").text
    response = client.post(
        "/login",
        data={"csrf": token_in(html), "email": email, "password": GOOD},
        headers={"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9"},
    )
    assert response.status_code == 429


def test_signing_in_again_ends_the_former_session(client, make_person):
    email = make_person(Role.OPERATOR)
    sign_in(client, email)
    first = key_of(client.cookies[SESSION_COOKIE])
    sign_in(client, email)

    with reading() as session:
        assert not is_live(session, first)
        assert is_live(session, key_of(client.cookies[SESSION_COOKIE]))


def test_signing_out_asks_once_and_ends_the_session(client, make_person):
    sign_in(client, make_person(Role.OPERATOR))
    key = key_of(client.cookies[SESSION_COOKIE])

    assert "csrf" in client.get("/logout").text
    with reading() as session:
        assert is_live(session, key)  # looking at the page ends nothing
    response = post(client, "/logout")

    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert SESSION_COOKIE not in client.cookies
    with reading() as session:
        assert not is_live(session, key)


def test_an_invitation_is_accepted_once(client):
    path = invite()

    page = client.get(path)
    assert "new@example.org" in page.text and "新人" in page.text
    different = post(client, path, name="王 芳", password=GOOD, again=GOOD + "x")
    assert (different.status_code, "王 芳" in different.text, GOOD in different.text) == (422, True, False)
    assert post(client, path, name="王 芳", password="short", again="short").status_code == 422
    accepted = post(client, path, name="王 芳", password=GOOD, again=GOOD)
    assert accepted.status_code == 303
    with reading() as session:
        found = actor_of_session(session, key_of(client.cookies[SESSION_COOKIE]))
        assert (found.name, found.role) == ("王 芳", Role.EXPERT)
    assert client.get(path).status_code == 404
    assert client.get("/invitation/guessed").status_code == 404


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_whoever_accepts_an_invitation_keeps_the_language_of_the_form(client, language):
    path = invite()
    client.get(f"{path}?lang={language}")
    post(client, path, name="王 芳", password=GOOD, again=GOOD)
    with reading() as session:
        assert actor_of_session(session, key_of(client.cookies[SESSION_COOKIE])).language == language


def test_an_invitation_is_no_reset_link(client):
    assert client.get(invite().replace("/invitation/", "/reset/")).status_code == 404


def test_a_reset_by_mail(client, make_person):
    email = make_person(Role.OPERATOR)
    sign_in(client, email)
    key = key_of(client.cookies[SESSION_COOKIE])

    post(client, "/forgot", email=email)
    path = mailed_path("reset")
    assert post(client, path, password=BETTER, again=BETTER).headers["location"] == "/login?done=password"

    with reading() as session:
        assert not is_live(session, key)
    assert client.get(path).status_code == 404
    assert sign_in(client, email, GOOD).status_code == 422
    assert sign_in(client, email, BETTER).status_code == 303


def test_asking_for_a_reset_reads_the_same_for_an_unknown_address(client, make_person):
    known = post(client, "/forgot", email=make_person(Role.OPERATOR, email="k@example.org"))
    unknown = post(client, "/forgot", email="n@example.org")

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("k@example.org", "") == unknown.text.replace("n@example.org", "")
    with reading() as session:
        assert session.query(OutboxMail).count() == 1


def test_five_resets_a_day(client, make_person):
    email = make_person(Role.OPERATOR)
    assert [post(client, "/forgot", email=email).status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_forged_host_does_not_reach_the_mail(client, make_person):
    email = make_person(Role.OPERATOR)
    token = token_in(client.get("/forgot").text)

    refused = client.post("/forgot", data={"csrf": token, "email": email}, headers={"host": "evil.example"})
    assert refused.status_code == 400
    client.post("/forgot", data={"csrf": token, "email": email}, headers={"x-forwarded-host": "evil.example"})
    assert mailed_path("reset").startswith("/reset/")


def test_both_languages(client):
    assert '<html lang="zh-CN">' in client.get("/login").text
    english = client.get("/login?lang=en")
    assert '<html lang="en">' in english.text and "Forgotten the password?" in english.text
    assert '<html lang="en">' in client.get("/login").text  # remembered
    assert '<html lang="zh-CN">' in client.get("/login?lang=zh_CN").text
    client.cookies.clear()
    assert '<html lang="en">' in client.get("/login", headers={"accept-language": "en-GB,zh;q=0.5"}).text
    assert '<html lang="zh-CN">' in client.get("/login?lang=<x>").text


def test_demo_buttons_are_for_this_machine_with_demonstration_data_only(client, environment, sqlite_url):
    from portal.settings import settings

    with writing() as session:
        demo = add_member(session, Role.LEADER, person=add_person(session, is_demo=True, name="演示领导"))
        real = add_member(session, Role.OPERATOR)
    token = token_in(client.get("/login").text)
    fields = {"csrf": token, "membership": str(demo.membership_id)}
    assert client.post("/login/demo", data=fields).status_code == 404

    environment.setenv("PORTAL_DEMO", "1")
    settings.cache_clear()
    assert "演示领导" in client.get("/login").text
    assert client.post("/login/demo", data=fields, headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    assert client.post("/login/demo", data={"membership": str(demo.membership_id)}).status_code == 403
    assert client.post("/login/demo", data=fields | {"membership": str(real.membership_id)}).status_code == 404
    assert client.post("/login/demo", data=fields | {"membership": "x"}).status_code == 404
    assert client.post("/login/demo", data=fields).status_code == 303
    with reading() as session:
        assert session.query(LoginSession).count() == 1
        assert actor_of_session(session, key_of(client.cookies[SESSION_COOKIE])).role is Role.LEADER


@pytest.mark.parametrize(
    ("referrer", "target"),
    [
        ("http://localhost:8501/challenge?id=7", "/challenge?id=7"),
        ("http://localhost:8501/", "/"),
        ("http://localhost:8501/logout", "/"),
        ("http://localhost:8501/reset/token", "/"),
        ("https://evil.example/challenge", "/"),
        ("http://127.0.0.1:8501/challenge", "/"),
        ("nonsense", "/"),
    ],
)
def test_after_signing_in_one_is_back_on_the_page_one_came_from(client, referrer, target):
    html = client.get("/login?done=ended", headers={"referer": referrer}).text
    assert f'name="next" value="{target}"' in html
    assert "您的登录已结束" in html


def test_switching_the_language_while_signing_in_keeps_the_way_back(client):
    html = client.get("/login?done=ended", headers={"referer": "http://localhost:8501/challenge?id=7&section=ip"}).text
    other = unescape(re.search(r'class="language" href="([^"]+)"', html).group(1))

    english = client.get(other, headers={"referer": "http://localhost:8501/login?done=ended"}).text

    assert '<html lang="en">' in english
    assert 'name="next" value="/challenge?id=7&amp;section=ip"' in english
    assert "next=" not in client.get("/login?next=//evil.example").text


def test_a_reload_after_the_access_was_ended_says_so_once(client, make_person):
    email = make_person(Role.RESEARCHER)
    sign_in(client, email)
    with writing() as session:
        person = session.query(Person).filter_by(email=email).one()
        admin = add_member(session, Role.PLATFORM_ADMIN)
        disable_person(session, admin, person_id=person.id, reason="离职")

    moved = client.get("/challenge?id=7")

    assert (moved.status_code, moved.headers["location"]) == (303, "/login?done=closed&next=%2Fchallenge%3Fid%3D7")
    assert "访问权限已被终止" in client.get(moved.headers["location"]).text
    assert client.get("/challenge?id=7").status_code == 200


def test_a_session_that_somebody_ended_asks_to_sign_in_again_and_one_that_timed_out_does_not(client, make_person):
    for change, status in (({"revoked_at": clock.now()}, 303), ({"expires_at": clock.now()}, 200)):
        sign_in(client, make_person(Role.RESEARCHER))
        with writing() as session:
            session.query(LoginSession).filter_by(revoked_at=None).update(change)
        assert client.get("/challenges").status_code == status
