"""Addresses, methods, hosts and headers: rows 39, 88, 92–95 of the bad inputs."""

import re
from uuid import uuid4

import pytest

from db.models import Role
from portal.settings import SettingsRefused, settings
from portal.web.gate import Gate, methods_of
from portal.web.hosts import is_own_host, is_own_origin
from portal.web.language import index_page
from portal.web.proxy import client_address, is_loopback
from portal.web.routes import ROUTES
from portal.web.templating import asset_version
from tests.web.browsing import sign_in

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "BREW")


def example(path: str) -> str:
    return (
        re.sub(r"{\w+:uuid}", str(uuid4()), path.replace("{token}", "guess").replace("{name}", "portal.css"))
        if "{" in path
        else path
    )


def scope(headers: dict[str, str] | None = None, client: str = "198.51.100.7", port: int = 8501) -> dict:
    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return {"type": "http", "headers": pairs, "client": (client, 1234), "server": ("127.0.0.1", port), "path": "/"}


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row.path)
@pytest.mark.parametrize("method", METHODS)
def test_every_route_answers_its_declared_methods_only(client, row, method):
    response = client.request(method, example(row.path))

    declared = method in methods_of(row)
    assert (response.status_code == 405) == (not declared), response.status_code
    if not declared:
        assert set(response.headers["allow"].split(", ")) == set(methods_of(row))
    assert response.status_code != 500


@pytest.mark.parametrize("path", ["/", "/challenges", "/static/js/x.js", "/_stcore/health", "/media/a.png"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_streamlits_addresses_are_read_only(client, path, method):
    assert client.request(method, path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
        "/_stcore/allowed-message-origins",
        "/_stcore/bidi-components/x/y",
        "/component/x/index.html",
        "/app/static/x",
        "/auth/login",
        "/index.html",
        "/challenges/_stcore/health",
        "/LOGIN",
        "/Login",
        "/Healthz",
        "/login/",
        "/logout/x",
        "/files/",
        "/files/1",
        "/files/-1",
        f"/files/{2**63}",
        "/files/not-an-id",
        "/invitation/",
        "/reset/a/b",
        "/portal.db",
        "/.env",
        "/streamlit_app.py",
        "/中文",
        "/-x",
    ],
)
def test_what_is_not_declared_does_not_exist(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("own", ["/login", "/logout", "/forgot", "/healthz", "/invitation/x", "/files/x", "/assets/x"])
@pytest.mark.parametrize(
    "twist", ["/..%2f{0}", "{0}%00", "/{0}", "{0}.", "{0}%2e%2e", "{0}%5c", "{0}%0a", "{0}//", "{0}%20x"]
)
def test_odd_paths_are_refused(client, own, twist):
    status = client.request("GET", "http://localhost:8501" + twist.format(own)).status_code
    assert status in (400, 404), status


def test_ids_of_another_kind_are_not_found(client, make_person):
    sign_in(client, make_person(Role.OPERATOR))
    assert client.get(f"/files/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost",
        "localhost:9999",
        "localhost:8501.evil.example",
        "127.0.0.1:80",
        "",
        "a@localhost:8501",
    ],
)
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/login", headers={"host": host}).status_code == 400
    assert client.get("/", headers={"host": host}).status_code == 400
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "LOCALHOST:8501", "[::1]:8501"])
def test_this_machine_is_known_while_developing(client, host):
    assert client.get("/login", headers={"host": host}).status_code == 200


def test_in_production_only_the_public_address_is_known(environment, tmp_path):
    environment.setenv("PORTAL_ENV", "production")
    environment.setenv("PORTAL_PUBLIC_URL", "https://portal.example.gov.cn")
    settings.cache_clear()

    assert is_own_host(scope(), "portal.example.gov.cn")
    assert is_own_origin(scope(), "https://portal.example.gov.cn", "portal.example.gov.cn")
    for host in ("localhost:8501", "127.0.0.1:8501", "portal.example.gov.cn:8501", "portal.example.gov.cn.evil.cn"):
        assert not is_own_host(scope(), host)
    for origin in ("http://portal.example.gov.cn", "https://portal.example.gov.cn:8443", "null", ""):
        assert not is_own_origin(scope(), origin, "portal.example.gov.cn")


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        ("0", "203.0.113.9", "198.51.100.7"),
        ("1", "203.0.113.9", "203.0.113.9"),
        ("1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("2", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("2", "203.0.113.9", "198.51.100.7"),
        ("1", "nonsense", "198.51.100.7"),
        ("1", "", "198.51.100.7"),
    ],
)
def test_the_last_trusted_hop_names_the_client(environment, hops, forwarded, found):
    environment.setenv("PORTAL_TRUSTED_PROXIES", hops)
    settings.cache_clear()
    assert client_address(scope({"x-forwarded-for": forwarded})) == found


def test_loopback_is_the_peer_itself_with_nothing_in_between():
    assert is_loopback(scope(client="127.0.0.1")) and is_loopback(scope(client="::ffff:127.0.0.1"))
    assert not is_loopback(scope(client="198.51.100.7"))
    assert not is_loopback(scope({"x-forwarded-for": "127.0.0.1"}, client="127.0.0.1"))
    assert not is_loopback(scope(client="testclient"))


def test_security_headers_stand_on_every_answer(client):
    for path in ("/", "/login", "/healthz", "/nothing/here", "/files/x", "/assets/portal.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy and "unsafe-eval" not in policy and "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
    for path in ("/", "/login", "/logout", "/challenges"):
        assert client.get(path).headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/assets/portal.css").headers["cache-control"]


def test_behind_tls_cookies_are_secure_and_browsers_are_told(client, environment):
    environment.setenv("PORTAL_PUBLIC_URL", "https://portal.example.gov.cn")
    settings.cache_clear()

    response = client.get("/login", headers={"host": "portal.example.gov.cn"})

    assert response.headers["strict-transport-security"].startswith("max-age=31536000")
    lines = response.headers.get_list("set-cookie")
    assert lines and all("Secure" in line for line in lines)


@pytest.mark.parametrize(("lang", "language"), [("zh-CN", "zh_CN"), ("en", "en")])
def test_streamlits_page_is_ours(client, lang, language):
    response = client.get("/challenges", params={"lang": language})

    assert f'<html lang="{lang}">' in response.text
    assert "<script>" not in response.text and "service-desc" not in response.text
    assert "<title>Streamlit" not in response.text
    assert response.content == index_page(language, asset_version())
    script = f"/assets/typing.js?v={asset_version()}"
    assert f'<script defer src="{script}"></script>' in response.text
    assert client.get(script).headers["content-type"].startswith("text/javascript")
    assert f'<html lang="{lang}">' in client.get("/").text


def test_a_visitor_gets_a_cookie_once(client):
    assert "portal_visitor" in client.get("/").headers["set-cookie"]
    assert "set-cookie" not in client.get("/").headers
    client.cookies.set("portal_visitor", "made.up")
    assert "portal_visitor" in client.get("/").headers["set-cookie"]


def test_uploads_and_media_are_refused_without_a_session(client):
    assert client.get("/media/abc.png").status_code == 401
    client.get("/")
    upload = client.put("/_stcore/upload_file/tab/file", content=b"x", headers={"origin": "http://localhost:8501"})
    assert upload.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"x-filler": "x" * 40_000}, {"cookie": "; ".join(f"c{number}=1" for number in range(10_000))}],
)
def test_enormous_headers_are_refused(client, headers):
    assert client.get("/", headers=headers).status_code == 431


def test_odd_cookies_make_nobody(client):
    for cookie in ("portal_session=", "portal_session=é", "portal_session=" + "x" * 5000, "=;=;;", "portal_visitor=.."):
        assert client.get("/", headers={"cookie": cookie.encode()}).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "没有页面"), ("en", "no page at this address")])
@pytest.mark.parametrize("path", ["/nosuch", "/no/such/place", "/invite/x"])
def test_an_address_without_a_page_is_told_in_the_readers_language(guarded_pages, path, language, words):
    answer = guarded_pages.get(path, headers={"accept": "text/html,*/*", "accept-language": language})
    assert answer.status_code == 404
    assert words in answer.text
    assert guarded_pages.get(path, headers={"accept": "*/*"}).text == "Not Found."


def test_a_known_page_is_served_and_the_first_one_has_the_bare_address(guarded_pages):
    assert guarded_pages.get("/challenge?id=x", headers={"accept": "text/html"}).status_code == 200
    answer = guarded_pages.get("/home?lang=en", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/?lang=en")


def test_no_own_route_is_a_page_and_no_page_hides_a_route():
    gate = Gate(lambda *_: None)
    for row in ROUTES:
        assert gate.place_of(example(row.path)).kind == "own"
    assert gate.place_of("/challenge").kind == "page"


def test_the_address_in_mails_follows_the_port_unless_it_is_said(environment):
    environment.delenv("PORTAL_PUBLIC_URL", raising=False)
    environment.setenv("PORTAL_PORT", "8650")
    settings.cache_clear()
    assert settings().public_url == "http://localhost:8650"
    environment.setenv("PORTAL_PUBLIC_URL", "https://portal.example.org")
    settings.cache_clear()
    assert settings().public_url == "https://portal.example.org"


def test_a_wrong_setting_is_named_and_an_empty_one_is_not_set(environment):
    environment.setenv("PORTAL_DEMO", "")
    settings.cache_clear()
    assert settings().demo is False
    environment.setenv("PORTAL_PORT", "many")
    settings.cache_clear()
    with pytest.raises(SettingsRefused, match=r"PORTAL_PORT: .*integer"):
        settings()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"PORTAL_ENV": "production"}, "https://"),
        ({"PORTAL_ENV": "production", "PORTAL_PUBLIC_URL": "https://x.cn", "PORTAL_HOST": "192.0.2.1"}, "loopback"),
        ({"PORTAL_ENV": "production", "PORTAL_PUBLIC_URL": "https://x.cn", "PORTAL_DEMO": "1"}, "DEMO"),
        ({"PORTAL_ENV": "production", "PORTAL_PUBLIC_URL": "https://x.cn", "PORTAL_LOG_LEVEL": "DEBUG"}, "DEBUG"),
        ({"PORTAL_ENV": "production", "PORTAL_PUBLIC_URL": "https://x.cn", "PORTAL_CLOCK_OFFSET": "5"}, "CLOCK"),
        ({"PORTAL_DEMO": "1", "PORTAL_HOST": "192.0.2.1"}, "loopback"),
    ],
)
def test_an_unsafe_environment_is_refused(environment, values, words):
    for name, value in values.items():
        environment.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(SettingsRefused, match=words):
        settings()
