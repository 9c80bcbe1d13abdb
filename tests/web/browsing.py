"""What a browser does with the plain pages, for tests."""

import re

from tests.web.conftest import GOOD, TestClient


def token_in(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found, html
    return found.group(1)


def post(client: TestClient, path: str, *, origin: str | None = "http://localhost:8501", **fields: str):
    """Open the form and send it as a browser would."""
    html = client.get(path).text
    headers = {"origin": origin} if origin else {}
    return client.post(path, data={"csrf": token_in(html), **fields}, headers=headers)


def sign_in(client: TestClient, email: str, password: str = GOOD, **fields: str):
    return post(client, "/login", email=email, password=password, **fields)
