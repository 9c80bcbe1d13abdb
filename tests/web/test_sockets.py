"""A running portal attacked without a browser: rows 8, 45–47, 90 and 94 of the bad inputs, message filter and quota.

One server serves all of it: starting one costs seconds.
"""

import contextlib
import hashlib
import http.client
import select
import socket
import subprocess
import sys
import time
from datetime import timedelta

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from db.models import LoginSession, Membership, MembershipStatus, Role
from portal import clock
from portal.accounts.commands import disable_person
from portal.accounts.passwords import hash_password
from portal.accounts.sessions import create_session, key_of, revoke
from portal.permissions import Actor
from portal.settings import ROOT
from portal.transactions import writing
from portal.web import startup
from portal.web.sockets import DROPPED
from tests.factories import add_member, add_person
from tests.web.streamlit_client import Tab, ended, is_refused


def signed_in(role: Role = Role.OPERATOR, name: str = "测试经办甲") -> tuple[dict[str, str], Actor]:
    """Cookies of a fresh session, and whose they are."""
    with writing() as session:
        person = add_person(session, name=name, password_hash=hash_password("a long enough password"))
        actor = add_member(session, role, person=person)
        return {"portal_session": create_session(session, person.id)}, actor


def visitor(port: int) -> dict[str, str]:
    response = httpx.get(f"http://localhost:{port}/")
    return {"portal_visitor": response.cookies["portal_visitor"]}


@contextlib.contextmanager
def tab(port: int, **options):
    found = Tab(port, **options)
    try:
        yield found
    finally:
        found.close()


def raw(port: int, request: bytes) -> int:
    """The status of an answer to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        answer = connection.recv(200)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0


def test_the_running_portal(server):
    """Each check by its name, against one server."""
    failed = []
    for check in CHECKS:
        try:
            check(server.port)
        except Exception as error:
            failed.append(f"{check.__name__}: {type(error).__name__}: {error}")
    assert not failed, "\n".join([*failed, server.log.read_text()[-3000:]])
    assert "a long enough password" not in server.log.read_text()


def origin_and_host(port: int) -> None:
    cookies, _actor = signed_in()
    assert is_refused(port, cookies=cookies, Origin="")
    for origin in (
        "http://evil.example",
        f"http://localhost:{port + 1}",
        "http://localhost",
        f"https://localhost:{port}",
        f"http://127.0.0.1:{port}",  # ours, but not where the request went
        f"http://localhost:{port}.evil.example",
        "null",
    ):
        assert is_refused(port, cookies=cookies, Origin=origin), origin
    assert is_refused(port, cookies=cookies, host="evil.example", Origin="http://evil.example")
    assert not is_refused(port, cookies=cookies)


def nobody_without_any_cookie(port: int) -> None:
    assert is_refused(port)
    assert is_refused(port, cookies={"portal_session": "guessed"})
    assert is_refused(port, cookies={"portal_visitor": "made.up"})


def a_forged_header_gives_nothing(port: int) -> None:
    cookies, _actor = signed_in(name="被冒充的人")
    key = key_of(cookies["portal_session"])
    assert is_refused(port, X_Portal_Session=key)
    for header in ("X_Portal_Session", "x_portal_session"):
        with tab(port, cookies=visitor(port), **{header: key}) as stranger:
            assert "被冒充的人" not in stranger.rerun()


def a_page_knows_who_runs_it(port: int) -> None:
    cookies, _actor = signed_in(name="测试经办甲")
    with tab(port, cookies=cookies) as own, tab(port, cookies=visitor(port)) as other:
        assert "测试经办甲" in own.rerun()
        assert "测试经办甲" not in other.rerun()


def a_stolen_streamlit_session_id_gives_a_fresh_session(port: int) -> None:
    alice, _actor = signed_in(name="爱丽丝")
    bob, _actor = signed_in(name="鲍勃")
    with tab(port, cookies=alice) as own:
        assert "爱丽丝" in own.rerun()
        stolen = own.session_id
    time.sleep(0.3)  # her tab is closed: her session could be resumed now
    for cookies in (bob, visitor(port)):
        with tab(port, cookies=cookies, session_id=stolen) as thief:
            assert "爱丽丝" not in thief.rerun()
            assert thief.session_id != stolen
    with tab(port, cookies=alice, session_id=stolen) as own:
        own.rerun()
        assert own.session_id == stolen


def signing_out_in_one_tab_stops_the_other_within_a_second(port: int) -> None:
    cookies, _actor = signed_in()
    with tab(port, cookies=cookies) as second:
        second.rerun()
        with writing() as session:
            revoke(session, key_of(cookies["portal_session"]))
        time.sleep(1)
        message = BackMsg()
        message.rerun_script.page_script_hash = second.hash
        second.send(message)
        assert ended(second) == ("/login?done=ended", 4401)
    assert is_refused(port, cookies=cookies)
    assert not is_refused(port, cookies=cookies | visitor(port))


def a_page_that_refreshes_itself_is_no_activity(port: int) -> None:
    cookies, _actor = signed_in()
    key = key_of(cookies["portal_session"])
    earlier = clock.now() - timedelta(minutes=10)
    with tab(port, cookies=cookies) as own:
        own.rerun()
        for automatic in (True, False):
            with writing() as session:
                session.query(LoginSession).filter_by(token_hash=key).one().seen_at = earlier
            time.sleep(1)
            message = BackMsg()
            message.rerun_script.page_script_hash = own.hash
            message.rerun_script.is_auto_rerun = automatic
            own.send(message)
            own.until_finished()
            with writing() as session:
                seen = session.query(LoginSession).filter_by(token_hash=key).one().seen_at
            assert (seen == earlier) == automatic


def disabling_a_person_or_a_role_acts_at_once(port: int) -> None:
    cookies, actor = signed_in(name="即将停用")
    with tab(port, cookies=cookies) as own:
        own.rerun()
        with writing() as session:
            admin = add_member(session, Role.PLATFORM_ADMIN)
            session.get(Membership, actor.membership_id).status = MembershipStatus.DISABLED
        own.rerun()  # still the person, no role any more
        with writing() as session:
            disable_person(session, admin, person_id=actor.person_id, reason="离职")
        time.sleep(1)
        message = BackMsg()
        message.rerun_script.page_script_hash = own.hash
        own.send(message)
        assert ended(own) == ("/login?done=ended", 4401)


def nobody_clears_the_caches(port: int) -> None:
    cookies, _actor = signed_in()
    with tab(port, cookies=cookies) as own:
        own.rerun()
        for field in sorted(DROPPED):
            message = BackMsg()
            setattr(message, field, True)
            own.send(message)
        assert own.rerun()  # swallowed, the tab goes on


def nonsense_ends_its_own_tab(port: int) -> None:
    cookies, _actor = signed_in()
    for frame in (b"\xff\xff nonsense", "text frame"):
        with tab(port, cookies=cookies) as own:
            own.rerun()
            own.socket.send(frame)
            assert ended(own)[1] is not None, frame


def a_visitor_may_hold_so_many_sockets(port: int) -> None:
    cookies = visitor(port)
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(tab(port, cookies=cookies))
        assert is_refused(port, cookies=visitor(port))
        member, _actor = signed_in()
        assert not is_refused(port, cookies=member)
    time.sleep(0.5)
    assert not is_refused(port, cookies=cookies)


def upload(port: int, tab_id: str, cookies: dict[str, str], size: int, file: str = "f1") -> int:
    base = f"http://localhost:{port}"
    xsrf = httpx.get(f"{base}/_stcore/health").cookies["_streamlit_xsrf"]
    response = httpx.put(
        f"{base}/_stcore/upload_file/{tab_id}/{file}",
        files={"file": ("报价.csv", b"x" * size, "text/csv")},
        headers={
            "X-Xsrftoken": xsrf,
            "Origin": base,
            "Cookie": "; ".join(f"{name}={value}" for name, value in (cookies | {"_streamlit_xsrf": xsrf}).items()),
        },
    )
    return response.status_code


def a_message_too_large_ends_its_own_tab_alone(port: int) -> None:
    """Row 90: whoever sends more than a page can ever hold loses the tab; everybody else goes on."""
    greedy, _actor = signed_in(name="贪多的人")
    modest, _actor = signed_in(name="旁边的人")
    with tab(port, cookies=greedy) as own, tab(port, cookies=modest) as other:
        own.rerun()
        other.rerun()
        message = BackMsg()
        message.rerun_script.page_script_hash = own.hash
        state = message.rerun_script.widget_states.widgets.add(id="x")
        state.string_value = "x" * (17 * 1024**2)
        with contextlib.suppress(ConnectionClosed):
            own.send(message)
        # 1009, unless the connection is cut while the rest of the message is still on its way.
        assert ended(own)[1] in (1009, 1006)
        assert "旁边的人" in other.rerun()
    with tab(port, cookies=greedy) as again:
        assert "贪多的人" in again.rerun()


def uploads_are_bound_and_limited(port: int) -> None:
    megabyte = 1024**2
    alice, _actor = signed_in()
    bob, _actor = signed_in()
    guest = visitor(port)
    with tab(port, cookies=alice) as own, tab(port, cookies=guest) as stranger:
        own.rerun()
        stranger.rerun()
        assert upload(port, own.session_id, alice, megabyte) == 204
        assert upload(port, own.session_id, bob, 10) == 403  # a stolen tab id is no right to upload
        assert upload(port, own.session_id, guest, 10) == 403
        assert upload(port, stranger.session_id, guest, 10) == 403
        assert upload(port, stranger.session_id, alice, 10) == 403
        assert upload(port, "guessed", alice, 10) == 403
        assert upload(port, own.session_id, alice, megabyte, "f2") == 204
        assert upload(port, own.session_id, alice, megabyte, "f3") == 413  # 3 MB a session here, headers count
        assert upload(port, own.session_id, alice, 21 * megabyte, "f4") == 413
        headers = {"Cookie": f"portal_session={alice['portal_session']}", "Origin": f"http://localhost:{port}"}
        address = f"http://localhost:{port}/_stcore/upload_file/{own.session_id}/f1"
        assert httpx.put(address, content=b"x", headers=headers).status_code == 403  # without Streamlit's own token


def stream(port: int, head: str, first: bytes, most: int) -> tuple[int, int]:
    """Send a chunked body that never ends; the status of the answer and how many megabytes were taken."""
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode() + f"{len(first):x}\r\n".encode() + first + b"\r\n")
        sent = 0
        for _ in range(most):
            if select.select([connection], [], [], 0)[0]:
                break
            try:
                connection.sendall(chunk)
            except OSError:
                break
            sent += 1
        answer = connection.recv(200)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0, sent


def a_body_without_an_end_is_cut_off(port: int) -> None:
    alice, _actor = signed_in()
    common = f"Host: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nTransfer-Encoding: chunked\r\n"
    form = "POST /apply HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n" + common + "\r\n"
    part = b'--b\r\nContent-Disposition: form-data; name="proof"; filename="a.pdf"\r\n\r\n%PDF-1.4'
    status, taken = stream(port, form, part, 200)
    assert (status in (403, 422), taken < 80) == (True, True), (status, taken)
    plain = f"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n{common}\r\n"
    status, taken = stream(port, plain, b"email=", 200)
    assert (status, taken < 20) == (400, True), (status, taken)
    with tab(port, cookies=alice) as own:
        own.rerun()
        cookie = f"Cookie: portal_session={alice['portal_session']}\r\n"
        put = f"PUT /_stcore/upload_file/{own.session_id}/f9 HTTP/1.1\r\n{cookie}{common}\r\n"
        status, taken = stream(port, put, b"x", 200)
        assert (status, taken < 40) == (413, True), (status, taken)


def odd_requests_on_the_wire(port: int) -> None:
    host = f"Host: localhost:{port}\r\n"
    for path in (
        "/login/..",
        "/./login",
        "/../login",
        "//login",
        "/login\\",
        "/a/../login",
        "/login%00",
        "/%2e%2e/login",
    ):
        assert raw(port, f"GET {path} HTTP/1.1\r\n{host}\r\n".encode()) in (400, 404), path
    assert raw(port, f"GET http://evil.example/login HTTP/1.1\r\n{host}\r\n".encode()) in (400, 404)
    assert raw(port, b"GET /login HTTP/1.1\r\n\r\n") == 400
    assert raw(port, f"GET /login HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n".encode()) == 400
    assert raw(port, f"GET /login HTTP/1.1\r\n{host}X: {'x' * 70_000}\r\n\r\n".encode()) in (400, 431)
    smuggled = f"POST /login HTTP/1.1\r\n{host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert raw(port, smuggled.encode()) in (400, 403)
    assert raw(port, b"TRACE /login HTTP/1.1\r\n" + host.encode() + b"\r\n") == 405


def bundles_are_compressed_and_kept(port: int) -> None:
    base = f"http://localhost:{port}"
    html = httpx.get(base).text
    script = html.split('src="./')[1].split('"')[0]
    packed = httpx.get(f"{base}/{script}", headers={"accept-encoding": "gzip"})
    plain = httpx.get(f"{base}/{script}", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "immutable" in packed.headers["cache-control"]
    assert hashlib.sha256(packed.content).digest() == hashlib.sha256(plain.content).digest()
    assert (
        httpx.get(f"{base}/static/js/unknown.js").status_code == 404 or "html" in httpx.get(f"{base}/static/x.js").text
    )


def the_agent_and_metrics_are_closed(port: int) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"):
        assert httpx.get(f"http://localhost:{port}{path}").status_code == 404
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    connection.request("OPTIONS", "/_stcore/health")
    assert connection.getresponse().status == 405


CHECKS = (
    origin_and_host,
    nobody_without_any_cookie,
    a_forged_header_gives_nothing,
    a_page_knows_who_runs_it,
    a_stolen_streamlit_session_id_gives_a_fresh_session,
    signing_out_in_one_tab_stops_the_other_within_a_second,
    a_page_that_refreshes_itself_is_no_activity,
    disabling_a_person_or_a_role_acts_at_once,
    nobody_clears_the_caches,
    nonsense_ends_its_own_tab,
    a_visitor_may_hold_so_many_sockets,
    a_message_too_large_ends_its_own_tab_alone,
    uploads_are_bound_and_limited,
    a_body_without_an_end_is_cut_off,
    odd_requests_on_the_wire,
    bundles_are_compressed_and_kept,
    the_agent_and_metrics_are_closed,
)


def test_start_is_refused_in_a_sentence(environment):
    environment.setenv("PORTAL_ENV", "production")
    command = [sys.executable, "-c", "import streamlit_app"]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert result.returncode == 1
    assert result.stderr.startswith("The portal does not start: ") and "Traceback" not in result.stderr


def test_an_option_that_is_not_in_effect_is_named(environment, monkeypatch):
    monkeypatch.setitem(startup.REQUIRED, "server.maxUploadSize", 21)
    with pytest.raises(startup.StartRefused, match=r"server\.maxUploadSize is 20 and must be 21"):
        startup.require_options()
